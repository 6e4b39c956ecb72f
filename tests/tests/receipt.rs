//! The receipt: conforming, the same each time, with everything it should tell and nothing it should not.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::Path;

use serde_json::Value;
use sigill_core::config::{self, Municipality};
use sigill_core::sign_request::{Done, Language, SignRequest};
use sigill_paper::{NoReceipt, receipt};
use sigill_tests::browser::{AtEid, Browser};
use sigill_tests::judges::{assert_conforming, words};
use sigill_tests::pdf::one_page;
use sigill_tests::server::{Server, folder};
use sigill_tests::world::World;
use sigill_web::text::Text;

const ASA: (&str, &str) = ("Åsa Öberg", "189001019802");
const BJORN: (&str, &str) = ("Björn Lindström", "189001029819");

fn municipality() -> Municipality {
    config::parse("local.toml", "local", include_str!("../../common/config/local.toml"), jiff::Timestamp::now()).unwrap()
}

#[test]
fn an_e_service_and_each_signer_get_the_receipt_when_all_have_signed() {
    let server = Server::start();
    let created = server.create(&server.body(&one_page("", ""), &[ASA, BJORN]));
    let path = format!("/v1/sign-requests/{}/receipt", created["id"].as_str().unwrap());
    let link = |signer: usize| created["signers"][signer]["signingUrl"].as_str().unwrap();
    let page = Browser::default().sign(link(0), AtEid::Approve);
    assert!(!page.text().contains("/receipt"));
    assert_eq!(server.api("GET", &path, None, &[]).json()["type"], "urn:sigill:problem:not-signed-yet");
    assert_eq!(Browser::default().get(&format!("{}/receipt", link(0))).status, 404);
    let page = Browser::default().sign(link(1), AtEid::Approve);
    assert!(page.text().contains("/receipt\">Kvitto (PDF)"), "{}", page.text());

    let swedish = server.api("GET", &path, None, &[]);
    assert_eq!((swedish.status, swedish.header("content-type")), (200, "application/pdf"));
    assert_eq!(server.api("GET", &path, None, &[]).body, swedish.body, "the same each time");
    assert_eq!(Browser::default().get(&format!("{}/receipt", link(0))).body, swedish.body, "the signer's is the e-service's");
    let english = server.api("GET", &format!("{path}?lang=en"), None, &[]);
    let at = folder();
    let (sv, en) = (at.join("sv.pdf"), at.join("en.pdf"));
    std::fs::write(&sv, &swedish.body).unwrap();
    std::fs::write(&en, &english.body).unwrap();
    if let Some(kept) = std::env::var_os("SIGILL_KEEP") {
        std::fs::write(Path::new(&kept).join("receipt.pdf"), &swedish.body).unwrap();
    }
    let claims = |wanted: &[u8]| swedish.body.windows(wanted.len()).any(|window| window == wanted);
    assert!(claims(b"<pdfaid:part>2<") && claims(b"<pdfaid:conformance>U<") && claims(b"<pdfuaid:part>1<"));
    assert_conforming(&[&sv, &en]);

    let Some(told) = words(&sv) else { return };
    let status: Value = server.api("GET", &format!("/v1/sign-requests/{}/evidence", created["id"].as_str().unwrap()), None, &[]).json();
    let squeezed = told.replace(' ', "");
    for document in ["original", "signed"] {
        assert!(squeezed.contains(status["documents"][0][document].as_str().unwrap()), "{document}: {told}");
    }
    for expected in ["Kvitto på underskrift", "arvode.pdf", ASA.0, BJORN.0, "PAdES B-LTA", "Tillitsnivå 3 (", "/validate", "Sida 1 ("] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    assert!(!told.contains("18900101") && !told.contains("18900102"), "no personal identity number");
    assert!(words(&en).unwrap().contains("Receipt of signature"));
}

#[tokio::test]
async fn any_names_and_any_number_of_them_give_a_conforming_receipt() {
    let world = World::new().await;
    let id = world.receive(&one_page("", ""), &[ASA]).await;
    assert_eq!(receipt(&world.request(&id).await, &municipality(), Text(Language::Sv)), Err(NoReceipt::NotCompleted));
    world.sign(&id, 0).await;
    let mut request: SignRequest = world.request(&id).await;
    let document = request.documents[0].clone();
    request.documents = (0..9)
        .map(|number| {
            let mut document = document.clone();
            document.file_name =
                format!("{}{number} 契約 \u{202e}fdp.exe \u{0}\u{e000}🙂 عقد.pdf", "LångtNamnUtanMellanrum".repeat(number * 3));
            document
        })
        .collect();
    let signer = request.signers[0].clone();
    request.signers = (0..30).map(|_| signer.clone()).collect();
    if let Some(Done::Signed { evidence, .. }) = &mut request.signers[0].done {
        evidence.outcome.signer.display_name = "Ö".repeat(400);
    }
    request.title = "Mycket lång rubrik ".repeat(40);
    let at = folder().join("long.pdf");
    std::fs::write(&at, receipt(&request, &municipality(), Text(Language::En)).unwrap()).unwrap();
    assert_conforming(&[&at]);
    if let Some(kept) = std::env::var_os("SIGILL_KEEP") {
        std::fs::copy(&at, Path::new(&kept).join("receipt-long.pdf")).unwrap();
    }
}
