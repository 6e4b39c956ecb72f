//! Validation as a service: for e-services, and on a page for anyone.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::Path;

use serde_json::Value;
use sigill_tests::browser::{Answer, request_bytes};
use sigill_tests::pdf::one_page;
use sigill_tests::server::Server;
use sigill_tests::signing::{sigill, sign};

const NUMBER: &str = "189001019802";
const BOUNDARY: &str = "----form";

/// A server, and a document that was signed in its data folder.
fn server_and_signed() -> (Server, Vec<u8>) {
    let server = Server::start();
    std::fs::write(server.data.join("plain.pdf"), one_page("", "")).unwrap();
    sign(&server.data, &["plain.pdf", "signed.pdf", "--level", "B-LTA", "--data", server.data.to_str().unwrap()]);
    let signed = std::fs::read(server.data.join("signed.pdf")).unwrap();
    (server, signed)
}

fn validate(server: &Server, key: &str, media_type: &str, body: &[u8]) -> Answer {
    let headers = [("Authorization", format!("Bearer {key}")), ("Content-Type", media_type.to_owned())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    request_bytes("POST", &format!("{}/v1/validations", server.base), &headers, body)
}

fn upload(server: &Server, language: &str, name: &str, file: &[u8]) -> Answer {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"document\"; filename=\"{name}\"\r\nContent-Type: application/pdf\r\n\r\n"
    );
    let body = [head.as_bytes(), file, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    request_bytes("POST", &format!("{}/validate?lang={language}", server.base), &[("Content-Type", &content_type)], &body)
}

#[test]
fn an_e_service_gets_a_report_and_no_identity_number() {
    let (server, signed) = server_and_signed();
    let answer = validate(&server, &server.key(), "application/pdf", &signed);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let report: Value = answer.json();
    assert_eq!(report["conclusion"]["indication"], "TOTAL_PASSED", "{report:#}");
    assert_eq!(report["signatures"][0]["level"], "B-LTA");
    assert_eq!(report["signatures"][0]["signer"], "Åsa Öberg");
    assert_eq!(report["signatures"][0]["authnContext"]["levelOfAssurance"], "http://id.elegnamnden.se/loa/1.0/loa3");
    assert!(!answer.text().contains(NUMBER));
    assert_eq!(validate(&server, "wrong", "application/pdf", &signed).status, 401);
    assert_eq!(validate(&server, &server.key(), "text/plain", &signed).status, 415);
    let none: Value = validate(&server, &server.key(), "application/pdf", &one_page("", "")).json();
    assert_eq!(none["conclusion"]["indication"], "NO_SIGNATURE_FOUND");
}

#[test]
fn a_validation_token_is_told_in_the_report_and_on_the_page() {
    let (server, _) = server_and_signed();
    let data = server.data.to_str().unwrap();
    sigill(&server.data, &["issue-svt", "signed.pdf", "kept.pdf", "--data", data]);
    let kept = std::fs::read(server.data.join("kept.pdf")).unwrap();
    let report: Value = validate(&server, &server.key(), "application/pdf", &kept).json();
    assert_eq!((&report["conclusion"]["indication"], &report["svts"][0]["status"]["kind"]), (&"TOTAL_PASSED".into(), &"accepted".into()));
    assert_eq!(report["svts"][0]["covers"][0], report["signatures"][0]["field"]);
    for (language, words) in
        [("sv", "Intyg om kontroll</dt><dd>Sigill test-TSA intygade"), ("en", "Validation token</dt><dd>Sigill test-TSA stated")]
    {
        let page = upload(&server, language, "avtal.pdf", &kept);
        assert!(page.text().contains(words), "{}", page.text());
    }
}

#[test]
fn anyone_reads_the_verdict_in_swedish_or_english_and_no_identity_number() {
    let (server, signed) = server_and_signed();
    let form = request_bytes("GET", &format!("{}/validate", server.base), &[("Accept-Language", "sv")], b"");
    assert!(form.text().contains("multipart/form-data") && form.text().contains("Filen sparas inte"), "{}", form.text());
    let changed = sigill_tests::attacks::update::patched(&signed, 3, "/MediaBox", "/Rotate 180/MediaBox");
    for (language, file, words) in [
        ("sv", signed.as_slice(), ["har inte ändrats sedan dess", "Åsa Öberg", "PAdES B-LTA", "gul triangel"].as_slice()),
        ("en", &signed, &["has not been changed since", "Level of assurance", "yellow triangle"]),
        ("sv", &changed, &["Lita inte på dokumentet", "sidor har ändrats"]),
        ("sv", &one_page("", ""), &["är inte underskrivet"]),
        ("en", b"hello", &["can&#39;t be checked"]),
    ] {
        let page = upload(&server, language, "avtal.pdf", file);
        assert_eq!(page.status, 200);
        for words in words {
            assert!(page.text().contains(words), "{words}: {}", page.text());
        }
        assert!(page.text().contains("avtal.pdf") && !page.text().contains(NUMBER));
    }
    assert_eq!(upload(&server, "sv", "", b"").status, 400);
    assert!(!Path::new(&server.data).join("documents").read_dir().is_ok_and(|mut files| files.next().is_some()), "nothing is kept");
    assert!(!server.log().contains("avtal.pdf"));
}
