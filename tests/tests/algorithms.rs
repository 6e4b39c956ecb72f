//! The suites of signatures: each before every judge at each level, and none for longer than it lasts.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use jiff::Timestamp;
use pades::{CmsError, DigestAlgorithm, SignatureAlgorithm};
use sigill_core::TransactionId;
use sigill_core::config::{ConfigError, parse};
use sigill_core::ports::{OneTimeKeys, ToBeSigned};
use sigill_core::sign_request::Done;
use sigill_machine::{SoftwareOneTimeKeys, SystemRandom};
use sigill_tests::independent::printed;
use sigill_tests::judges::{Signed, assert_all_signed};
use sigill_tests::pdf::one_page;
use sigill_tests::server::folder;
use sigill_tests::signing::{root, sign};
use sigill_tests::world::World;

const LOCAL: &str = include_str!("../../common/config/local.toml");

#[test]
fn every_suite_is_accepted_by_every_judge_at_each_level() {
    let at = folder();
    std::fs::write(at.join("in.pdf"), one_page("", "")).unwrap();
    let mut signed = Vec::new();
    for suite in SignatureAlgorithm::ALL {
        for level in ["B-B", "B-T", "B-LT"] {
            let out = format!("{suite}-{level}.pdf");
            sign(&at, &["in.pdf", &out, "--level", level, "--algorithm", suite.name()]);
            signed.push(Signed { pdf: at.join(out), signatures: 1, timestamps: 0, level: level[2..].to_owned() });
        }
    }
    assert_all_signed(&root(&at), &signed);
}

#[test]
fn the_cms_names_the_suite_and_all_of_its_parameters() {
    let at = folder();
    std::fs::write(at.join("in.pdf"), one_page("", "")).unwrap();
    for (suite, digest, signature) in [
        (SignatureAlgorithm::EcdsaP384Sha384, "sha384", "ecdsa-with-SHA384 (1.2.840.10045.4.3.3) parameter: <ABSENT>"),
        (SignatureAlgorithm::RsaPss3072Sha256, "sha256", "rsassaPss (1.2.840.113549.1.1.10) parameter: SEQUENCE:"),
        (SignatureAlgorithm::RsaPkcs1_3072Sha256, "sha256", "sha256WithRSAEncryption (1.2.840.113549.1.1.11) parameter: NULL"),
    ] {
        sign(&at, &["in.pdf", "out.pdf", "--algorithm", suite.name()]);
        let Some(all) = printed(&at.join("out.pdf")) else { return };
        let cms = all[0].split_whitespace().collect::<Vec<_>>().join(" ");
        let signer = &cms[cms.find("signerInfos:").unwrap()..];
        assert!(cms.contains(&format!("digestAlgorithms: algorithm: {digest} (")), "{cms}");
        assert!(signer.contains(&format!("digestAlgorithm: algorithm: {digest} (")), "{signer}");
        assert!(signer.contains(&format!("signatureAlgorithm: algorithm: {signature}")), "{signer}");
    }
}

