//! The binary, as Lambda runs it. Only what needs no AWS is asked.
#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::json;
use sigill_tests::runtime_api::{Answer, Function, assert_wants};

const BINARY: &str = env!("CARGO_BIN_EXE_sign-document-hash");
const NAME: &str = "sign-document-hash";

#[tokio::test]
async fn it_refuses_and_fails_with_typed_answers() {
    let mut function = Function::start(BINARY).await;
    println!("init {:?}", function.init);
    let refused = json!({ "Err": { "error": "refused", "code": "manifest" } });
    assert_eq!(function.sample(NAME, "sign-another-municipality").await, Answer::Response(refused));
    assert!(matches!(function.sample(NAME, "unknown-command").await, Answer::Error(_)));
    let Answer::Response(answer) = function.sample(NAME, "issue-root").await else { panic!("an error") };
    assert_eq!(answer["Err"]["error"], "unavailable", "no table: {answer}");
    let Answer::Response(answer) = function.sample(NAME, "sign").await else { panic!("an error") };
    assert!(answer.get("Err").is_some(), "the provider can't be asked, and the token is old: {answer}");
    function.assert_log_tells_nobody();
}

#[test]
fn it_says_which_variable_is_missing() {
    assert_wants(BINARY, &["SIGILL_TABLE", "SIGILL_CA_KEY", "SIGILL_STACK", "SIGILL_ROLE"]);
}
