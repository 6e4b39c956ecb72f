//! The least that any signer of an N-byte PDF does: find `startxref`, SHA-256 over all of it, one P-256 signature,
//! and a file of N bytes and 20 KB more. `floor IN OUT`.

use std::fs::File;
use std::io::{Error, Read, Seek, SeekFrom, Write};
use std::process::ExitCode;

use ring::digest::{Context, SHA256};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};

const BUFFER: usize = 256 * 1024;
const TAIL: usize = 20 * 1024;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match &arguments[..] {
        [input, output] => sign(input, output),
        _ => Err(Error::other("floor IN OUT")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn sign(input: &str, output: &str) -> Result<(), Error> {
    let mut input = File::open(input)?;
    let mut output = File::create(output)?;
    let mut buffer = vec![0; BUFFER];
    let length = input.metadata()?.len();
    input.seek(SeekFrom::Start(length.saturating_sub(1_024)))?;
    let read = input.read(&mut buffer[..1_024])?;
    let at = buffer[..read].windows(9).rposition(|window| window == b"startxref").ok_or(Error::other("no startxref"))?;
    input.seek(SeekFrom::Start(0))?;
    let mut context = Context::new(&SHA256);
    loop {
        let read = input.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        context.update(&buffer[..read]);
        output.write_all(&buffer[..read])?;
    }
    let random = SystemRandom::new();
    let failed = |_| Error::other("no key");
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).map_err(failed)?;
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).map_err(|_| Error::other("no key"))?;
    let signature = key.sign(&random, context.finish().as_ref()).map_err(failed)?;
    let mut tail = vec![b'0'; TAIL];
    tail[..signature.as_ref().len()].copy_from_slice(signature.as_ref());
    tail[100] = at as u8;
    output.write_all(&tail)
}
