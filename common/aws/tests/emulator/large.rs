//! Documents that go to S3 and come from it by presigned addresses, and are never held.

use jiff::{SignedDuration, Timestamp};
use pades::{Digest, Source};
use sigill_aws::s3::S3Documents;
use sigill_core::SignRequestId;
use sigill_core::ports::{Announced, Disposition, DocumentStore, DocumentStoreError, Transfers, Upload};
use sigill_core::sign_request::Status;
use sigill_tests::browser::{Answer, request, request_bytes};
use sigill_tests::independent::assert_verifies;
use sigill_tests::pdf::{one_page, padded, replaced};

use crate::cloud::Cloud;
use crate::{SIGNERS, world};

const LARGE: usize = 50_000_000;

fn id() -> SignRequestId {
    SignRequestId::try_from("0123456789abcdef0123456789abcdef".to_owned()).unwrap()
}

fn put(url: &str, upload: &Upload, bytes: &[u8]) -> u16 {
    let headers: Vec<_> = upload.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    request_bytes("PUT", url, &headers, bytes).status
}

fn get(url: &str) -> Answer {
    request("GET", url, &[], None)
}

/// Ports that are not S3's own wait for it, as in the functions.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_document_is_uploaded_signed_by_two_and_downloaded() {
    let Some(cloud) = Cloud::start().await else { return };
    let world = world(&cloud).await;
    let root = world.signing().issue_root().await.unwrap();
    std::fs::write(world.folder.join("kms-root.pem"), sigill_core::certificate::pem(&root)).unwrap();
    let large = padded(LARGE);
    let id = world.receive_with_upload(&one_page("", ""), &large, &SIGNERS).await;
    for signer in 0..SIGNERS.len() {
        world.sign(&id, signer).await;
    }
    let request = world.request(&id).await;
    assert_eq!(request.status(), Status::Completed);
    let document = &request.documents[1];
    let now = Timestamp::now();
    let url = world.custody.transfers.download(&id, &document.current, Disposition::Attachment, now).await.unwrap();
    let answer = get(url.as_str());
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/pdf"));
    assert!(answer.body.starts_with(&large), "earlier bytes are untouched");
    assert_eq!(Digest::of(&answer.body), document.current);
    let file = world.folder.join("signed.pdf");
    std::fs::write(&file, &answer.body).unwrap();
    assert_verifies(&world.folder.join("kms-root.pem"), &file, SIGNERS.len());

    let forged = String::from_utf8(replaced(url.as_str().as_bytes(), "X-Amz-Signature=", "X-Amz-Signature=0")).unwrap();
    assert_eq!(get(&forged).status, 403, "forged");
    let original = url.as_str().replace(&document.current.to_string(), &document.original.to_string());
    assert_eq!(get(&original).status, 403, "of another document");
    let earlier = now - SignedDuration::from_mins(6);
    let late = world.custody.transfers.download(&id, &document.current, Disposition::Inline, earlier).await.unwrap();
    assert_eq!(get(late.as_str()).status, 403, "too late");
    std::fs::remove_dir_all(&world.folder).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_announced_bytes_are_taken_at_a_presigned_address_and_once() {
    let Some(cloud) = Cloud::start().await else { return };
    let store = cloud.documents();
    let bytes = padded(6_000_000);
    let announced = Announced { size: bytes.len() as u64, sha256: Digest::of(&bytes) };
    assert!(matches!(store.uploaded(&id(), &announced).await, Err(DocumentStoreError::Missing(_))));
    let upload = store.upload(&id(), &announced, Timestamp::now()).await.unwrap();
    let url = upload.url.as_str();
    let mut other = bytes.clone();
    other[1_000] ^= 1;
    assert!((400..500).contains(&put(url, &upload, &other)), "other bytes");
    let shorter =
        Upload { headers: upload.headers.iter().filter(|(name, _)| name != "content-length").cloned().collect(), ..upload.clone() };
    assert!((400..500).contains(&put(url, &shorter, &bytes[1..])), "another size");
    let forged = String::from_utf8(replaced(url.as_bytes(), "X-Amz-Signature=", "X-Amz-Signature=0")).unwrap();
    assert_eq!(put(&forged, &upload, &bytes), 403, "forged");
    let stolen = url.replace(id().as_str(), &"f".repeat(32));
    assert_eq!(put(&stolen, &upload, &bytes), 403, "for another request");
    let late = store.upload(&id(), &announced, Timestamp::now() - SignedDuration::from_mins(16)).await.unwrap();
    assert_eq!(put(late.url.as_str(), &late, &bytes), 403, "too late");
    assert!(matches!(store.uploaded(&id(), &announced).await, Err(DocumentStoreError::Missing(_))), "nothing was stored");

    assert_eq!(put(url, &upload, &bytes), 200);
    assert_eq!(put(url, &upload, &bytes), 412, "it is there already");
    let source = store.uploaded(&id(), &announced).await.unwrap();
    assert_reads(&*source, &bytes);
    assert!(store.uploaded(&id(), &Announced { size: 5, ..announced }).await.is_err(), "another size");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_opened_document_gives_every_range_and_grows_inside_s3() {
    let Some(cloud) = Cloud::start().await else { return };
    let store = cloud.documents();
    // Larger than what is kept of it, and its last page is short.
    let bytes = padded(40_000_001);
    let digest = store.put(&id(), &bytes).await.unwrap();
    let opened = store.open(&id(), &digest).await.unwrap();
    assert_eq!((opened.hashed.digest(), opened.hashed.length()), (digest, bytes.len() as u64));
    assert_reads(&*opened.source, &bytes);
    let mut growing = opened.growing();
    growing.append(b"%more\n");
    let grown = store.append(&id(), &opened, &growing).await.unwrap();
    assert_eq!(store.append(&id(), &opened, &growing).await.unwrap(), grown, "again");
    assert!(store.get(&id(), &grown).await.unwrap() == [&bytes[..], b"%more\n"].concat());
    assert!(matches!(store.open(&id(), &Digest::of(b"never")).await, Err(DocumentStoreError::Missing(_))));
}

fn assert_reads(source: &dyn Source, bytes: &[u8]) {
    assert_eq!(source.length(), bytes.len() as u64);
    for (from, count) in [(0, 8), (1_048_570, 12), (bytes.len() - 5, 5), (2_000_000, 2_500_000), (0, 1)] {
        let mut buffer = vec![0; count];
        source.read_at(from as u64, &mut buffer).unwrap();
        assert!(buffer == bytes[from..from + count], "{count} bytes from {from}");
    }
    assert!(source.read_at(bytes.len() as u64, &mut [0]).is_err(), "there is nothing behind the end");
}

/// Of the emulator's own bucket.
impl Cloud {
    fn documents(&self) -> S3Documents {
        S3Documents::new(self.config(), crate::cloud::BUCKET.to_owned())
    }
}
