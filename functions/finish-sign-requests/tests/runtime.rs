//! The binary, as Lambda runs it. Only what needs no AWS is asked.
#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::json;
use sigill_tests::runtime_api::{Answer, Function, assert_wants};

const BINARY: &str = env!("CARGO_BIN_EXE_finish-sign-requests");
const NAME: &str = "finish-sign-requests";

#[tokio::test]
async fn a_sweep_or_message_without_a_table_is_left_to_the_next_sweep() {
    let mut function = Function::start(BINARY).await;
    println!("init {:?}", function.init);
    let done = json!({ "batchItemFailures": [] });
    assert_eq!(function.sample(NAME, "sweep").await, Answer::Response(done.clone()));
    assert_eq!(function.sample(NAME, "message").await, Answer::Response(done));
    assert!(matches!(function.sample(NAME, "unknown-event").await, Answer::Error(_)));
    function.assert_log_tells_nobody();
}

#[test]
fn it_says_which_variable_is_missing() {
    assert_wants(BINARY, &["SIGILL_TABLE", "SIGILL_QUEUE_URL", "SIGILL_ASSEMBLE_PADES", "SIGILL_SIGN_DOCUMENT_HASH"]);
}
