//! `sigill issue-svt`: validates a signed document, and keeps the result in it as a Signature Validation Token (RFC 9321) in
//! a document timestamp, so that it can be relied on when certificates have expired and authorities are gone.

use std::fs;
use std::process::ExitCode;

use pades::svt::{Issuance, claims, signed, to_be_signed};
use pades::validate::{Trust, validate};
use pades::{Hashed, complete, draft_document_timestamp, timestamp_request, timestamp_token};
use sigill_core::ids::hex;
use sigill_core::ports::{SigningKey, ToBeSigned};
use sigill_local::data_folder::{DataFolder, write_whole};
use sigill_machine::SoftwareKey;

use crate::command_line::IssueSvtOptions;
use crate::configuration::embedded;
use crate::local::{Failure, Local};

/// What a timestamp holds besides the token and its certificate.
const TIMESTAMP: usize = 3 * 1_024;

/// 0 done, 1 anything else.
pub async fn run(options: IssueSvtOptions) -> ExitCode {
    match issue(&options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sigill: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn issue(options: &IssueSvtOptions) -> Result<(), Failure> {
    let pdf = fs::read(&options.input).map_err(|error| format!("{}: {error}", options.input.display()))?;
    let local = Local::open(&DataFolder::open(&options.data.data)?, embedded("localhost:8080")?).await?;
    let trust = Trust {
        anchors: vec![local.pki.ca.root.clone()],
        crls: vec![local.revocation.list().await?],
        svt_issuers: vec![local.pki.time_stamping.clone()],
        ..Trust::default()
    };
    let report = validate(&pdf, &trust, local.clock.now().as_second());
    let mut id = [0; 16];
    local.random.fill(&mut id);
    let issuance = Issuance { id: hex(&id), issuer: local.municipality.public_url.to_string() };
    let message = to_be_signed(&claims(&pdf, &report, &issuance)?, std::slice::from_ref(&local.pki.time_stamping));
    let key = SoftwareKey::from_pkcs8(&local.pki.time_stamping_key)?;
    let jwt = signed(&message, &key.sign(&ToBeSigned::new(message.as_bytes())).await?)?;
    let hashed = Hashed::of(&pdf);
    let prepared = draft_document_timestamp(pdf.as_slice(), None, jwt.len() + TIMESTAMP)?.close(&hashed);
    let imprint = prepared.document_digest().sha256().ok_or("a timestamp covers SHA-256")?;
    let nonce = u64::from_be_bytes(std::array::from_fn(|index| id.get(index).copied().unwrap_or_default())) >> 1;
    let response = local.test_tsa()?.respond_with_svt(&timestamp_request(&imprint, nonce), &jwt);
    let token = timestamp_token(&response, &imprint, nonce)?;
    let update = complete(&hashed, &prepared, &token.der)?;
    Ok(write_whole(&options.output, &[pdf, update].concat())?)
}
