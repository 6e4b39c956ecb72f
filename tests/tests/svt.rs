//! Signature Validation Tokens: a result outlives the certificates that it rested on, for exactly the document that was
//! validated, by the word of nobody but a trusted issuer.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use pades::svt::{Claims, Issuance, NotIssued, SvtError, claims, read, signed, to_be_signed};
use pades::validate::{Indication, Report, SvtStatus, Trust, validate};
use pades::{Hashed, complete, draft_document_timestamp, timestamp_request, timestamp_token};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use sigill_local::test_tsa::TestTsa;
use sigill_machine::{SystemClock, generate};
use sigill_tests::attacks::update::patched;
use sigill_tests::judges::assert_signed;
use sigill_tests::pdf::one_page;
use sigill_tests::server::{binary, folder};
use sigill_tests::signing::{root, sigill, sign};

/// Long after every certificate.
fn later() -> i64 {
    (Timestamp::now() + SignedDuration::from_hours(24 * 365 * 40)).as_second()
}

/// A data folder with a document that was signed in it.
struct Archive {
    at: PathBuf,
    signed: Vec<u8>,
    issuer: Vec<u8>,
}

impl Archive {
    fn new(level: &str) -> Self {
        let at = folder();
        std::fs::write(at.join("plain.pdf"), one_page("", "")).unwrap();
        sign(&at, &["plain.pdf", "signed.pdf", "--level", level, "--reserve", "1"]);
        sigill(&at, &["issue-svt", "signed.pdf", "kept.pdf"]);
        let signed = std::fs::read(at.join("signed.pdf")).unwrap();
        let issuer = std::fs::read(at.join("data/certificates/time-stamping.der")).unwrap();
        Self { at, signed, issuer }
    }

    fn kept(&self) -> Vec<u8> {
        std::fs::read(self.at.join("kept.pdf")).unwrap()
    }

    fn trust(&self, svt_issuers: &[&[u8]]) -> Trust {
        let anchors = vec![std::fs::read(self.at.join("data/certificates/root.der")).unwrap()];
        Trust { anchors, svt_issuers: svt_issuers.iter().map(|issuer| issuer.to_vec()).collect(), ..Trust::default() }
    }

    /// As of later, trusting the issuer.
    fn later(&self, pdf: &[u8]) -> Report {
        validate(pdf, &self.trust(&[&self.issuer]), later())
    }

    fn key(&self) -> Vec<u8> {
        std::fs::read(self.at.join("data/keys/time-stamping.p8")).unwrap()
    }

    /// What the issuer would say of the signed document.
    fn claims(&self) -> Claims {
        let report = validate(&self.signed, &self.trust(&[]), Timestamp::now().as_second());
        let issuance = Issuance { id: "1".to_owned(), issuer: "https://validator.example.se".to_owned() };
        claims(&self.signed, &report, &issuance).unwrap()
    }

    /// `pdf` with `jwt` in a document timestamp of the issuer.
    fn with(&self, pdf: &[u8], jwt: &str) -> Vec<u8> {
        let prepared = draft_document_timestamp(pdf, None, jwt.len() + 4_000).unwrap().close(&Hashed::of(pdf));
        let tsa = TestTsa::new(self.issuer.clone(), &self.key(), Arc::new(SystemClock)).unwrap();
        let response = tsa.respond_with_svt(&timestamp_request(&prepared.document_digest().sha256().unwrap(), 7), jwt);
        let token = timestamp_token(&response, &prepared.document_digest().sha256().unwrap(), 7).unwrap();
        [pdf, &complete(&Hashed::of(pdf), &prepared, &token.der).unwrap()].concat()
    }
}

fn jwt(claims: &Claims, certificate: &[u8], pkcs8: &[u8]) -> String {
    let random = ring::rand::SystemRandom::new();
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8, &random).unwrap();
    let message = to_be_signed(claims, &[certificate.to_vec()]);
    signed(&message, key.sign(&random, message.as_bytes()).unwrap().as_ref()).unwrap()
}

