//! Documents that go between S3 and an e-service or a browser directly, by presigned addresses.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::ChecksumMode;
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp};
use pades::{Digest, Source};
use sigill_core::SignRequestId;
use sigill_core::ports::{Announced, DOWNLOAD_TIME, Disposition, DocumentStoreError, Transfers, UPLOAD_TIME, Upload};

use super::source::S3Source;
use super::{S3Documents, key, unavailable};
use crate::error::reason;

fn presigning(now: Timestamp, time: SignedDuration) -> Result<PresigningConfig, DocumentStoreError> {
    let [since, time] = [now.as_duration(), time].map(|span| Duration::try_from(span).map_err(unavailable));
    PresigningConfig::builder().start_time(SystemTime::UNIX_EPOCH + since?).expires_in(time?).build().map_err(unavailable)
}

#[async_trait]
impl Transfers for S3Documents {
    async fn upload(&self, request: &SignRequestId, document: &Announced, now: Timestamp) -> Result<Upload, DocumentStoreError> {
        // Each of these is signed: S3 takes these bytes, once, and nothing else.
        let put = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key(request, &document.sha256))
            .if_none_match("*")
            .checksum_sha256(BASE64_STANDARD.encode(document.sha256.0))
            .content_type("application/pdf")
            .content_length(i64::try_from(document.size).map_err(unavailable)?);
        let signed = put.presigned(presigning(now, UPLOAD_TIME)?).await.map_err(|error| unavailable(reason(&error)))?;
        Ok(Upload {
            url: signed.uri().parse().map_err(unavailable)?,
            headers: signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            expires: now + UPLOAD_TIME,
        })
    }

    async fn uploaded(&self, request: &SignRequestId, document: &Announced) -> Result<Arc<dyn Source>, DocumentStoreError> {
        let key = key(request, &document.sha256);
        let head = self.client.head_object().bucket(&self.bucket).key(&key).checksum_mode(ChecksumMode::Enabled).send().await;
        let head = match head {
            Ok(head) => head,
            Err(error) if error.as_service_error().is_some_and(|error| error.is_not_found()) => {
                return Err(DocumentStoreError::Missing(document.sha256));
            }
            Err(error) => return Err(unavailable(reason(&error))),
        };
        let size = head.content_length.and_then(|length| u64::try_from(length).ok());
        // S3 has computed it over all bytes.
        if size != Some(document.size) || head.checksum_sha256 != Some(BASE64_STANDARD.encode(document.sha256.0)) {
            return Err(DocumentStoreError::Damaged(document.sha256));
        }
        Ok(Arc::new(S3Source::new(self, &key, head.e_tag, document.size)))
    }

    async fn download(
        &self,
        request: &SignRequestId,
        digest: &Digest,
        disposition: Disposition,
        now: Timestamp,
    ) -> Result<url::Url, DocumentStoreError> {
        let get = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key(request, digest))
            .response_content_type("application/pdf")
            .response_content_disposition(format!("{}; filename={digest}.pdf", disposition.word()))
            .response_cache_control("no-store");
        let signed = get.presigned(presigning(now, DOWNLOAD_TIME)?).await.map_err(|error| unavailable(reason(&error)))?;
        signed.uri().parse().map_err(unavailable)
    }
}
