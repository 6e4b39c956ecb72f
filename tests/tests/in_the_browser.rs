//! What people see and do, in a real Chromium. Every page is judged as it comes (`chromium.rs`).
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use serde_json::{Value, json};
use sigill_core::use_case::fingerprint;
use sigill_tests::browser::{AtEid, Browser, request};
use sigill_tests::chromium::{Chromium, Page, Scripts, Tab};
use sigill_tests::foreign_provider::free_port;
use sigill_tests::judges::assert_signed;
use sigill_tests::pdf::one_page;
use sigill_tests::server::{Server, folder};

const ASA: (&str, &str) = ("Åsa Öberg", "189001019802");
const BJORN: (&str, &str) = ("Björn Lindström", "189001029819");
const SEND: &str = "Skicka till underskrift";
const SIGN: &str = "Skriv under";
const APPROVE: &str = "Godkänn och skriv under";
const TO_SERVICE: &str = "Tillbaka till Arvodesräkning";
const TO_SIGNING: &str = "Tillbaka till underskriften";

/// A request for these signers, and the signing address of the first.
fn requested(server: &Server, signers: &[(&str, &str)]) -> (Value, String) {
    let created = server.create(&server.body(&one_page("", ""), signers));
    let link = created["signers"][0]["signingUrl"].as_str().unwrap().to_owned();
    (created, link)
}

/// From the signing page through the e-ID.
fn sign(tab: &Tab) -> Page {
    tab.press(SIGN);
    tab.press(APPROVE)
}

fn assert_signed_claim(server: &Server, tab: &Tab) {
    let at = folder();
    tab.save("Spara", &at.join("signed.pdf"));
    std::fs::write(at.join("root.pem"), request("GET", &format!("{}/pki/root.pem", server.base), &[], None).body).unwrap();
    assert_signed(&at.join("root.pem"), &at.join("signed.pdf"), 2, 2, "LTA");
}

#[test]
fn a_claim_is_mended_read_signed_by_both_and_saved() {
    let Some(chromium) = Chromium::start() else { return };
    let server = Server::start();
    let tab = chromium.browser("sv-SE", Scripts::On);
    tab.open(&server.public());
    tab.fill("Godkänns av", ASA.0);
    tab.fill("Timmar", "många");
    let mistaken = tab.press(SEND);
    assert_eq!((mistaken.status, mistaken.title()), (422, "Fel: Begär arvode – Arvodesräkning (demo)"));
    assert_eq!(tab.next_stop(), "Välj någon annan än den som begär arvode.", "the summary has the focus");
    tab.fill("Godkänns av", BJORN.0);
    tab.fill("Timmar", "3,5");
    assert!(tab.press(SEND).text().contains("Väntar på underskrift"));

    let page = tab.press("Läs och skriv under som Åsa Öberg");
    assert_eq!(page.title(), "Läs och skriv under: Arvodesräkning oktober 2026 – Timrå kommun (lokal provmiljö)");
    let shown = tab.press("Öppna arvodesrakning.pdf");
    assert_eq!((shown.header("content-type"), shown.status), ("application/pdf", 200));
    let digits = fingerprint(&pades::Digest::of(&request("GET", &shown.url, &[], None).body).to_string());
    assert!(tab.back().text().contains(&digits), "the fingerprint is of the bytes that open");
    tab.unfold("Fingeravtryck");
    let eid = tab.press(SIGN);
    assert!(eid.text().contains("TEST") && eid.text().contains(&digits), "{}", eid.text());
    assert_eq!(tab.press(APPROVE).heading(), "Du har skrivit under");
    let service = tab.press(TO_SERVICE);
    assert!(service.url.contains("?status=pending&id="), "{}", service.url);

    tab.press("Läs och skriv under som Björn Lindström");
    assert_eq!(sign(&tab).heading(), "Underskrivet");
    let service = tab.press(TO_SERVICE);
    assert!(service.url.contains("?status=completed&id=") && service.text().contains("Underskrivet av alla"));
    assert_signed_claim(&server, &tab);
}

