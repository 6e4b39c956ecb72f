//! Documents too large for a request: announced, uploaded past the API, started, signed, fetched.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use pades::Digest;
use serde_json::{Value, json};
use sigill_tests::browser::{Answer, AtEid, Browser, request, request_bytes};
use sigill_tests::judges::assert_signed;
use sigill_tests::pdf::{one_page, padded, replaced};
use sigill_tests::server::{Server, folder};

const ASA: (&str, &str) = ("Åsa Öberg", "189001019802");
const LARGE: usize = 60_000_000;

/// A create whose only document is announced.
fn announcing(server: &Server, pdf: &[u8]) -> Value {
    let mut body = server.body(b"", &[ASA]);
    let sha256 = Digest::of(pdf).to_string();
    body["documents"] = json!([{ "fileName": "karta.pdf", "mimeType": "application/pdf", "size": pdf.len(), "sha256": sha256 }]);
    body
}

/// The address of the upload that is told, and its headers.
fn told(created: &Value) -> (String, Vec<(String, String)>) {
    let upload = &created["documents"][0]["upload"];
    assert_eq!(upload["method"], "PUT", "{created:#}");
    let headers = upload["headers"].as_object().unwrap().iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()));
    (upload["url"].as_str().unwrap().to_owned(), headers.collect())
}

fn put(url: &str, headers: &[(String, String)], bytes: &[u8]) -> Answer {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    request_bytes("PUT", url, &headers, bytes)
}

fn start(server: &Server, created: &Value) -> Answer {
    server.api("POST", &format!("/v1/sign-requests/{}/start", created["id"].as_str().unwrap()), None, &[])
}

#[test]
fn a_large_document_is_uploaded_signed_and_fetched_without_being_held() {
    let server = Server::start();
    let before = server.peak_memory();
    let pdf = padded(LARGE);
    let created = server.create(&announcing(&server, &pdf));
    assert_eq!((created["status"].as_str(), created["signers"][0]["signingUrl"].as_str()), (Some("draft"), None));
    let early = start(&server, &created);
    assert_eq!((early.status, early.json()["type"].as_str()), (409, Some("urn:sigill:problem:not-uploaded")));
    let (url, headers) = told(&created);
    assert_eq!(put(&url, &headers, &pdf).status, 200);
    let started = start(&server, &created);
    assert_eq!((started.status, started.json()["status"].as_str()), (200, Some("created")), "{}", started.text());
    let again = start(&server, &created);
    assert_eq!((again.status, again.body), (200, started.body.clone()), "starting twice is starting once");

    let link = started.json()["signers"][0]["signingUrl"].as_str().unwrap().to_owned();
    let mut browser = Browser::default();
    assert!(browser.get(&link).text().contains("1 sida"));
    let shown = browser.get(&format!("{link}/documents/1"));
    assert_eq!((shown.status, shown.header("referrer-policy")), (307, "no-referrer"));
    let shown = request("GET", shown.header("location"), &[], None);
    assert_eq!((shown.status, shown.header("content-type")), (200, "application/pdf"));
    assert!(shown.header("content-disposition").starts_with("inline;"));
    assert!(shown.body == pdf, "the signer sees what was uploaded");
    assert_eq!(browser.sign(&link, AtEid::Approve).heading(), "Underskrivet");

    let path = format!("/v1/sign-requests/{}/documents/1/signed", created["id"].as_str().unwrap());
    let elsewhere = server.api("GET", &path, None, &[]);
    assert_eq!(elsewhere.status, 307);
    let address = elsewhere.header("location").to_owned();
    let signed = request("GET", &address, &[], None).body;
    assert!(signed.starts_with(&pdf), "the original bytes are untouched");
    let forged = replaced(address.as_bytes(), "detail=attachment", "detail=inline");
    assert_eq!(request("GET", std::str::from_utf8(&forged).unwrap(), &[], None).status, 403);
    let at = folder();
    std::fs::write(at.join("signed.pdf"), &signed).unwrap();
    std::fs::write(at.join("root.pem"), &request("GET", &format!("{}/pki/root.pem", server.base), &[], None).body).unwrap();
    assert_signed(&at.join("root.pem"), &at.join("signed.pdf"), 1, 1, "LTA");
    let more = server.peak_memory() - before;
    println!("{} KiB more at the peak for a document of {} KiB", more / 1024, LARGE / 1024);
    assert!(more < 16 << 20, "the document was held: {more} bytes more than before it came");
}