#[test]
fn a_result_outlives_the_certificates_by_the_word_of_a_trusted_issuer() {
    let archive = Archive::new("B-B");
    assert_eq!(archive.later(&archive.signed).conclusion.indication, Indication::Indeterminate, "nothing tells when it was signed");
    let report = archive.later(&archive.kept());
    assert_eq!(report.conclusion.indication, Indication::TotalPassed, "{}", serde_json::to_string_pretty(&report).unwrap());
    assert_eq!(report.svts[0].status, SvtStatus::Accepted);
    assert_eq!(report.svts[0].covers, [report.signatures[0].field.clone()]);
    assert_eq!(report.signatures[0].preserved_by, report.svts[0].id);
    assert!(report.signatures[0].time_is_proven && report.signatures[0].best_signature_time <= report.svts[0].issued.unwrap());

    let now = validate(&archive.kept(), &archive.trust(&[&archive.issuer]), Timestamp::now().as_second() + 1);
    assert_eq!(now.signatures[0].preserved_by, None, "what can still be validated by itself is");
    let root = std::fs::read(archive.at.join("data/certificates/root.der")).unwrap();
    let untrusted = validate(&archive.kept(), &archive.trust(&[&root]), later());
    assert_eq!((untrusted.conclusion.indication, untrusted.svts[0].status), (Indication::Indeterminate, SvtStatus::IssuerNotTrusted));
    let validate = |file: &str| {
        let time = Timestamp::from_second(later()).unwrap().to_string();
        let output = Command::new(binary()).args(["validate", file, "--at", &time, "--language", "sv"]).current_dir(&archive.at).output();
        let output = output.unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(validate("signed.pdf").0, Some(2));
    let (code, said) = validate("kept.pdf");
    assert!(code == Some(0) && said.contains("Resultatet är hämtat ur ett intyg"), "{said}");
}

#[test]
fn foreign_judges_accept_a_document_with_a_token() {
    let archive = Archive::new("B-LTA");
    assert_signed(&root(&archive.at), &archive.at.join("kept.pdf"), 1, 2, "LTA");
    assert_eq!(archive.later(&archive.kept()).conclusion.indication, Indication::TotalPassed, "timestamps that it has seen hold, too");
}

#[test]
fn a_token_that_was_changed_says_nothing() {
    let archive = Archive::new("B-B");
    let right = jwt(&archive.claims(), &archive.issuer, &archive.key());
    assert!(read(right.as_bytes(), &[]).is_ok());
    let part = |json: &str| BASE64_URL_SAFE_NO_PAD.encode(json);
    let decoded = |part: &str| String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    let parts: Vec<&str> = right.split('.').collect();
    let (header, payload) = (decoded(parts[0]), decoded(parts[1]));
    let claim = |from: &str, to: &str| {
        assert!(payload.contains(from), "{payload}");
        format!("{}.{}.{}", parts[0], part(&payload.replacen(from, to, 1)), parts[2])
    };
    let head = |from: &str, to: &str| format!("{}.{}.{}", part(&header.replacen(from, to, 1)), parts[1], parts[2]);
    for (changed, expected) in [
        (claim("\"iat\":", "\"iat\":1"), SvtError::Signature),
        (claim("validator.example.se", "validator.example.com"), SvtError::Signature),
        (claim("\"ref\":\"0 ", "\"ref\":\"1 "), SvtError::Signature),
        (claim("xmlenc#sha256", "xmlenc#sha512"), SvtError::Algorithm),
        (claim("\"PDF\"", "\"XML\""), SvtError::Profile),
        (claim("\"1.0\"", "\"2.0\""), SvtError::Profile),
        (claim("\"jti\":", "\"admin\":true,\"jti\":"), SvtError::Malformed),
        (head("ES256", "none"), SvtError::Algorithm),
        (head("ES256", "HS256"), SvtError::Algorithm),
        (head("ES256", "ES384"), SvtError::Algorithm),
        (head("\"JWT\"", "\"JOSE\""), SvtError::Malformed),
        (head("\"x5c\":[\"", "\"crit\":[],\"x5c\":[\""), SvtError::Malformed),
        (head("\"x5c\":[\"", "\"kid\":\"AAAA\",\"x5c\":[\"A"), SvtError::Certificate),
        (format!("{}.{}.", parts[0], parts[1]), SvtError::Signature),
        (format!("{}.{}", parts[0], parts[1]), SvtError::Malformed),
        (jwt(&archive.claims(), &archive.issuer, &generate()), SvtError::Signature),
    ] {
        assert_eq!(read(changed.as_bytes(), &[]), Err(expected), "{changed}");
        let report = archive.later(&archive.with(&archive.signed, &changed));
        assert_eq!((report.conclusion.indication, report.svts[0].status), (Indication::Indeterminate, SvtStatus::Invalid(expected)));
    }
}

#[test]
fn a_token_counts_for_the_document_that_was_validated_and_no_other() {
    let archive = Archive::new("B-B");
    let of_it = |claims: &Claims| jwt(claims, &archive.issuer, &archive.key());
    let preserved = |pdf: &[u8]| archive.later(pdf).signatures[0].preserved_by.is_some();
    assert!(preserved(&archive.with(&archive.signed, &of_it(&archive.claims()))));

    sign(&archive.at, &["plain.pdf", "other.pdf"]);
    let other = std::fs::read(archive.at.join("other.pdf")).unwrap();
    let report = archive.later(&archive.with(&other, &of_it(&archive.claims())));
    assert!(report.svts[0].covers.is_empty() && report.signatures[0].preserved_by.is_none(), "it is about another document");

    let changed = patched(&archive.kept(), 3, "/MediaBox", "/Rotate 180/MediaBox");
    assert_eq!(archive.later(&changed).conclusion.indication, Indication::TotalFailed, "a change afterwards is not covered");
    let mut bytes = archive.kept();
    let at = bytes.windows(9).position(|window| window == b"/MediaBox").unwrap();
    bytes[at + 1] = b'm';
    assert_ne!(archive.later(&bytes).conclusion.indication, Indication::TotalPassed, "nor one below");

    sign(&archive.at, &["kept.pdf", "twice.pdf", "--field", "Signature2"]);
    let twice = archive.later(&std::fs::read(archive.at.join("twice.pdf")).unwrap());
    let by_token = |field: &str| twice.signatures.iter().find(|signature| signature.field == field).unwrap().preserved_by.is_some();
    assert!(by_token("Signature1") && !by_token("Signature2"), "a signature that came later is not covered");
    assert_eq!(twice.conclusion.indication, Indication::Indeterminate);

    for change in [
        (|claims: &mut Claims| claims.sig_val_claims.sig[0].sig_val[0].res = pades::svt::SvtResult::Failed) as fn(&mut Claims),
        |claims| claims.sig_val_claims.sig[0].sig_val.clear(),
        |claims| claims.sig_val_claims.sig[0].sig_ref.sb_hash.0[0] ^= 1,
        |claims| claims.sig_val_claims.sig[0].sig_ref.sig_hash.0[0] ^= 1,
        |claims| claims.sig_val_claims.sig[0].sig_data_ref[0].hash.0[0] ^= 1,
        |claims| claims.sig_val_claims.sig[0].sig_data_ref[0].reference.push('1'),
        |claims| claims.sig_val_claims.sig[0].signer_cert_ref.references[0].0[0] ^= 1,
        |claims| claims.iat = later() + 1,
    ] {
        let mut claims = archive.claims();
        change(&mut claims);
        assert!(!preserved(&archive.with(&archive.signed, &of_it(&claims))), "{claims:?}");
    }
}

#[test]
fn no_token_is_issued_for_what_did_not_pass() {
    let archive = Archive::new("B-B");
    let issuance = Issuance { id: "1".to_owned(), issuer: "https://validator.example.se".to_owned() };
    let now = Timestamp::now().as_second();
    let untrusted = validate(&archive.signed, &Trust::default(), now);
    assert_eq!(claims(&archive.signed, &untrusted, &issuance), Err(NotIssued::NotPassed));
    let passed = validate(&archive.signed, &archive.trust(&[]), now);
    assert_eq!(claims(&archive.kept(), &passed, &issuance), Err(NotIssued::OtherDocument));
    let refused = Command::new(binary()).args(["issue-svt", "plain.pdf", "out.pdf"]).current_dir(&archive.at).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(!archive.at.join("out.pdf").exists());
}