#[test]
fn the_same_works_without_scripts() {
    let Some(chromium) = Chromium::start() else { return };
    let server = Server::start();
    let tab = chromium.browser("sv-SE", Scripts::Off);
    tab.open(&format!("{}/demo", server.public()));
    tab.press(SEND);
    for name in [ASA.0, BJORN.0] {
        tab.press(&format!("Läs och skriv under som {name}"));
        sign(&tab);
        tab.press(TO_SERVICE);
    }
    assert_signed_claim(&server, &tab);
}

#[test]
fn the_keyboard_is_enough() {
    let Some(chromium) = Chromium::start() else { return };
    let server = Server::start();
    let (created, link) = requested(&server, &[ASA]);
    let tab = chromium.browser("sv-SE", Scripts::On);
    tab.open(&link);
    assert_eq!(tab.next_stop(), "Till innehållet");
    tab.tab_to("Öppna arvode.pdf");
    tab.tab_to(SIGN);
    assert_eq!(tab.enter().heading(), "Skriv under med test-e-legitimation");
    tab.tab_to(APPROVE);
    assert_eq!(tab.enter().heading(), "Underskrivet");
    tab.tab_to(TO_SERVICE);
    tab.enter();
    assert_eq!(server.status(&created["id"])["status"], "completed");
}

#[test]
fn whatever_goes_wrong_at_the_eid_can_be_tried_again() {
    let Some(chromium) = Chromium::start() else { return };
    let server = Server::start();
    let (created, link) = requested(&server, &[ASA]);
    let tab = chromium.browser("sv-SE", Scripts::On);
    tab.open(&link);
    tab.press(SIGN);
    assert_eq!(tab.press("Avbryt").heading(), "Du avbröt");
    tab.press(TO_SIGNING);
    tab.press(SIGN);
    tab.fill("Annan person", BJORN.0);
    let wrong = tab.press("Kom tillbaka som en annan person");
    assert_eq!((wrong.heading(), wrong.status), ("Fel person", 403));
    tab.press(TO_SIGNING);
    tab.press(SIGN);
    assert_eq!(tab.back().heading(), "Arvodesräkning för januari", "back from the e-ID");

    let elsewhere = Browser::default().to_callback(&link, AtEid::Approve);
    let other = chromium.browser("sv-SE", Scripts::On);
    assert_eq!(other.open(&elsewhere).heading(), "Fortsätt i den webbläsare där du började");

    let second = tab.another();
    second.open(&link);
    tab.press(SIGN);
    second.press(SIGN);
    assert_eq!(tab.press(APPROVE).heading(), "Steget är redan använt", "the later tab counts");
    assert_eq!(second.press(APPROVE).heading(), "Underskrivet");
    assert_eq!(tab.press(TO_SIGNING).heading(), "Underskrivet");
    assert_eq!(second.back().heading(), "Steget är redan använt", "back after signing");
    assert_eq!(second.press(TO_SIGNING).heading(), "Underskrivet");
    assert_eq!(server.status(&created["id"])["status"], "completed");
}

#[test]
fn every_end_of_a_request_has_its_page() {
    let Some(chromium) = Chromium::start() else { return };
    let server = Server::start();
    let tab = chromium.browser("sv-SE", Scripts::On);
    let (created, first) = requested(&server, &[ASA, BJORN]);
    let second = created["signers"][1]["signingUrl"].as_str().unwrap();
    assert_eq!(tab.open(second).heading(), "Det är inte din tur än");
    tab.open(&first);
    tab.unfold("Jag vill inte skriva under");
    tab.fill("Varför avstår du? Frivilligt. Ditt svar visas för e-tjänsten.", "Fel belopp");
    assert_eq!(tab.press("Avstå från att skriva under").heading(), "Du har avstått");
    assert_eq!(tab.open(second).heading(), "Någon har avstått");
    let service = tab.press(TO_SERVICE);
    assert!(service.url.contains("/back?case=1&status=declined&id="), "{}", service.url);
    assert_eq!((service.heading(), service.status), ("Sidan finns inte", 404), "the service's own address is made up");

    let (created, link) = requested(&server, &[ASA]);
    server.api("DELETE", &format!("/v1/sign-requests/{}", created["id"].as_str().unwrap()), None, &[]);
    assert_eq!(tab.open(&link).heading(), "Begäran är återtagen");

    let mut body = server.body(&one_page("", ""), &[ASA]);
    body["expires"] = json!(jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3));
    let created = server.create(&body);
    tab.open(created["signers"][0]["signingUrl"].as_str().unwrap());
    std::thread::sleep(std::time::Duration::from_millis(3_200));
    assert_eq!(tab.press(SIGN).heading(), "Tiden har gått ut");
    assert_eq!(tab.open(&format!("{link}0")).heading(), "Länken går inte att öppna");
    assert_eq!(tab.open(&format!("{}/demo/cases/0123456789abcdef", server.public())).heading(), "Ärendet finns inte");
    assert_eq!(tab.open(&format!("{}/test-eid/authorize?request=made-up", server.public())).heading(), "Begäran gäller inte längre");
}

