//! Documents that are read in ranges, grow inside S3, and come and go by presigned addresses.

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp};
use pades::Digest;
use sigill_core::ports::{Announced, Disposition, DocumentStore, DocumentStoreError, Transfers};

use crate::replay::replay;
use crate::s3::{documents, error, id, status};

fn noon() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn announced() -> Announced {
    Announced { size: 300_000_000, sha256: Digest::of(b"%PDF") }
}

fn query(url: &url::Url, name: &str) -> String {
    url.query_pairs().find(|(found, _)| found == name).unwrap_or_else(|| panic!("no {name} in {url}")).1.into_owned()
}

#[tokio::test]
async fn an_upload_is_signed_for_these_bytes_once_and_for_minutes() {
    let upload = documents(&replay(vec![])).upload(&id(), &announced(), noon()).await.unwrap();
    assert_eq!(upload.url.path(), format!("/{}/{}", id(), announced().sha256));
    assert_eq!((query(&upload.url, "X-Amz-Date"), query(&upload.url, "X-Amz-Expires")), ("20261124T120000Z".into(), "900".into()));
    assert_eq!(upload.expires, noon() + SignedDuration::from_mins(15));
    let checksum = BASE64_STANDARD.encode(announced().sha256.0);
    for (name, value) in [("content-length", "300000000"), ("if-none-match", "*"), ("x-amz-checksum-sha256", &checksum)] {
        assert!(query(&upload.url, "X-Amz-SignedHeaders").split(';').any(|signed| signed == name), "{name} is not signed: {}", upload.url);
        assert!(upload.headers.contains(&(name.to_owned(), value.to_owned())), "{name} is not told: {:?}", upload.headers);
    }
}

#[tokio::test]
async fn a_download_is_for_minutes_and_its_address_names_nobody() {
    let digest = Digest::of(b"%PDF");
    let url = documents(&replay(vec![])).download(&id(), &digest, Disposition::Inline, noon()).await.unwrap();
    assert_eq!(query(&url, "X-Amz-Expires"), "300");
    assert_eq!(query(&url, "response-content-disposition"), format!("inline; filename={digest}.pdf"));
    assert_eq!(query(&url, "response-cache-control"), "no-store");
}

