//! What the targets share: a signer, and small documents around the bytes that are tried.
#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::LazyLock;

use pades::{NewField, Prepared, SignatureAlgorithm, SignatureField, SignatureParameters, SignedAttributes, Visibility};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use sigill_core::certificate::{Serial, assemble, root, subject_public_key};
use sigill_core::config::{Municipality, parse};
use sigill_core::ports::Random;

/// The configuration that is shipped for the local mode.
pub const LOCAL: &str = include_str!("../../../common/config/local.toml");

pub static MUNICIPALITY: LazyLock<Municipality> = LazyLock::new(|| parse("local.toml", "local", LOCAL, jiff::Timestamp::now()).unwrap());

struct Zero;

impl Random for Zero {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(0);
    }
}

struct Signer {
    key: EcdsaKeyPair,
    certificate: Vec<u8>,
}

static SIGNER: LazyLock<Signer> = LazyLock::new(|| {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
    let public = subject_public_key(SignatureAlgorithm::default(), key.public_key().as_ref()).unwrap();
    let tbs =
        root(&MUNICIPALITY.signature, &public, Serial::random(&Zero), jiff::Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(24))
            .unwrap();
    let certificate = assemble(&tbs, key.sign(&random, &tbs).unwrap().as_ref()).unwrap();
    Signer { key, certificate }
});

/// A CMS over `prepared`.
pub fn cms(prepared: &Prepared) -> Vec<u8> {
    let algorithm = SignatureAlgorithm::EcdsaP256Sha256;
    let attributes = SignedAttributes::new(&prepared.document_digest(), &SIGNER.certificate, algorithm).unwrap();
    let signature = SIGNER.key.sign(&SystemRandom::new(), attributes.to_be_signed()).unwrap();
    pades::signed_data(&attributes, signature.as_ref(), std::slice::from_ref(&SIGNER.certificate), None).unwrap()
}

pub fn parameters(visibility: Visibility) -> SignatureParameters {
    SignatureParameters {
        field: SignatureField::New(NewField { name: "Signature".to_owned(), label: "Signature".to_owned() }),
        visibility,
        appearance: None,
        signing_time: 0,
        reason: None,
        location: None,
        contact: None,
        signer_name: None,
        contents_capacity: 2_048,
    }
}

/// A file whose `startxref` points right behind the header, at `section`.
pub fn with_section(section: &[u8]) -> Vec<u8> {
    [b"%PDF-1.7\n", section, b"\nstartxref\n9\n%%EOF\n"].concat()
}

/// Objects from 1 with a right table; object 1 is the catalog.
pub fn with_objects(objects: &[&[u8]]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        pdf.extend_from_slice(object);
        pdf.extend_from_slice(b"\nendobj\n");
    }
    let start = pdf.len();
    pdf.extend_from_slice(format!("{table}trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).as_bytes());
    pdf
}

/// An object stream, number 5, with a right cross-reference stream behind it: objects 1 to 4 are in it.
pub fn with_object_stream(data: &[u8]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let first = data.iter().take_while(|byte| **byte != b'<').count();
    pdf.extend_from_slice(format!("5 0 obj\n<</Type/ObjStm/N 4/First {first}/Length {}>>\nstream\n", data.len()).as_bytes());
    pdf.extend_from_slice(data);
    pdf.extend_from_slice(b"\nendstream\nendobj\n");
    let start = pdf.len();
    let mut entries = vec![0, 0, 0, 0];
    (0..4).for_each(|index| entries.extend([2, 0, 5, index]));
    entries.extend([1, 0, 9, 0]);
    pdf.extend_from_slice(format!("6 0 obj\n<</Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/Length {}>>\nstream\n", entries.len()).as_bytes());
    pdf.extend_from_slice(&entries);
    pdf.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
    pdf
}
