//! What people see, in a real Chromium. The pages themselves are judged at every step (`chromium.rs`).
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use sigill_tests::browser::request;
use sigill_tests::chromium::{Chromium, Scripts, Tab};
use sigill_tests::judges::assert_signed;
use sigill_tests::server::{Server, folder};

const ASA: &str = "Åsa Öberg";
const BJORN: &str = "Björn Lindström";

/// Fills in the demo e-service's form and sends it; gives the case's address.
fn claim(tab: &Tab, server: &Server) -> String {
    tab.open(&format!("{}/demo", server.public()));
    tab.press("Skicka till underskrift").url
}

#[test]
fn a_claim_is_signed_by_both_and_saved() {
    let Some(chromium) = Chromium::start() else { return };
    let server = Server::start();
    let tab = chromium.browser("sv-SE", Scripts::On);
    let case = claim(&tab, &server);
    for name in [ASA, BJORN] {
        tab.press(&format!("Läs och skriv under som {name}"));
        tab.press("Skriv under");
        tab.press("Godkänn och skriv under");
        tab.press("Tillbaka till Arvodesräkning");
    }
    let at = folder();
    tab.open(&case);
    tab.save("Spara", &at.join("signed.pdf"));
    std::fs::write(at.join("root.pem"), request("GET", &format!("{}/pki/root.pem", server.base), &[], None).body).unwrap();
    assert_signed(&at.join("root.pem"), &at.join("signed.pdf"), 2, 2, "LTA");
}
