//! The all-in-one is killed between the stored evidence and the finished document, at each of its two longest steps.
//! On restart the signature completes by itself; the signer does nothing more.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sigill_tests::browser::{AtEid, Browser, request};
use sigill_tests::gate::Gate;
use sigill_tests::judges::assert_signed;
use sigill_tests::pdf::one_page;
use sigill_tests::server::{Server, folder};

const ASA: (&str, &str) = ("Åsa Öberg", "189001019802");
/// The sweep takes up what was left behind after 20 seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// The local configuration for `address`, with the provider's keys and the timestamp authority behind the gate.
fn configuration(at: &Path, address: &str, gate: &Gate) -> PathBuf {
    let text = include_str!("../../common/config/local.toml")
        .replace("http://localhost:8080/test-eid/jwks", &format!("{}/test-eid/jwks", gate.base))
        .replace("http://localhost:8080/test-tsa", &format!("{}/test-tsa", gate.base))
        .replace("localhost:8080", &address.replace("127.0.0.1", "localhost"));
    let path = at.join("local.toml");
    std::fs::write(&path, text).unwrap();
    path
}

fn completes_by_itself_after_a_kill_at(path: &'static str, number: usize) {
    let at = folder();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let gate = Gate::open(&format!("http://{address}"), (path, number));
    let config = configuration(&at, &address, &gate);
    let server = Server::start_with(&at, &config, &address);
    let created = server.create(&server.body(&one_page("", ""), &[ASA]));
    let link = created["signers"][0]["signingUrl"].as_str().unwrap().to_owned();
    let mut browser = Browser::default();
    let callback = browser.to_callback(&link, AtEid::Approve);
    let waiting = std::thread::spawn(move || std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| browser.get(&callback))).is_err());
    gate.wait_until_held();
    assert_eq!(server.status(&created["id"])["signers"][0]["status"], "signing");
    server.kill();
    assert!(waiting.join().unwrap(), "the signer never got an answer");

    gate.let_through();
    let server = Server::start_with(&at, &config, &address);
    let started = Instant::now();
    while server.status(&created["id"])["status"] != "completed" {
        assert!(started.elapsed() < PATIENCE, "{:#}", server.status(&created["id"]));
        std::thread::sleep(Duration::from_millis(250));
    }
    assert_eq!(Browser::default().get(&link).heading(), "Underskrivet");
    let signed = server.api("GET", &format!("/v1/sign-requests/{}/documents/1/signed", created["id"].as_str().unwrap()), None, &[]);
    std::fs::write(at.join("signed.pdf"), &signed.body).unwrap();
    std::fs::write(at.join("root.pem"), request("GET", &format!("{}/pki/root.pem", server.base), &[], None).body).unwrap();
    assert_signed(&at.join("root.pem"), &at.join("signed.pdf"), 1, 1, "LTA");
}

/// The callback fetched the provider's keys once; the signing function is about to fetch them again.
#[test]
fn a_kill_before_the_digest_is_signed_loses_nothing() {
    completes_by_itself_after_a_kill_at("/test-eid/jwks", 2);
}

/// The digest is signed and stored; assembly waits for the signature timestamp.
#[test]
fn a_kill_before_the_document_is_assembled_loses_nothing() {
    completes_by_itself_after_a_kill_at("/test-tsa", 1);
}