#[test]
fn only_the_announced_bytes_are_taken_at_the_told_address_and_once() {
    let server = Server::start();
    let pdf = one_page("", "");
    let created = server.create(&announcing(&server, &pdf));
    let (url, headers) = told(&created);
    let mut other = pdf.clone();
    other[100] ^= 1;
    assert_eq!(put(&url, &headers, &other).status, 400, "other bytes");
    assert_eq!(put(&url, &[], &pdf[1..]).status, 400, "another size");
    let size = format!("detail={}", pdf.len());
    for (from, to) in [(size.as_str(), "detail=1"), ("expires=", "expires=1"), ("signature=", "signature=00")] {
        let forged = String::from_utf8(replaced(url.as_bytes(), from, to)).unwrap();
        assert_eq!(put(&forged, &[], &pdf).status, 403, "{to}");
    }
    let another = server.create(&announcing(&server, &pdf));
    let stolen = url.replace(created["id"].as_str().unwrap(), another["id"].as_str().unwrap());
    assert_eq!(put(&stolen, &headers, &pdf).status, 403, "for another request");
    assert_eq!(start(&server, &created).status, 409, "nothing was stored");
    assert_eq!(put(&url, &headers, &pdf).status, 200);
    assert_eq!(put(&url, &headers, &pdf).status, 412, "it is there already");
    assert_eq!(request("GET", &url, &[], None).status, 403, "an address to write is not one to read");
    let fresh = told(&server.status(&created["id"]));
    assert_eq!(put(&fresh.0, &fresh.1, &pdf).status, 412, "a new address is told as long as it is not started");
    assert_eq!(start(&server, &created).status, 200);
    assert!(server.status(&created["id"])["documents"][0]["upload"].is_null());
}

#[test]
fn what_is_uploaded_is_judged_when_it_is_started() {
    let server = Server::start();
    let encrypted = replaced(&one_page("", ""), "/Root 1 0 R", "/Root 1 0 R/Encrypt<<>>");
    let created = server.create(&announcing(&server, &encrypted));
    let (url, headers) = told(&created);
    assert_eq!(put(&url, &headers, &encrypted).status, 200);
    let refused = start(&server, &created);
    assert_eq!((refused.status, refused.json()["reason"].as_str()), (422, Some("encrypted")));
    assert_eq!(server.status(&created["id"])["status"], "draft");

    let pdf = one_page("", "");
    let mut body = announcing(&server, &pdf);
    body["visibleSignature"] = json!({ "page": 2, "x": 10, "y": 10, "width": 200, "height": 50 });
    let created = server.create(&body);
    let (url, headers) = told(&created);
    put(&url, &headers, &pdf);
    let refused = start(&server, &created);
    assert_eq!((refused.status, refused.json()["violations"][0]["field"].as_str()), (400, Some("visibleSignature.page")));
    let path = format!("/v1/sign-requests/{}", created["id"].as_str().unwrap());
    assert_eq!(server.api("DELETE", &path, None, &[]).status, 204);
    assert_eq!(start(&server, &created).status, 409, "what has ended is not started");
}

#[test]
fn what_is_too_large_is_told_with_the_limit_and_the_other_way() {
    let server = Server::start();
    let mut body = announcing(&server, b"%PDF");
    body["documents"][0]["size"] = json!(500_000_001);
    let refused = server.api("POST", "/v1/sign-requests", Some(&body), &[]);
    assert_eq!((refused.status, refused.json()["maxBytes"].as_u64()), (413, Some(500_000_000)));
    let refused = server.api("POST", "/v1/sign-requests", Some(&server.body(&padded(50_000_001), &[ASA])), &[]);
    let problem = refused.json();
    assert_eq!((refused.status, problem["maxBytes"].as_u64()), (413, Some(50_000_000)));
    assert_eq!(problem["uploadInstead"]["maxBytes"], 500_000_000);
    let (description, pointer) = problem["uploadInstead"]["describedBy"].as_str().unwrap().split_once('#').unwrap();
    assert!(request("GET", description, &[], None).json().pointer(pointer).is_some(), "{pointer}");

    for wrong in [json!({}), json!({ "size": 1 }), json!({ "content": "", "size": 1, "sha256": "00" }), json!({ "size": 1, "sha256": "0" })]
    {
        let mut body = announcing(&server, b"%PDF");
        body["documents"][0] = wrong;
        body["documents"][0]["fileName"] = json!("a.pdf");
        body["documents"][0]["mimeType"] = json!("application/pdf");
        let refused = server.api("POST", "/v1/sign-requests", Some(&body), &[]);
        assert_eq!(refused.status, 400, "{}", refused.text());
        assert!(refused.json()["violations"][0]["field"].as_str().unwrap().starts_with("documents[0]"));
    }
}
