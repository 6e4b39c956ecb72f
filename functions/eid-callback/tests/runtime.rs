//! The binary, as Lambda runs it. Only what needs no AWS is asked.
#![allow(clippy::unwrap_used, missing_docs)]

use sigill_tests::runtime_api::{Function, without};

const BINARY: &str = env!("CARGO_BIN_EXE_eid-callback");
const NAME: &str = "eid-callback";

#[tokio::test]
async fn it_answers_one_event_after_another() {
    let mut function = Function::start(BINARY).await;
    println!("init {:?}", function.init);
    for (case, status) in [("style", 200), ("unknown-route", 404), ("callback-unknown-provider", 409), ("style", 200)] {
        assert_eq!(function.status(NAME, case).await, status, "{case}");
    }
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_told_as_unavailable() {
    assert_eq!(Function::start(BINARY).await.status(NAME, "page").await, 503);
}

#[test]
fn it_says_which_variable_is_missing() {
    for name in ["SIGILL_QUEUE_URL", "SIGILL_ASSEMBLE_PADES", "SIGILL_SIGN_DOCUMENT_HASH", "SIGILL_CLIENT_KEY"] {
        let ended = without(BINARY, name);
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(!ended.status.success() && said.contains(&format!("the environment variable {name} is not set")), "{said}");
    }
}
