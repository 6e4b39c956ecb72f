//! The binary, as Lambda runs it. Only what needs no AWS is asked.
#![allow(clippy::unwrap_used, missing_docs)]

use sigill_tests::runtime_api::{Function, assert_wants};

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
    let mut function = Function::start(BINARY).await;
    assert_eq!(function.status(NAME, "page").await, 503);
    function.assert_log_tells_nobody();
}

#[test]
fn it_says_which_variable_is_missing() {
    assert_wants(BINARY, &["SIGILL_QUEUE_URL", "SIGILL_ASSEMBLE_PADES", "SIGILL_SIGN_DOCUMENT_HASH", "SIGILL_CLIENT_KEY"]);
}
