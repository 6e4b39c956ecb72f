//! The evidence package: it holds together, anybody can follow its chain, and nothing in it can be changed unseen.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::process::Command;

use pades::Digest;
use serde_json::{Value, json};
use sigill_core::evidence_package::{EvidencePackage, Flaw, Part, check};
use sigill_tests::browser::{AtEid, Browser};
use sigill_tests::pdf::one_page;
use sigill_tests::server::{Server, binary, folder};

const ASA: (&str, &str) = ("Åsa Öberg", "189001019802");
const BJORN: (&str, &str) = ("Björn Lindström", "189001029819");

struct Archived {
    package: Value,
    original: Vec<u8>,
    signed: Vec<u8>,
}

/// What an e-service archives when two persons have signed, one of them at the second try.
fn archived() -> Archived {
    let server = Server::start();
    let original = one_page("", "");
    let created = server.create(&server.body(&original, &[ASA, BJORN]));
    for (signer, first) in [(0, AtEid::Cancel), (1, AtEid::Approve)] {
        let link = created["signers"][signer]["signingUrl"].as_str().unwrap();
        Browser::default().sign(link, first);
        if signer == 0 {
            Browser::default().sign(link, AtEid::Approve);
        }
    }
    let path = format!("/v1/sign-requests/{}", created["id"].as_str().unwrap());
    let package = server.api("GET", &format!("{path}/evidence"), None, &[]).json();
    assert_eq!(package["status"], "completed", "{package:#}");
    let signed = server.api("GET", &format!("{path}/documents/1/signed"), None, &[]).body;
    Archived { package, original, signed }
}

fn flaws(package: &Value, files: &[&[u8]]) -> Vec<Flaw> {
    check(&serde_json::from_value::<EvidencePackage>(package.clone()).unwrap(), files)
}

fn kinds(package: &Value) -> Vec<String> {
    let events = package["events"].as_array().unwrap().iter().map(|text| serde_json::from_str::<Value>(text.as_str().unwrap()).unwrap());
    events.map(|event| event["event"]["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_package_tells_all_that_happened_and_anybody_can_check_it() {
    let Archived { package, original, signed } = archived();
    assert_eq!(flaws(&package, &[&original, &signed]), []);
    let told = kinds(&package);
    let one_signature = ["eidStarted", "callbackReceived", "authenticated", "hashSigned", "assembled"];
    let expected: Vec<&str> = ["received", "viewed", "eidStarted", "callbackReceived", "eidFailed"]
        .into_iter()
        .chain(one_signature)
        .chain(["viewed"])
        .chain(one_signature)
        .collect();
    assert_eq!(told, expected);
    // Without any code of ours but the hash.
    let mut previous = Value::Null;
    for text in package["events"].as_array().unwrap() {
        let text = text.as_str().unwrap();
        assert_eq!(serde_json::from_str::<Value>(text).unwrap()["previous"], previous);
        assert!(!text.contains(ASA.1) && !text.contains("Öberg"), "events hold no personal data: {text}");
        previous = json!(Digest::of(text.as_bytes()));
    }
    assert_eq!(package["head"], previous);
    let document = &package["documents"][0];
    assert_eq!(document["validation"]["conclusion"]["indication"], "TOTAL_PASSED", "{document:#}");
    assert_eq!(document["timestamps"].as_array().unwrap().len(), 4, "two signature timestamps and two of the document");

    let at = folder();
    std::fs::write(at.join("package.json"), package.to_string()).unwrap();
    std::fs::write(at.join("signed.pdf"), &signed).unwrap();
    std::fs::write(at.join("other.pdf"), one_page("", "/Rotate 90")).unwrap();
    let run = |arguments: &[&str]| Command::new(binary()).arg("check-evidence").args(arguments).current_dir(&at).output().unwrap();
    let good = run(&["package.json", "signed.pdf"]);
    assert_eq!(good.status.code(), Some(0), "{}", String::from_utf8_lossy(&good.stderr));
    assert!(String::from_utf8_lossy(&good.stdout).contains(package["head"].as_str().unwrap()));
    assert_eq!(run(&["package.json", "other.pdf"]).status.code(), Some(3));
    assert_eq!(run(&["signed.pdf"]).status.code(), Some(1));
}

#[test]
fn whatever_is_changed_in_a_package_is_found() {
    let Archived { package, original, signed } = archived();
    let changed = |pointer: &str, change: &dyn Fn(&mut Value)| {
        let mut other = package.clone();
        change(other.pointer_mut(pointer).unwrap());
        flaws(&other, &[&signed])
    };
    let replaced = |from: &'static str, to: &'static str| {
        move |text: &mut Value| {
            assert!(text.as_str().unwrap().contains(from));
            *text = json!(text.as_str().unwrap().replacen(from, to, 1));
        }
    };
    let part = |signer, part| Flaw::Signer { signer, part };
    let swap = |from: &str| {
        let other = package.pointer(from).unwrap().clone();
        move |value: &mut Value| *value = other.clone()
    };
    assert_eq!(changed("/events/2", &replaced("\"signer\":1", "\"signer\":2")), [Flaw::Chain(4)]);
    assert_eq!(changed("/events/3", &replaced("kind", "sort"))[0], Flaw::Event(4));
    let removed = changed("/events", &|events| drop(events.as_array_mut().unwrap().remove(4)));
    assert_eq!(removed[0], Flaw::Chain(5), "an event was left out: {removed:?}");
    assert_eq!(changed("/events", &|events| drop(events.as_array_mut().unwrap().pop())), [Flaw::Head, part(2, Part::History)]);
    assert_eq!(changed("/head", &|head| *head = Value::Null), [Flaw::Head]);
    assert_eq!(changed("/version", &|version| *version = json!(2)), [Flaw::Version(2)]);
    assert_eq!(changed("/signers/0/act/manifest", &|manifest| *manifest = json!("e30=")), [part(1, Part::Manifest)]);
    let of_another = changed("/signers/0/act/manifest", &swap("/signers/1/act/manifest"));
    assert_eq!(of_another, [Part::Nonce, Part::Identity, Part::Signature, Part::History].map(|what| part(1, what)));
    let token = changed("/signers/0/act/eid/keys", &|keys| *keys = json!({ "keys": [] }));
    assert_eq!(token, [part(1, Part::Token)]);
    let somebody = changed("/signers/0/act/identity/personalIdentityNumber", &|number| *number = json!(BJORN.1));
    assert_eq!(somebody, [part(1, Part::Identity)]);
    let certificates = changed("/signers/0/act/certificates", &swap("/signers/1/act/certificates"));
    assert_eq!(certificates, [part(1, Part::Signature), part(1, Part::History), Flaw::NotInFile { file: 1, signer: 1 }]);
    let signature = changed("/signers/1/act/signatures", &swap("/signers/0/act/signatures"));
    assert_eq!(signature, [part(2, Part::Signature), Flaw::NotInFile { file: 1, signer: 2 }]);
    assert_eq!(flaws(&package, &[&original, b"%PDF-1.7 another"]), [Flaw::UnknownFile(2)]);
}
