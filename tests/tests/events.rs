//! Every sample event through the function's handler, and its answer compared with the one in `tests/answers`.
//! `SIGILL_UPDATE=answers` writes the answers anew; `SIGILL_UPDATE=events` also the workers' events, which hold tokens and
//! signatures.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp};
use pades::{BaselineLevel, Digest, DigestAlgorithm, MessageDigest, NewField, SignatureAlgorithm, SignatureField};
use serde_json::{Value, json};
use sigill_core::TransactionId;
use sigill_core::config::EidKind;
use sigill_core::eid::Evidence;
use sigill_core::identity::{IdentityAssertion, Names, PersonalIdentityNumber};
use sigill_core::jose;
use sigill_core::manifest::{Manifest, ManifestDocument};
use sigill_core::ports::{
    AssembleCommand, AssemblePades, CompleteCommand, CompleteDocument, PrepareCommand, PrepareDocument, SignCommand, SignDocumentHash,
    SigningCommand, SigningKey, VisibleSignature,
};
use sigill_core::use_case::contents_capacity;
use sigill_machine::{SoftwareKey, generate};
use sigill_tests::events::{Bench, NOON, events, fixture};

fn answers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("answers")
}

/// Whether `SIGILL_UPDATE` asks for one of `what`.
fn updates(what: &[&str]) -> bool {
    std::env::var("SIGILL_UPDATE").is_ok_and(|asked| what.contains(&asked.as_str()))
}

/// Function and case of each event, in order.
fn cases() -> Vec<(String, String)> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let folders = fs::read_dir(events()).unwrap().map(name).filter(|name| events().join(name).is_dir());
    let mut cases: Vec<_> = folders
        .flat_map(|function| {
            let files = fs::read_dir(events().join(&function)).unwrap().map(name).collect::<Vec<_>>();
            files.into_iter().map(move |file| (function.clone(), file.trim_end_matches(".json").to_owned()))
        })
        .collect();
    cases.sort();
    cases
}

/// What an answer says, without what is different every time: signatures, certificates and their sizes.
fn shown(answer: &Value) -> Value {
    match answer.get("statusCode") {
        Some(status) => over_http(status, answer),
        None => redacted(answer),
    }
}

fn over_http(status: &Value, answer: &Value) -> Value {
    let header = |name: &str| answer["headers"][name].as_str().unwrap_or_default().to_owned();
    let content = header("content-type");
    let body = answer["body"].as_str().unwrap_or_default();
    let body = match answer["isBase64Encoded"] == true {
        true => BASE64_STANDARD.decode(body).unwrap(),
        false => body.as_bytes().to_vec(),
    };
    let body = match content.split(';').next().unwrap() {
        "application/json" | "application/problem+json" => redacted(&serde_json::from_slice(&body).unwrap()),
        "text/html" => json!(String::from_utf8(body).unwrap().split_once("<h1>").and_then(|(_, rest)| rest.split_once("</h1>")).unwrap().0),
        "application/x-pem-file" | "text/css" => json!("…"),
        _ => json!({ "sha256": Digest::of(&body) }),
    };
    let mut shown = json!({ "status": status, "contentType": content, "body": body });
    if let Some((address, _)) =
        header("location").split_once('?').or(Some((header("location").as_str(), ""))).filter(|(a, _)| !a.is_empty())
    {
        shown["location"] = json!(address);
    }
    shown
}

