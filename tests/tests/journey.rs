//! Whole ways through the running service, as an e-service and as people.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use serde_json::{Value, json};
use sigill_tests::browser::{AtEid, Browser, request};
use sigill_tests::judges::assert_signed;
use sigill_tests::pdf::{one_page, replaced};
use sigill_tests::server::{Server, folder};

const ASA: (&str, &str) = ("Åsa Öberg", "189001019802");
const BJORN: (&str, &str) = ("Björn Lindström", "189001029819");

fn url(created: &Value, signer: usize) -> String {
    created["signers"][signer]["signingUrl"].as_str().unwrap().to_owned()
}

#[test]
fn two_signers_in_order_give_a_document_that_foreign_tools_accept() {
    let server = Server::start();
    let original = one_page("", "");
    let created = server.create(&server.body(&original, &[ASA, BJORN]));
    assert_eq!((created["signers"][0]["status"].as_str(), created["signers"][1]["status"].as_str()), (Some("ready"), Some("waiting")));
    assert_eq!(Browser::default().get(&url(&created, 1)).heading(), "Det är inte din tur än");
    assert_eq!(Browser::default().sign(&url(&created, 0), AtEid::Approve).heading(), "Du har skrivit under");
    let end = Browser::default().sign(&url(&created, 1), AtEid::Approve);
    assert_eq!(end.heading(), "Underskrivet");
    assert!(end.text().contains("/back?case=1&#38;status=completed&#38;id="), "{}", end.text());
    let status = server.status(&created["id"]);
    assert_eq!((status["status"].as_str(), status["achievedLevel"].as_str()), (Some("completed"), Some("B-LTA")));

    let id = created["id"].as_str().unwrap();
    let signed = server.api("GET", &format!("/v1/sign-requests/{id}/documents/1/signed"), None, &[]);
    assert!(signed.body.starts_with(&original), "the original bytes are untouched");
    let at = folder();
    std::fs::write(at.join("signed.pdf"), &signed.body).unwrap();
    std::fs::write(at.join("root.pem"), &request("GET", &format!("{}/pki/root.pem", server.base), &[], None).body).unwrap();
    assert_signed(&at.join("root.pem"), &at.join("signed.pdf"), 2, 2, "LTA");
}

#[test]
fn nothing_is_lost_by_cancelling_coming_back_as_another_person_or_answering_twice() {
    let server = Server::start();
    let created = server.create(&server.body(&one_page("", ""), &[ASA]));
    let link = url(&created, 0);
    let mut browser = Browser::default();
    assert_eq!(browser.sign(&link, AtEid::Cancel).heading(), "Du avbröt");
    assert_eq!(browser.sign(&link, AtEid::AsOther(BJORN.1)).heading(), "Fel person");
    let abandoned = browser.to_callback(&link, AtEid::Approve);
    let callback = browser.to_callback(&link, AtEid::Approve);
    assert_eq!(browser.get(&abandoned).heading(), "Steget är redan använt", "an earlier attempt is void");
    assert_eq!(Browser::default().get(&callback).heading(), "Fortsätt i den webbläsare där du började");
    let forged = callback.replacen("state=", "state=0", 1);
    assert_eq!(browser.get(&forged).heading(), "Steget är redan använt");
    assert_eq!(browser.get(&callback).status, 303);
    assert_eq!(browser.get(&callback).heading(), "Steget är redan använt");
    assert_eq!(server.status(&created["id"])["status"], "completed");
    assert_eq!(browser.get(&link).heading(), "Underskrivet", "the link opens again");
}

#[test]
fn declining_and_withdrawing_end_a_request() {
    let server = Server::start();
    let created = server.create(&server.body(&one_page("", ""), &[ASA, BJORN]));
    let link = url(&created, 0);
    let mut browser = Browser::default();
    let page = browser.get(&link).text();
    let token = page.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let foreign = Browser::default().post(&format!("{link}/decline"), &[("token", token), ("reason", "")]);
    assert_eq!((foreign.status, foreign.heading().as_str()), (403, "Sidan är för gammal"));
    let declined = browser.post(&format!("{link}/decline"), &[("token", token), ("reason", "Fel belopp")]);
    assert_eq!(declined.status, 303);
    assert_eq!(browser.get(&link).heading(), "Du har avstått");
    assert_eq!(Browser::default().get(&url(&created, 1)).heading(), "Någon har avstått");
    assert_eq!(server.status(&created["id"])["signers"][0]["status"], "declined");

    let other = server.create(&server.body(&one_page("", ""), &[ASA]));
    let path = format!("/v1/sign-requests/{}", other["id"].as_str().unwrap());
    assert_eq!(server.api("DELETE", &path, None, &[]).status, 204);
    assert_eq!(server.api("DELETE", &path, None, &[]).status, 204, "withdrawing twice is the same as once");
    assert_eq!(server.status(&other["id"])["status"], "withdrawn");
    assert_eq!(Browser::default().get(&url(&other, 0)).heading(), "Begäran är återtagen");
    let declined = format!("/v1/sign-requests/{}", created["id"].as_str().unwrap());
    assert_eq!(server.api("DELETE", &declined, None, &[]).status, 409);
}

#[test]
fn a_request_expires() {
    let server = Server::start();
    let mut body = server.body(&one_page("", ""), &[ASA]);
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(2);
    body["expires"] = json!(soon);
    let created = server.create(&body);
    let mut browser = Browser::default();
    let callback = browser.to_callback(&url(&created, 0), AtEid::Approve);
    std::thread::sleep(std::time::Duration::from_millis(2_600));
    assert_ne!(browser.get(&callback).status, 303);
    assert_eq!(browser.get(&url(&created, 0)).heading(), "Tiden har gått ut");
    assert_eq!(server.status(&created["id"])["status"], "expired");
}

