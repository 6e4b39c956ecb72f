//! The binary, as Lambda runs it. Only what needs no AWS is asked.
#![allow(clippy::unwrap_used, missing_docs)]

use sigill_tests::runtime_api::{Answer, Function, assert_wants};

const BINARY: &str = env!("CARGO_BIN_EXE_assemble-pades");
const NAME: &str = "assemble-pades";

#[tokio::test]
async fn it_fails_with_typed_answers() {
    let mut function = Function::start(BINARY).await;
    println!("init {:?}", function.init);
    assert!(matches!(function.sample(NAME, "unknown-command").await, Answer::Error(_)));
    assert!(matches!(function.sample(NAME, "prepare-unknown-field").await, Answer::Error(_)));
    let Answer::Response(answer) = function.sample(NAME, "prepare").await else { panic!("an error") };
    assert_eq!(answer["Err"]["error"], "unavailable", "no bucket: {answer}");
    function.assert_log_tells_nobody();
}

#[test]
fn it_says_which_variable_is_missing() {
    assert_wants(BINARY, &["SIGILL_DOCUMENTS"]);
}