fn redacted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| match name.as_str() {
                "kid" | "x" | "y" | "signature" | "signedAttributes" | "configDigest" | "apiVersion" => (name.clone(), json!("…")),
                "certificates" => (name.clone(), json!(value.as_array().map(Vec::len))),
                "value" if value.as_str().is_some_and(|text| text.starts_with("-----BEGIN")) => (name.clone(), json!("…")),
                // A prepared revision, and a document with a signature in it.
                "before" | "after" | "byteRange" | "capacity" | "size" => (name.clone(), json!("…")),
                "digest" | "toBeSigned" | "document" if value.is_string() => (name.clone(), json!("…")),
                _ => (name.clone(), redacted(value)),
            };
            Value::Object(members.iter().map(member).collect())
        }
        Value::Array(list) => list.iter().map(redacted).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn every_event_gets_its_answer() {
    if updates(&["events"]) {
        write_commands().await;
    }
    let mut different = Vec::new();
    for (function, case) in cases() {
        let event = fs::read_to_string(events().join(&function).join(format!("{case}.json"))).unwrap();
        let answer = shown(&Bench::new().await.answer(&function, &event).await);
        let expected = answers().join(&function).join(format!("{case}.json"));
        if updates(&["answers", "events"]) {
            write(&expected, &answer);
        }
        let kept = fs::read(&expected).unwrap_or_default();
        if serde_json::from_slice::<Value>(&kept).ok().as_ref() != Some(&answer) {
            different.push(format!("{function}/{case}: {answer:#}"));
        }
    }
    assert!(different.is_empty(), "not as in tests/answers:\n{}", different.join("\n"));
}

#[test]
fn every_answer_has_its_event() {
    let cases = cases();
    for function in fs::read_dir(answers()).unwrap().map(|entry| entry.unwrap().path()) {
        for answer in fs::read_dir(&function).unwrap().map(|entry| entry.unwrap().path()) {
            let case =
                (function.file_name().unwrap().to_str().unwrap().to_owned(), answer.file_stem().unwrap().to_str().unwrap().to_owned());
            assert!(cases.contains(&case), "{} has no event", answer.display());
        }
    }
    assert!(cases.len() > 50, "only {} events", cases.len());
}

fn write(path: &Path, value: &Value) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("{value:#}\n")).unwrap();
}

