//! The API does what its description says.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::{Path, PathBuf};
use std::process::Command;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;
use sigill_tests::browser::{AtEid, Browser, request, request_bytes};
use sigill_tests::judges::tool;
use sigill_tests::server::{Server, folder};

const ASA: &str = "189001019802";
const EXAMPLE: &str = "/components/examples/CreateSignRequest/value";

fn description(server: &Server) -> Value {
    request("GET", &format!("{}/v1/openapi.json", server.base), &[], None).json()
}

#[test]
fn schemathesis_finds_no_answer_that_is_not_described() {
    let python = PathBuf::from(std::env::var_os("SIGILL_PYTHON").unwrap_or_default());
    let Some(schemathesis) = tool("schemathesis (SIGILL_PYTHON)", Some(python.with_file_name("schemathesis"))) else { return };
    let server = Server::start();
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/schemathesis.toml");
    let output = Command::new(schemathesis)
        .arg("--config-file")
        .arg(config)
        .args(["run", &format!("{}/v1/openapi.json", server.base), "--no-color", "--header"])
        .arg(format!("Authorization: Bearer {}", server.key()))
        .current_dir(folder())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let number = |from: &str| said.split_once(from).and_then(|(_, rest)| rest.split_whitespace().next()?.parse::<usize>().ok());
    let all = number(" selected / ");
    assert!(all > Some(10) && number("Tested: ") == all, "every operation is tried: {said}");
}

#[test]
fn every_field_of_every_answer_is_described_and_every_example_works() {
    let server = Server::start();
    let description = description(&server);
    let example = description.pointer(EXAMPLE).unwrap();
    let created = server.create(example);
    let id = created["id"].as_str().unwrap();
    let sha256 = "/components/examples/SignRequest/value/documents/0/sha256";
    assert_eq!(created["documents"][0]["sha256"], *description.pointer(sha256).unwrap(), "the examples belong together");
    let link = created["signers"][0]["signingUrl"].as_str().unwrap();
    assert_eq!(example["signers"][0]["personalIdentityNumber"], ASA);
    assert_eq!(Browser::default().sign(link, AtEid::Approve).heading(), "Du har skrivit under");
    for (path, described) in [
        ("/v1/sign-requests".to_owned(), "/v1/sign-requests"),
        (format!("/v1/sign-requests/{id}"), "/v1/sign-requests/{id}"),
        (format!("/v1/sign-requests/{id}/evidence"), "/v1/sign-requests/{id}/evidence"),
        ("/v1/api-info".to_owned(), "/v1/api-info"),
        ("/health".to_owned(), "/health"),
    ] {
        let answer = server.api("GET", &path, None, &[]).json();
        let schema = &description["paths"][described]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert_described(&description, schema, &answer, described);
    }
    let draft = server.create(description.pointer("/components/examples/CreateByUpload/value").unwrap());
    let pdf = BASE64_STANDARD.decode(example["documents"][0]["content"].as_str().unwrap()).unwrap();
    let upload = &draft["documents"][0]["upload"];
    let headers = upload["headers"].as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap()));
    let put = request_bytes("PUT", upload["url"].as_str().unwrap(), &headers.collect::<Vec<_>>(), &pdf);
    assert_eq!(put.status, 200, "{}", put.text());
    assert_described(&description, &description["components"]["schemas"]["SignRequest"], &draft, "a draft");
    let start = format!("/v1/sign-requests/{}/start", draft["id"].as_str().unwrap());
    assert_eq!(server.api("POST", &start, None, &[]).json()["status"], "created");
    let problem = server.api("POST", "/v1/sign-requests", Some(&serde_json::json!({})), &[]).json();
    assert_described(&description, &description["components"]["schemas"]["Problem"], &problem, "Problem");
}

/// Each member of `value` has a schema of its own, all the way down.
fn assert_described(description: &Value, schema: &Value, value: &Value, at: &str) {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => description.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    match value {
        Value::Object(members) if schema["properties"].is_object() => {
            for (name, member) in members {
                let schema = &schema["properties"][name];
                assert!(schema.is_object(), "{name} at {at} is not described");
                assert_described(description, schema, member, &format!("{at}.{name}"));
            }
        }
        Value::Object(_) => {
            let elsewhere = |text: &str| ["JWK", "ValidationReport", "Names and values"].iter().any(|kind| text.contains(kind));
            assert!(schema["description"].as_str().is_some_and(elsewhere), "{at} is not described");
        }
        Value::Array(elements) => {
            elements.iter().for_each(|element| assert_described(description, &schema["items"], element, &format!("{at}[]")));
        }
        _ => {}
    }
}
