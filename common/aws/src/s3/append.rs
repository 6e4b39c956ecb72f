//! A grown document as a new object: S3 copies what was there by itself, in parts, and only what is new is sent.

use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};
use base64::{Engine, prelude::BASE64_STANDARD};
use pades::{Digest, Growing};
use sigill_core::SignRequestId;
use sigill_core::ports::{DocumentStoreError, StoredDocument};
use tokio::task::JoinSet;

use super::{S3Documents, key, unavailable};
use crate::error::{is, reason};

/// S3 takes no smaller part but the last one.
pub const SMALLEST_PART: u64 = 5 << 20;
/// What is copied at once; the last copy is up to twice as long.
const PART: u64 = 64 << 20;

/// One multipart upload, which is nothing until it is completed. What a crash leaves of it the bucket's lifecycle removes.
struct Upload<'a> {
    store: &'a S3Documents,
    key: String,
    id: String,
}

pub(super) async fn append(
    store: &S3Documents,
    request: &SignRequestId,
    document: &StoredDocument,
    grown: &Growing<'_>,
) -> Result<Digest, DocumentStoreError> {
    let digest = grown.hashed().digest();
    let upload = Upload::begin(store, key(request, &digest)).await?;
    let source = format!("{}/{}", store.bucket, key(request, &document.hashed.digest()));
    match upload.fill(&source, document.hashed.length(), grown.appended()).await {
        Ok(()) => Ok(digest),
        Err(error) => {
            upload.abort().await;
            Err(error)
        }
    }
}

impl<'a> Upload<'a> {
    async fn begin(store: &'a S3Documents, key: String) -> Result<Self, DocumentStoreError> {
        let begin = store.client.create_multipart_upload().bucket(&store.bucket).key(&key);
        let begun = begin.content_type("application/pdf").checksum_algorithm(ChecksumAlgorithm::Sha256).send().await;
        let id = begun.map_err(|error| unavailable(reason(&error)))?.upload_id.ok_or_else(|| unavailable("an upload without a name"))?;
        Ok(Self { store, key, id })
    }

    async fn fill(&self, source: &str, length: u64, appended: &[u8]) -> Result<(), DocumentStoreError> {
        let mut parts = self.copy(source, length).await?;
        parts.push(self.send(parts.len() as i32 + 1, appended).await?);
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let complete = self.store.client.complete_multipart_upload().bucket(&self.store.bucket).key(&self.key);
        match complete.upload_id(&self.id).if_none_match("*").multipart_upload(parts).send().await {
            Ok(_) => Ok(()),
            // The same bytes are there: the key is their digest.
            Err(error) if is(&error, "PreconditionFailed") => {
                self.abort().await;
                Ok(())
            }
            Err(error) => Err(unavailable(reason(&error))),
        }
    }

    /// Copies the first `length` bytes of `source`, side by side.
    async fn copy(&self, source: &str, length: u64) -> Result<Vec<CompletedPart>, DocumentStoreError> {
        let mut copies = JoinSet::new();
        for (index, (from, to)) in ranges(length).into_iter().enumerate() {
            let number = index as i32 + 1;
            let copy = self.store.client.upload_part_copy().bucket(&self.store.bucket).key(&self.key).upload_id(&self.id);
            let copy = copy.part_number(number).copy_source(source).copy_source_range(format!("bytes={from}-{}", to - 1)).send();
            copies.spawn(async move {
                let copied = copy.await.map_err(|error| unavailable(reason(&error)))?.copy_part_result;
                let copied = copied.ok_or_else(|| unavailable("a copy without a result"))?;
                let part = CompletedPart::builder().part_number(number).set_e_tag(copied.e_tag);
                Ok(part.set_checksum_sha256(copied.checksum_sha256).build())
            });
        }
        let mut parts: Vec<CompletedPart> = copies.join_all().await.into_iter().collect::<Result<_, DocumentStoreError>>()?;
        parts.sort_by_key(|part| part.part_number);
        Ok(parts)
    }

    async fn send(&self, number: i32, bytes: &[u8]) -> Result<CompletedPart, DocumentStoreError> {
        let checksum = BASE64_STANDARD.encode(Digest::of(bytes).0);
        let part = self.store.client.upload_part().bucket(&self.store.bucket).key(&self.key).upload_id(&self.id).part_number(number);
        let sent = part.checksum_sha256(&checksum).body(bytes.to_vec().into()).send().await;
        let sent = sent.map_err(|error| unavailable(reason(&error)))?;
        Ok(CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag).checksum_sha256(checksum).build())
    }

    /// Best effort.
    async fn abort(&self) {
        let abort = self.store.client.abort_multipart_upload().bucket(&self.store.bucket).key(&self.key).upload_id(&self.id);
        if let Err(error) = abort.send().await {
            tracing::warn!(reason = reason(&error), "an unfinished upload is left to the bucket's lifecycle");
        }
    }
}

/// What is copied in one part each: from, and to without it.
fn ranges(length: u64) -> Vec<(u64, u64)> {
    let count = (length / PART).max(1);
    (0..count).map(|index| (index * PART, if index + 1 == count { length } else { (index + 1) * PART })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copied_parts_are_all_of_it_and_none_is_too_small() {
        for length in [SMALLEST_PART, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 1, 300_000_000, 5 << 30] {
            let ranges = ranges(length);
            assert_eq!((ranges[0].0, ranges[ranges.len() - 1].1), (0, length));
            assert!(ranges.windows(2).all(|pair| pair[0].1 == pair[1].0));
            assert!(ranges.iter().all(|(from, to)| (SMALLEST_PART..2 * PART).contains(&(to - from))), "{ranges:?}");
        }
    }
}