/// Writes the events of the two workers: prepared revisions, tokens and signatures that fit each other.
async fn write_commands() {
    let bench = Bench::new().await;
    let arvode = Digest::of(&fixture("arvode.pdf"));
    let prepare = prepare(&bench, arvode);
    let write_prepare = |case: &str, change: &dyn Fn(&mut PrepareCommand)| {
        let mut command = prepare.clone();
        change(&mut command);
        write(&events().join(format!("assemble-pades/{case}.json")), &json!(AssembleCommand::Prepare(command)));
    };
    write_prepare("prepare", &|_| {});
    write_prepare("prepare-invisible", &|command| command.visible = VisibleSignature::None);
    write_prepare("prepare-missing-document", &|command| command.documents[0].current = Digest::of(b"never stored"));
    write_prepare("prepare-encrypted-document", &|command| command.documents[0].current = Digest::of(&fixture("encrypted.pdf")));
    let mut unknown = json!(AssembleCommand::Prepare(prepare.clone()));
    unknown["colour"] = json!("blue");
    write(&events().join("assemble-pades/prepare-unknown-field.json"), &unknown);

    let provider = SoftwareKey::from_pkcs8(&generate()).unwrap();
    let keys = json!({ "keys": [jose::public_jwk(&provider.public_key().await.unwrap()).unwrap()] });
    write(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/events/jwks.json"), &keys);
    let prepared = bench.assembly.prepare(&prepare).await.unwrap();
    let manifest = manifest(&bench, arvode, prepared[0].document_digest());
    let right = SignCommand { manifest: manifest.to_bytes(), evidence: evidence(&provider, &keys, &manifest).await };
    let write_sign = |case: &str, command: SignCommand| {
        write(&events().join(format!("sign-document-hash/{case}.json")), &json!(SigningCommand::Sign(command)));
    };
    write_sign("sign", right.clone());
    let mut tampered = manifest.clone();
    tampered.documents[0].to_be_signed = Digest::of(b"something else").into();
    write_sign("sign-tampered-manifest", SignCommand { manifest: tampered.to_bytes(), ..right.clone() });
    let stranger = SoftwareKey::from_pkcs8(&generate()).unwrap();
    write_sign("sign-token-of-another-key", SignCommand { evidence: evidence(&stranger, &keys, &manifest).await, ..right.clone() });
    let mut expired = manifest.clone();
    expired.expires = manifest.started;
    write_sign("sign-expired", SignCommand { manifest: expired.to_bytes(), evidence: evidence(&provider, &keys, &expired).await });
    let mut other = manifest.clone();
    other.municipality = "timra".to_owned();
    write_sign("sign-another-municipality", SignCommand { manifest: other.to_bytes(), evidence: evidence(&provider, &keys, &other).await });

    // The keys are published anew, so the function is too.
    let outcome = Bench::new().await.signing.sign(&right).await.unwrap();
    let documents = prepared.into_iter().zip(outcome.signatures);
    let complete = CompleteCommand {
        sign_request: bench.open.clone(),
        documents: documents.map(|(prepared, signature)| CompleteDocument { current: arvode, prepared, signature }).collect(),
        certificates: outcome.certificates,
        level: pades::BaselineLevel::B,
    };
    let write_complete = |case: &str, change: &dyn Fn(&mut CompleteCommand)| {
        let mut command = complete.clone();
        change(&mut command);
        write(&events().join(format!("assemble-pades/{case}.json")), &json!(AssembleCommand::Complete(command)));
    };
    write_complete("complete", &|_| {});
    write_complete("complete-missing-document", &|command| command.documents[0].current = Digest::of(b"never stored"));
    write_complete("complete-wrong-signature", &|command| {
        let last = command.documents[0].signature.signature.last_mut().unwrap();
        *last ^= 1;
    });
}

fn prepare(bench: &Bench, arvode: Digest) -> PrepareCommand {
    let municipality = &bench.coordination.municipality;
    let EidKind::Oidc(oidc) = &municipality.eid_providers["eid-exempel"].kind;
    let now: Timestamp = NOON.parse().unwrap();
    PrepareCommand {
        sign_request: bench.open.clone(),
        documents: vec![PrepareDocument { current: arvode }],
        lines: ["Tove Exempel", "Elektroniskt underskriven", "2026-11-24 13:00"].map(str::to_owned).to_vec(),
        field: SignatureField::New(NewField { name: "Signature_1".to_owned(), label: "Underskrift: Tove Exempel".to_owned() }),
        signer_name: "Tove Exempel".to_owned(),
        reason: "Arvodesräkning för oktober".to_owned(),
        visible: VisibleSignature::Automatic,
        signing_time: now,
        contents_capacity: contents_capacity(
            municipality,
            SignatureAlgorithm::default(),
            &IdentityAssertion::longest(Names::longest(), oidc),
            BaselineLevel::B,
            None,
            now,
        )
        .unwrap(),
        digest: DigestAlgorithm::default(),
    }
}

fn manifest(bench: &Bench, shown: Digest, to_be_signed: MessageDigest) -> Manifest {
    let noon: Timestamp = NOON.parse().unwrap();
    Manifest {
        version: 1,
        municipality: "exempel".to_owned(),
        sign_request: bench.open.clone(),
        transaction: TransactionId::try_from("0123456789abcdef0123456789abcdef".to_owned()).unwrap(),
        requester: "arvodesrakning".to_owned(),
        provider: "eid-exempel".to_owned(),
        documents: vec![ManifestDocument { name: "arvode.pdf".to_owned(), shown, to_be_signed }],
        algorithm: SignatureAlgorithm::default(),
        signer: Some(PersonalIdentityNumber::try_from("189001019802".to_owned()).unwrap()),
        started: noon - SignedDuration::from_secs(60),
        expires: noon + SignedDuration::from_hours(24),
        salt: "00".repeat(32),
    }
}

async fn evidence(key: &SoftwareKey, keys: &Value, manifest: &Manifest) -> Evidence {
    let noon = NOON.parse::<Timestamp>().unwrap().as_second();
    let claims = json!({
        "iss": "https://eid.exempel.example", "aud": "https://underskrift.exempel.example", "sub": "pseudonym", "jti": "1",
        "iat": noon - 10, "exp": noon + 290, "auth_time": noon - 10, "nonce": manifest.hash().nonce(),
        "acr": "http://id.elegnamnden.se/loa/1.0/loa3", "name": "Tove Exempel", "given_name": "Tove", "family_name": "Exempel",
        "https://id.oidc.se/claim/personalIdentityNumber": "189001019802",
    });
    let id_token = jose::sign(key, "JWT", &claims).await.unwrap();
    Evidence::Oidc { provider: "eid-exempel".to_owned(), id_token, keys: keys.clone() }
}