#[test]
fn of_several_eids_one_is_chosen_for_several_documents() {
    let Some(chromium) = Chromium::start() else { return };
    let (at, port) = (folder(), free_port());
    let config = format!(
        "{}\n[eid_provider.annan]\nkind = \"oidc\"\nname = \"En annan e-legitimation\"\nissuer = \"https://eid.example\"\nclient_id = \"sigill\"\n\
         authorization_endpoint = \"https://eid.example/auth\"\ntoken_endpoint = \"https://eid.example/token\"\njwks_uri = \"https://eid.example/jwks\"\n\
         levels_of_assurance = [\"http://id.elegnamnden.se/loa/1.0/loa3\"]\nalgorithms = [\"ES256\"]\n",
        include_str!("../../common/config/local.toml")
            .replace("localhost:8080", &format!("localhost:{port}"))
            .replace("[organisation]", "[organisation]\naccessibility_statement = \"https://timra.example/tillganglighet\"")
            .replace("[eid_provider.test-eid]", "[eid_provider.aaa]")
    );
    std::fs::write(at.join("local.toml"), config).unwrap();
    let server = Server::start_with(&at, &at.join("local.toml"), &format!("127.0.0.1:{port}"));
    let mut body = server.body(&one_page("", ""), &[ASA]);
    let mut second = body["documents"][0].clone();
    second["fileName"] = json!("bilaga å.pdf");
    body["documents"].as_array_mut().unwrap().push(second);
    let created = server.create(&body);
    let tab = chromium.browser("sv-SE", Scripts::On);
    let page = tab.open(created["signers"][0]["signingUrl"].as_str().unwrap());
    assert!(page.text().contains("1. Läs dokumenten") && page.text().contains("Tillgänglighetsredogörelse"), "{}", page.text());
    tab.choose("Test-e-legitimation");
    tab.tab_to(SIGN);
    let eid = tab.enter();
    assert!(eid.text().contains("Dokument 2: bilaga å.pdf"), "{}", eid.text());
    assert_eq!(tab.press(APPROVE).heading(), "Underskrivet");
    tab.save("Spara bilaga å.pdf", &at.join("saved.pdf"));
    assert_eq!(pades::inspect(&std::fs::read(at.join("saved.pdf")).unwrap()).unwrap().pages.len(), 1);
}

#[test]
fn a_chosen_language_holds_all_the_way() {
    let Some(chromium) = Chromium::start() else { return };
    let server = Server::start();
    let (_, link) = requested(&server, &[ASA]);
    let tab = chromium.browser("en-GB", Scripts::On);
    let unknown = tab.open(&format!("{link}0"));
    assert_eq!((unknown.heading(), unknown.language()), ("The link can't be opened", "en"), "the browser's language");
    let strange = tab.open(&format!("{}//elsewhere.example/", server.public())).url;
    assert_eq!(tab.press("På svenska").url, format!("{strange}?lang=sv"), "the way to the other language leads to no other host");
    let tab = chromium.browser("en-GB", Scripts::On);
    assert_eq!(tab.open(&link).language(), "sv", "the e-service asked for Swedish");
    assert_eq!(tab.press("In English").language(), "en");
    let eid = tab.press("Sign");
    assert!(eid.language() == "en" && eid.text().contains("Requested by Arvodesräkning"), "{}", eid.text());
    assert_eq!(tab.press("Cancel").heading(), "You cancelled");
    tab.press("Back to the signature");
    tab.press("Sign");
    let signed = tab.press("Approve and sign");
    assert_eq!((signed.heading(), signed.language()), ("Signed", "en"));
    assert_eq!(tab.press("På svenska").heading(), "Underskrivet");
    assert_eq!(tab.open(&link).language(), "sv");
}
