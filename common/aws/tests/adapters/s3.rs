use base64::{Engine, prelude::BASE64_STANDARD};
use pades::Digest;
use sigill_aws::s3::S3Documents;
use sigill_core::SignRequestId;
use sigill_core::ports::{DocumentStore, DocumentStoreError};

use crate::replay::{Replay, replay};

const ID: &str = "0123456789abcdef0123456789abcdef";

pub fn id() -> SignRequestId {
    SignRequestId::try_from(ID.to_owned()).unwrap()
}

pub fn status(status: u16, body: &str) -> http::Response<Vec<u8>> {
    http::Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap()
}

pub fn error(code: u16, name: &str) -> http::Response<Vec<u8>> {
    status(code, &format!("<Error><Code>{name}</Code><Message>m</Message></Error>"))
}

pub fn documents(replay: &Replay) -> S3Documents {
    S3Documents::new(&replay.config, "bucket".to_owned())
}

#[tokio::test]
async fn a_document_is_written_once_under_its_digest_and_checked_by_s3() {
    let replay = replay(vec![status(200, "")]);
    let digest = documents(&replay).put(&id(), b"%PDF").await.unwrap();
    assert_eq!(digest, Digest::of(b"%PDF"));
    let asked = &replay.asked()[0];
    assert_eq!(
        (asked.method.as_str(), asked.uri.split('?').next().unwrap()),
        ("PUT", &*format!("https://bucket.s3.eu-north-1.amazonaws.com/{ID}/{digest}"))
    );
    assert_eq!(asked.header("if-none-match"), Some("*"));
    assert_eq!(asked.header("x-amz-checksum-sha256"), Some(&*BASE64_STANDARD.encode(digest.0)));
    assert_eq!(asked.header("content-type"), Some("application/pdf"));
    assert_eq!(asked.body, b"%PDF");
}

#[tokio::test]
async fn writing_what_is_there_already_succeeds() {
    let replay = replay(vec![error(412, "PreconditionFailed")]);
    assert_eq!(documents(&replay).put(&id(), b"%PDF").await.unwrap(), Digest::of(b"%PDF"));
}

#[tokio::test]
async fn errors_of_writing_are_worth_trying_again() {
    let names = [(409, "ConditionalRequestConflict"), (503, "SlowDown"), (403, "AccessDenied"), (400, "BadDigest")];
    let replay = replay(names.iter().map(|(code, name)| error(*code, name)).collect());
    for (_, name) in names {
        let failed = documents(&replay).put(&id(), b"%PDF").await;
        assert!(matches!(failed, Err(DocumentStoreError::Unavailable(reason)) if reason == name), "{name}");
    }
}

#[tokio::test]
async fn bytes_that_come_back_are_compared_with_their_digest() {
    let replay = replay(vec![status(200, "%PDF"), status(200, "%PDG"), error(404, "NoSuchKey"), error(503, "SlowDown")]);
    let digest = Digest::of(b"%PDF");
    assert_eq!(documents(&replay).get(&id(), &digest).await.unwrap(), b"%PDF");
    assert!(matches!(documents(&replay).get(&id(), &digest).await, Err(DocumentStoreError::Damaged(_))));
    assert!(matches!(documents(&replay).get(&id(), &digest).await, Err(DocumentStoreError::Missing(_))));
    assert!(matches!(documents(&replay).get(&id(), &digest).await, Err(DocumentStoreError::Unavailable(_))));
}

#[tokio::test]
async fn everything_of_a_request_is_forgotten_and_nothing_else() {
    let list = format!("<ListBucketResult><Contents><Key>{ID}/a</Key></Contents><Contents><Key>{ID}/b</Key></Contents></ListBucketResult>");
    let replay = replay(vec![status(200, &list), status(200, "<DeleteResult/>"), status(200, "<ListBucketResult/>")]);
    documents(&replay).forget(&id()).await.unwrap();
    let asked = replay.asked();
    assert!(asked[0].uri.contains(&format!("prefix={ID}%2F")), "{}", asked[0].uri);
    let body = String::from_utf8(asked[1].body.clone()).unwrap();
    assert!(body.contains(&format!("<Key>{ID}/a</Key>")) && body.contains(&format!("<Key>{ID}/b</Key>")), "{body}");
    assert_eq!(asked.len(), 3);
}