/// The way through the service: what the pages prepare is hashed as the suite hashes, and what was signed is sound.
#[tokio::test]
async fn the_suite_of_the_configuration_is_what_people_sign_with() {
    let mut world = World::new().await;
    std::sync::Arc::make_mut(&mut world.municipality).signature.algorithm = SignatureAlgorithm::EcdsaP384Sha384;
    let id = world.receive(&one_page("", ""), &[("Åsa Öberg", "189001019802"), ("Björn Lindström", "189001029819")]).await;
    for signer in 0..2 {
        world.sign(&id, signer).await;
    }
    let request = world.request(&id).await;
    for signer in &request.signers {
        let Some(Done::Signed { evidence, .. }) = &signer.done else { panic!("not signed: {signer:?}") };
        assert!(String::from_utf8_lossy(&evidence.manifest).contains(r#""algorithm":"ecdsa-p384-sha384""#), "people agree to it");
        assert!(evidence.outcome.signatures.iter().all(|signature| signature.document.algorithm() == DigestAlgorithm::Sha384));
    }
    for document in &request.documents {
        let pdf = world.custody.documents.get(&id, &document.current).await.unwrap();
        assert_eq!(pades::verify_signatures(&pdf).unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_value_of_another_suite_or_key_is_not_taken() {
    use SignatureAlgorithm::{EcdsaP256Sha256, EcdsaP384Sha384, RsaPkcs1_3072Sha256, RsaPss3072Sha256, RsaPss4096Sha512};
    let (keys, transaction) = (SoftwareOneTimeKeys::default(), TransactionId::random(&SystemRandom::default()));
    let message = ToBeSigned::new(&b"attributes"[..]);
    for (suite, others) in [
        (EcdsaP256Sha256, [EcdsaP384Sha384, RsaPss3072Sha256]),
        (EcdsaP384Sha384, [EcdsaP256Sha256, RsaPss3072Sha256]),
        (RsaPss3072Sha256, [RsaPkcs1_3072Sha256, RsaPss4096Sha512]),
    ] {
        let key = keys.create(&transaction, suite).await.unwrap();
        let mut value = keys.sign(&key, &message).await.unwrap();
        assert!(value.len() <= suite.largest_signature() && key.public_key.len() == suite.public_key());
        suite.check(&key.public_key, message.bytes(), &value).unwrap();
        for other in others {
            assert!(other.check(&key.public_key, message.bytes(), &value).is_err(), "{suite} as {other}");
        }
        assert_eq!(suite.check(&key.public_key, b"another message", &value), Err(CmsError::Signature));
        let stranger = keys.create(&transaction, EcdsaP256Sha256).await.unwrap();
        assert!(suite.check(&stranger.public_key, message.bytes(), &value).is_err());
        *value.last_mut().unwrap() ^= 1;
        assert_eq!(suite.check(&key.public_key, message.bytes(), &value), Err(CmsError::Signature));
    }
}

fn with(algorithm: &str, more: &str, at: &str) -> Result<SignatureAlgorithm, ConfigError> {
    let text = LOCAL.replace("\"ecdsa-p256-sha256\"", &format!("\"{algorithm}\"\n{more}"));
    parse("local.toml", "local", &text, at.parse::<Timestamp>().unwrap()).map(|municipality| municipality.signature.algorithm)
}

#[test]
fn a_suite_is_refused_when_it_ends_within_a_year_of_a_certificate_of_today() {
    let pkcs1 = "rsa-pkcs1-3072-sha256";
    assert_eq!(with(pkcs1, "", "2027-12-31T23:00:00Z"), Ok(SignatureAlgorithm::RsaPkcs1_3072Sha256));
    let Err(ConfigError::SuiteEnds { line, algorithm, end, needed, .. }) = with(pkcs1, "", "2028-01-02T00:00:00Z") else {
        panic!("not refused");
    };
    assert_eq!((line, algorithm, end.to_string()), (32, SignatureAlgorithm::RsaPkcs1_3072Sha256, "2029-01-01".to_owned()));
    assert_eq!(needed, "2029-01-01T00:30:00Z".parse().unwrap());
    for open in ["ecdsa-p256-sha256", "ecdsa-p384-sha384", "rsa-pss-3072-sha256", "rsa-pss-4096-sha512"] {
        assert!(with(open, "", "2040-01-01T00:00:00Z").is_ok(), "{open} has no end");
    }
}

#[test]
fn a_municipality_corrects_the_ends_and_chooses_the_margin() {
    let pkcs1 = "rsa-pkcs1-3072-sha256";
    assert!(with(pkcs1, "suite_margin_days = 30", "2028-11-30T00:00:00Z").is_ok());
    assert!(with(pkcs1, "suite_ends = { rsa-pkcs1-3072-sha256 = \"open\" }", "2040-01-01T00:00:00Z").is_ok());
    let ends = "suite_ends = { ecdsa-p256-sha256 = \"2027-06-01\" }";
    assert!(matches!(with("ecdsa-p256-sha256", ends, "2026-12-01T00:00:00Z"), Err(ConfigError::SuiteEnds { .. })));
    for wrong in ["suite_ends = { ml-dsa-65 = \"open\" }", "suite_ends = { ecdsa-p256-sha256 = \"soon\" }"] {
        assert!(matches!(with("ecdsa-p256-sha256", wrong, "2026-12-01T00:00:00Z"), Err(ConfigError::Wrong { .. })), "{wrong}");
    }
    assert!(matches!(with("ml-dsa-65", "", "2026-12-01T00:00:00Z"), Err(ConfigError::Wrong { .. })), "experimental, and off");
}
