//! A software key, and a document of 20 KB.
#![allow(dead_code, reason = "each benchmark uses a part")]

use der::asn1::BitString;
use der::{Any, Encode};
use pades::{
    Appearance, Growing, Hashed, NewField, SignatureAlgorithm, SignatureField, SignatureParameters, SignedAttributes, Source, Visibility,
    complete, draft, placeholder_capacity, signed_data,
};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use x509_cert::certificate::{Certificate, TbsCertificate, Version};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

pub struct Signer {
    pub key: EcdsaKeyPair,
    pub random: SystemRandom,
    /// DER, self-signed.
    pub certificate: Vec<u8>,
}

impl Signer {
    pub fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let certificate = certificate(&key, &random);
        Self { key, random, certificate }
    }

    /// Everything up to our own check, and how many bytes the result has.
    pub fn sign(&self, pdf: &Vec<u8>, visibility: Visibility) -> u64 {
        let base = Hashed::of(pdf);
        let mut growing = Growing::new(pdf, base.clone());
        growing.append(&self.update(pdf, &base, visibility));
        assert_eq!(growing.verify().unwrap().signatures.len(), 1);
        growing.length()
    }

    /// The signed revision.
    pub fn update(&self, pdf: &Vec<u8>, base: &Hashed, visibility: Visibility) -> Vec<u8> {
        let algorithm = SignatureAlgorithm::EcdsaP256Sha256;
        let lines = ["Åsa Öberg", "Elektroniskt underskriven", "2026-11-24 21:02"].map(str::to_owned);
        let parameters = SignatureParameters {
            field: SignatureField::New(NewField { name: "Signature".to_owned(), label: "Underskrift".to_owned() }),
            visibility,
            appearance: Some(Appearance { lines: lines.into(), logo: None }),
            signing_time: 1_795_000_000,
            reason: None,
            location: None,
            contact: None,
            signer_name: None,
            contents_capacity: placeholder_capacity(std::slice::from_ref(&self.certificate), algorithm, None).unwrap(),
        };
        let prepared = draft(pdf, &parameters).unwrap().close(base);
        let attributes = SignedAttributes::new(&prepared.document_digest(), &self.certificate, algorithm).unwrap();
        let signature = self.key.sign(&self.random, attributes.to_be_signed()).unwrap();
        let cms = signed_data(&attributes, signature.as_ref(), std::slice::from_ref(&self.certificate), None).unwrap();
        complete(base, &prepared, &cms).unwrap()
    }
}

fn certificate(key: &EcdsaKeyPair, random: &SystemRandom) -> Vec<u8> {
    use const_oid::db::rfc5912::{ECDSA_WITH_SHA_256, ID_EC_PUBLIC_KEY, SECP_256_R_1};
    let ecdsa = AlgorithmIdentifierOwned { oid: ECDSA_WITH_SHA_256, parameters: None };
    let name: x509_cert::name::Name = "CN=Bench".parse().unwrap();
    let public = AlgorithmIdentifierOwned { oid: ID_EC_PUBLIC_KEY, parameters: Some(Any::encode_from(&SECP_256_R_1).unwrap()) };
    let tbs_certificate = TbsCertificate {
        version: Version::V3,
        serial_number: SerialNumber::new(&[1]).unwrap(),
        signature: ecdsa.clone(),
        issuer: name.clone(),
        validity: x509_cert::time::Validity::from_now(std::time::Duration::from_secs(3_600)).unwrap(),
        subject: name,
        subject_public_key_info: SubjectPublicKeyInfoOwned {
            algorithm: public,
            subject_public_key: BitString::from_bytes(key.public_key().as_ref()).unwrap(),
        },
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: None,
    };
    let signature = key.sign(random, &tbs_certificate.to_der().unwrap()).unwrap();
    let signature = BitString::from_bytes(signature.as_ref()).unwrap();
    Certificate { tbs_certificate, signature_algorithm: ecdsa, signature }.to_der().unwrap()
}

/// One page and 19 KB of something else.
pub fn document() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>".to_owned(),
        format!("<</Length 19000>>\nstream\n{}\nendstream", "x".repeat(19_000)),
    ];
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("xref\n0 5\n0000000000 65535 f \n");
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let start = pdf.len();
    pdf.extend_from_slice(format!("{table}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes());
    pdf
}