#[test]
fn the_api_tells_every_mistake_at_once_and_keeps_other_e_services_out() {
    let server = Server::start();
    let mut body = server.body(&one_page("", ""), &[("", "189001019801")]);
    body["returnUrl"] = json!("https://evil.example/");
    body["title"] = json!("a\u{202e}b");
    let answer = server.api("POST", "/v1/sign-requests", Some(&body), &[]);
    assert_eq!((answer.status, answer.header("content-type")), (400, "application/problem+json"));
    let problem = answer.json();
    let fields: Vec<_> = problem["violations"].as_array().unwrap().iter().map(|v| v["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["title", "signers[0].name", "signers[0].personalIdentityNumber", "returnUrl"]);
    for member in ["type", "title", "status", "detail", "instance"] {
        assert!(!problem[member].is_null(), "{member}");
    }
    assert!(!answer.text().contains("189001019801"));

    let encrypted = replaced(&one_page("", ""), "/Root 1 0 R", "/Root 1 0 R/Encrypt<<>>");
    let refused = server.api("POST", "/v1/sign-requests", Some(&server.body(&encrypted, &[ASA])), &[]);
    assert_eq!((refused.status, refused.json()["reason"].as_str()), (422, Some("encrypted")));

    let body = server.body(&one_page("", ""), &[ASA]);
    let first = server.api("POST", "/v1/sign-requests", Some(&body), &[("Idempotency-Key", "k")]);
    let again = server.api("POST", "/v1/sign-requests", Some(&body), &[("Idempotency-Key", "k")]);
    assert_eq!((first.status, first.body), (again.status, again.body));
    let other = server.api("POST", "/v1/sign-requests", Some(&server.body(&one_page("", ""), &[BJORN])), &[("Idempotency-Key", "k")]);
    assert_eq!(other.status, 422);
    let nobody = request("GET", &format!("{}/v1/sign-requests", server.base), &[], None);
    assert_eq!((nobody.status, nobody.header("www-authenticate")), (401, "Bearer"));
    assert_eq!(server.api("GET", "/v1/sign-requests?limit=0", None, &[]).status, 400);
    assert_eq!(server.api("GET", "/v1/sign-requests", None, &[]).json()["_meta"]["totalRecords"], 1);
    assert_eq!(server.api("PUT", "/v1/sign-requests", None, &[]).status, 405);
}

#[test]
fn the_log_names_nobody() {
    let server = Server::start();
    let created = server.create(&server.body(&one_page("", ""), &[ASA]));
    let mut browser = Browser::default();
    browser.sign(&url(&created, 0), AtEid::AsOther(BJORN.1));
    browser.sign(&url(&created, 0), AtEid::Approve);
    let log = server.log();
    assert!(log.contains(created["id"].as_str().unwrap()));
    for secret in [ASA.0, ASA.1, BJORN.0, BJORN.1, "Arvodesräkning", "arvode.pdf", url(&created, 0).rsplit('/').next().unwrap()] {
        assert!(!log.contains(secret), "{secret} stands in the log");
    }
}

#[test]
fn the_demo_e_service_takes_a_claim_to_a_document_signed_by_both() {
    let server = Server::start();
    let demo = format!("{}/demo", server.base);
    let mut browser = Browser::default();
    assert_eq!(browser.get(&demo).heading(), "Arvodesräkning");
    let mut fields = vec![
        ("politician", ASA.1),
        ("approver", BJORN.1),
        ("period", "oktober 2026"),
        ("date_1", "2026-10-05"),
        ("body_1", "Kommunfullmäktige"),
        ("hours_1", "many"),
        ("date_2", ""),
        ("body_2", ""),
        ("hours_2", ""),
        ("lost_earnings", "1 450,50"),
        ("kilometres", "42"),
    ];
    let mistaken = browser.post(&demo, &fields);
    assert_eq!(mistaken.status, 422);
    assert!(mistaken.text().contains("href=\"#hours_1\"") && mistaken.text().contains("1 450,50"), "nothing that was filled in is lost");
    fields[5].1 = "3,5";
    let sent = browser.post(&demo, &fields);
    assert_eq!(sent.status, 303, "{}", sent.text());
    let case = format!("{}{}", server.base, sent.header("location"));
    for _ in 0..2 {
        let page = browser.get(&case).text();
        let link = page.split("href=\"").find(|rest| rest.contains("/sign/")).unwrap().split('"').next().unwrap().to_owned();
        browser.sign(&link, AtEid::Approve);
    }
    let at = folder();
    let signed = browser.get(&format!("{case}/signed.pdf"));
    assert_eq!(signed.header("content-type"), "application/pdf");
    std::fs::write(at.join("signed.pdf"), &signed.body).unwrap();
    std::fs::write(at.join("root.pem"), request("GET", &format!("{}/pki/root.pem", server.base), &[], None).body).unwrap();
    assert_signed(&at.join("root.pem"), &at.join("signed.pdf"), 2, 2, "LTA");
    let claim = pades::inspect(&signed.body).unwrap().pdfa.unwrap();
    assert_eq!((claim.part, claim.conformance), (2, Some('U')));
    if let Some(kept) = std::env::var_os("SIGILL_KEEP") {
        std::fs::copy(at.join("signed.pdf"), std::path::Path::new(&kept).join("demo-signed.pdf")).unwrap();
    }
}
