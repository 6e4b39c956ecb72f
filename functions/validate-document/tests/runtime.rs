//! The binary, as Lambda runs it. Only what needs no AWS is asked.
#![allow(clippy::unwrap_used, missing_docs)]

use sigill_tests::runtime_api::{Function, assert_wants};

const BINARY: &str = env!("CARGO_BIN_EXE_validate-document");
const NAME: &str = "validate-document";

#[tokio::test]
async fn it_answers_one_event_after_another() {
    let mut function = Function::start(BINARY).await;
    println!("init {:?}", function.init);
    let root_unreachable = 503;
    for (case, status) in [("page", 200), ("without-key", 401), ("not-pdf", 415), ("document", root_unreachable), ("page", 200)] {
        assert_eq!(function.status(NAME, case).await, status, "{case}");
    }
    function.assert_log_tells_nobody();
}

#[test]
fn it_says_which_variable_is_missing() {
    assert_wants(BINARY, &["SIGILL_CONFIG", "SIGILL_TABLE"]);
}