fn head(size: &str, checksum: &str) -> http::Response<Vec<u8>> {
    let head = http::Response::builder().header("content-length", size).header("etag", "\"e\"");
    head.header("x-amz-checksum-sha256", checksum).body(Vec::new()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_is_there_when_s3_says_so_of_its_size_and_digest() {
    let right = BASE64_STANDARD.encode(announced().sha256.0);
    let pages = |count: usize| http::Response::builder().status(206).body(vec![7; count << 20]).unwrap();
    let replay = replay(vec![
        status(404, ""),
        error(403, "AccessDenied"),
        head("299999999", &right),
        head("300000000", &BASE64_STANDARD.encode([0; 32])),
        head("300000000", &right),
        pages(1),
        pages(4),
    ]);
    let store = documents(&replay);
    assert!(matches!(store.uploaded(&id(), &announced()).await, Err(DocumentStoreError::Missing(_))));
    assert!(matches!(store.uploaded(&id(), &announced()).await, Err(DocumentStoreError::Unavailable(_))));
    assert!(matches!(store.uploaded(&id(), &announced()).await, Err(DocumentStoreError::Damaged(_))), "another size");
    assert!(matches!(store.uploaded(&id(), &announced()).await, Err(DocumentStoreError::Damaged(_))), "another digest");
    let source = store.uploaded(&id(), &announced()).await.unwrap();
    let mut read = [0; 3];
    source.read_at((5 << 20) + 1, &mut read).unwrap();
    source.read_at((5 << 20) + 9, &mut read).unwrap();
    assert_eq!((read, replay.asked().len()), ([7; 3], 6), "a page is fetched once");
    source.read_at(6 << 20, &mut vec![0; 4 << 20]).unwrap();
    let asked = replay.asked();
    assert_eq!((asked.len(), asked[6].header("range")), (7, Some("bytes=6291456-10485759")), "who reads on is given more at once");
    assert_eq!((asked[5].header("range"), asked[5].header("if-match")), (Some("bytes=5242880-6291455"), Some("\"e\"")));
    assert_eq!(asked[0].header("x-amz-checksum-mode"), Some("ENABLED"));
}

fn part(body: &str, whole: usize) -> http::Response<Vec<u8>> {
    http::Response::builder().header("content-length", whole).header("etag", "\"e\"").body(body.as_bytes().to_vec()).unwrap()
}

#[tokio::test]
async fn reading_goes_on_where_it_broke_off() {
    let replay = replay(vec![part("%PDF-1.7 and", 21), part(" the rest", 9)]);
    let whole = b"%PDF-1.7 and the rest";
    let opened = documents(&replay).open(&id(), &Digest::of(whole)).await.unwrap();
    let mut read = [0; 21];
    opened.source.read_at(0, &mut read).unwrap();
    assert_eq!(&read, whole);
    let asked = replay.asked();
    assert_eq!((asked.len(), asked[0].header("range")), (2, None));
    assert_eq!((asked[1].header("range"), asked[1].header("if-match")), (Some("bytes=12-"), Some("\"e\"")));
}

#[tokio::test]
async fn other_bytes_than_the_named_ones_are_not_opened() {
    let replay = replay(vec![part("%PDG", 4), error(404, "NoSuchKey")]);
    let store = documents(&replay);
    assert!(matches!(store.open(&id(), &Digest::of(b"%PDF")).await, Err(DocumentStoreError::Damaged(_))));
    assert!(matches!(store.open(&id(), &Digest::of(b"%PDF")).await, Err(DocumentStoreError::Missing(_))));
}

const BEGUN: &str = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>";
const COPIED: &str = "<CopyPartResult><ETag>c</ETag><ChecksumSHA256>s</ChecksumSHA256></CopyPartResult>";

#[tokio::test]
async fn a_grown_document_is_copied_inside_s3_and_only_what_is_new_is_sent() {
    let large = vec![7; 6 << 20];
    let sent = http::Response::builder().header("etag", "t").body(Vec::new()).unwrap();
    let whole = http::Response::builder().header("content-length", large.len()).body(large.clone()).unwrap();
    let replay = replay(vec![whole, status(200, BEGUN), status(200, COPIED), sent, status(200, "<CompleteMultipartUploadResult/>")]);
    let store = documents(&replay);
    let opened = store.open(&id(), &Digest::of(&large)).await.unwrap();
    let mut growing = opened.growing();
    growing.append(b"%more");
    let grown = store.append(&id(), &opened, &growing).await.unwrap();
    assert_eq!(grown, growing.hashed().digest());
    let asked = replay.asked();
    let words: Vec<_> = asked[1..].iter().map(|asked| asked.method.as_str()).collect();
    assert_eq!(words, ["POST", "PUT", "PUT", "POST"]);
    assert!(asked[1..].iter().all(|asked| asked.uri.contains(&format!("/{}/{grown}?", id()))));
    let from = format!("bucket/{}/{}", id(), Digest::of(&large));
    assert_eq!((asked[2].header("x-amz-copy-source"), asked[2].header("x-amz-copy-source-range")), (Some(&*from), Some("bytes=0-6291455")));
    assert_eq!(asked[3].body, b"%more");
    assert_eq!(asked[3].header("x-amz-checksum-sha256"), Some(&*BASE64_STANDARD.encode(Digest::of(b"%more").0)));
    assert_eq!(asked[4].header("if-none-match"), Some("*"));
    let completed = String::from_utf8(asked[4].body.clone()).unwrap();
    assert!(completed.contains("<ETag>c</ETag><PartNumber>1") || completed.contains("<PartNumber>1</PartNumber>"), "{completed}");
}

#[tokio::test]
async fn an_upload_that_fails_is_taken_back_and_one_that_is_there_is_done() {
    let large = vec![7; 6 << 20];
    for (last, done) in [(error(412, "PreconditionFailed"), true), (error(503, "SlowDown"), false)] {
        let sent = http::Response::builder().header("etag", "t").body(Vec::new()).unwrap();
        let whole = http::Response::builder().header("content-length", large.len()).body(large.clone()).unwrap();
        let replay = replay(vec![whole, status(200, BEGUN), status(200, COPIED), sent, last, status(204, "")]);
        let store = documents(&replay);
        let opened = store.open(&id(), &Digest::of(&large)).await.unwrap();
        let mut growing = opened.growing();
        growing.append(b"%more");
        assert_eq!(store.append(&id(), &opened, &growing).await.is_ok(), done);
        let asked = replay.asked();
        assert_eq!((asked.len(), asked[5].method.as_str()), (6, "DELETE"));
    }
}
