use pades::Digest;
use serde_json::{Value, json};
use sigill_aws::lambda::{LambdaAssemblePades, LambdaSignDocumentHash};
use sigill_core::SignRequestId;
use sigill_core::eid::Evidence;
use sigill_core::ports::{AssembleError, AssemblePades, CompleteCommand, SignCommand, SignDocumentHash, SignError};

use crate::replay::{Replay, json as answer, replay};

fn command() -> CompleteCommand {
    CompleteCommand {
        sign_request: SignRequestId::try_from("0123456789abcdef0123456789abcdef".to_owned()).unwrap(),
        documents: Vec::new(),
        certificates: vec![b"DER".to_vec()],
        level: pades::BaselineLevel::T,
    }
}

fn function_error(payload: Value) -> http::Response<Vec<u8>> {
    let mut response = answer(payload);
    response.headers_mut().insert("x-amz-function-error", http::HeaderValue::from_static("Unhandled"));
    response
}

fn throttled() -> http::Response<Vec<u8>> {
    let response = http::Response::builder().status(429).header("x-amzn-errortype", "TooManyRequestsException");
    response.body(json!({ "message": "m" }).to_string().into_bytes()).unwrap()
}

async fn complete(replay: &Replay) -> Result<sigill_core::ports::Completion, AssembleError> {
    LambdaAssemblePades::new(&replay.config, "assemble".to_owned()).complete(&command()).await
}

#[tokio::test]
async fn a_command_is_the_payload_and_the_typed_answer_comes_back() {
    let document = json!({ "digest": Digest::of(b"pdf"), "size": 3, "achieved": "B-T" });
    let replay = replay(vec![answer(json!({ "Ok": { "answer": "completed", "value": { "documents": [document] } } }))]);
    assert_eq!(complete(&replay).await.unwrap().documents[0].digest, Digest::of(b"pdf"));
    let asked = &replay.asked()[0];
    assert_eq!(asked.uri.split('?').next().unwrap(), "https://lambda.eu-north-1.amazonaws.com/2015-03-31/functions/assemble/invocations");
    let expected = json!({
        "command": "complete", "signRequest": "0123456789abcdef0123456789abcdef", "documents": [], "certificates": ["REVS"], "level": "B-T",
    });
    assert_eq!(asked.json(), expected);
}

#[tokio::test]
async fn errors_of_the_other_function_survive_the_boundary() {
    let errors = [
        AssembleError::Refused { code: "encrypted".to_owned(), detail: "d".to_owned() },
        AssembleError::Unsound { detail: "d".to_owned() },
        AssembleError::Unavailable { detail: "d".to_owned() },
    ];
    let replay = replay(errors.iter().map(|error| answer(json!({ "Err": error }))).collect());
    for error in errors {
        assert_eq!(complete(&replay).await.unwrap_err(), error);
    }
}

#[tokio::test]
async fn a_function_that_fails_is_throttled_or_not_understood_can_be_asked_again() {
    let crashed = json!({ "errorMessage": "189001019802", "errorType": "panic" });
    let other = json!({ "Ok": { "answer": "prepared", "value": [] } });
    let replay = replay(vec![function_error(crashed), throttled(), answer(json!("?")), answer(other)]);
    for expected in [
        "assemble failed (Unhandled)",
        "assemble: TooManyRequestsException",
        "assemble gave an answer that is not understood",
        "assemble answered another command",
    ] {
        assert_eq!(complete(&replay).await.unwrap_err(), AssembleError::Unavailable { detail: expected.to_owned() });
    }
}

#[tokio::test]
async fn a_refused_signature_is_told_from_one_that_is_not_possible_now() {
    let refused = json!({ "Err": { "error": "refused", "code": "evidence_key" } });
    let replay = replay(vec![answer(refused), throttled()]);
    let sign = LambdaSignDocumentHash::new(&replay.config, "sign".to_owned());
    let evidence = Evidence::Oidc { provider: "p".to_owned(), id_token: "t".to_owned(), keys: json!({}) };
    let command = SignCommand { manifest: b"{}".to_vec(), evidence };
    assert_eq!(sign.sign(&command).await.unwrap_err(), SignError::Refused { code: "evidence_key".to_owned() });
    assert!(matches!(sign.sign(&command).await, Err(SignError::Unavailable { .. })));
    assert_eq!(replay.asked()[0].json()["command"], "sign");
}
