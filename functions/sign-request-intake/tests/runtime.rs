//! The binary, as Lambda runs it. Only what needs no AWS is asked.
#![allow(clippy::unwrap_used, missing_docs)]

use sigill_tests::events::events;
use sigill_tests::runtime_api::{Answer, Function, assert_wants};

const BINARY: &str = env!("CARGO_BIN_EXE_sign-request-intake");
const NAME: &str = "sign-request-intake";

#[tokio::test]
async fn it_answers_one_event_after_another() {
    let mut function = Function::start(BINARY).await;
    println!("init {:?}", function.init);
    for (case, status) in [
        ("health", 200),
        ("api-info", 200),
        ("create-malformed-json", 400),
        ("create-unknown-field", 400),
        ("create-encrypted-document", 422),
        ("create-without-key", 401),
        ("unknown-route", 404),
        ("wrong-method", 405),
    ] {
        assert_eq!(function.status(NAME, case).await, status, "{case}");
    }
    let elsewhere =
        std::fs::read_to_string(events().join(NAME).join("unknown-route.json")).unwrap().replace("/v1/signatures", "/index.php");
    let Answer::Response(answer) = function.invoke(&elsewhere).await else { panic!("no answer") };
    assert_eq!((&answer["statusCode"], &answer["headers"]["content-type"]), (&404.into(), &"application/problem+json".into()));
    assert!(matches!(function.invoke("{}").await, Answer::Error(_)), "no HTTP event");
    assert_eq!(function.status(NAME, "health").await, 200, "after an event that was none");
    assert_eq!(function.status(NAME, "create").await, 503, "no table");
    function.assert_log_tells_nobody();
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_told_as_unavailable() {
    assert_eq!(Function::start(BINARY).await.status(NAME, "show").await, 503);
}

#[tokio::test]
async fn where_client_certificates_are_asked_for_sign_requests_are_reached_at_that_host_alone() {
    let elsewhere = [("SIGILL_SERVICE_HOST", "tjanster.exempel.example")];
    let mut function = Function::start_with(BINARY, &elsewhere).await;
    assert_eq!(function.status(NAME, "show").await, 421);
    assert_eq!(function.status(NAME, "create").await, 421);
    assert_eq!(function.status(NAME, "health").await, 200);
    assert_eq!(function.status(NAME, "api-info").await, 200);
    let here = [("SIGILL_SERVICE_HOST", "underskrift.exempel.example")];
    assert_eq!(Function::start_with(BINARY, &here).await.status(NAME, "show").await, 503, "through to the store that is not there");
}

#[test]
fn it_says_which_variable_is_missing() {
    assert_wants(BINARY, &["SIGILL_CONFIG", "SIGILL_METRICS", "SIGILL_TABLE", "SIGILL_DOCUMENTS", "AWS_REGION"]);
}
