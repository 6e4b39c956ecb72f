//! Documents in S3: `<sign request>/<SHA-256>`. An object is written once.

mod append;
mod source;
mod transfers;

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, ResponseChecksumValidation};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use aws_types::SdkConfig;
use base64::{Engine, prelude::BASE64_STANDARD};
use pades::{Digest, Growing};
use sigill_core::SignRequestId;
use sigill_core::ports::{DocumentStore, DocumentStoreError, StoredDocument};

use crate::error::{is, reason};

/// A bucket of documents. Opened ones are read by code that waits, so the runtime must have several threads.
pub struct S3Documents {
    client: Client,
    bucket: String,
}

impl S3Documents {
    /// Documents in `bucket`.
    pub fn new(config: &SdkConfig, bucket: String) -> Self {
        // Emulators have one host for all buckets.
        let builder = Builder::from(config).force_path_style(config.endpoint_url().is_some());
        // Everything that is read is compared with its digest here.
        let builder = builder.response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        Self { client: Client::from_conf(builder.build()), bucket }
    }
}

fn key(request: &SignRequestId, digest: &Digest) -> String {
    format!("{request}/{digest}")
}

fn unavailable(error: impl std::fmt::Display) -> DocumentStoreError {
    DocumentStoreError::Unavailable(error.to_string())
}

#[async_trait]
impl DocumentStore for S3Documents {
    async fn put(&self, request: &SignRequestId, bytes: &[u8]) -> Result<Digest, DocumentStoreError> {
        let digest = Digest::of(bytes);
        let put = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key(request, &digest))
            .if_none_match("*")
            .checksum_sha256(BASE64_STANDARD.encode(digest.0))
            .content_type("application/pdf")
            .body(ByteStream::from(bytes.to_vec()));
        match put.send().await {
            Ok(_) => Ok(digest),
            // The same bytes are there: the key is their digest.
            Err(error) if is(&error, "PreconditionFailed") => Ok(digest),
            Err(error) => Err(unavailable(reason(&error))),
        }
    }

    async fn get(&self, request: &SignRequestId, digest: &Digest) -> Result<Vec<u8>, DocumentStoreError> {
        let object = match self.client.get_object().bucket(&self.bucket).key(key(request, digest)).send().await {
            Ok(object) => object,
            Err(error) if is(&error, "NoSuchKey") => return Err(DocumentStoreError::Missing(*digest)),
            Err(error) => return Err(unavailable(reason(&error))),
        };
        let bytes = object.body.collect().await.map_err(unavailable)?.to_vec();
        if Digest::of(&bytes) == *digest { Ok(bytes) } else { Err(DocumentStoreError::Damaged(*digest)) }
    }

    async fn open(&self, request: &SignRequestId, digest: &Digest) -> Result<StoredDocument, DocumentStoreError> {
        let (source, hashed) = source::read(self, &key(request, digest), digest).await?;
        if hashed.digest() != *digest {
            return Err(DocumentStoreError::Damaged(*digest));
        }
        Ok(StoredDocument { source: Arc::new(source), hashed })
    }

    async fn append(&self, request: &SignRequestId, document: &StoredDocument, grown: &Growing<'_>) -> Result<Digest, DocumentStoreError> {
        if document.hashed.length() < append::SMALLEST_PART {
            let mut whole = vec![0; usize::try_from(document.hashed.length()).map_err(unavailable)?];
            document.source.read_at(0, &mut whole).map_err(unavailable)?;
            whole.extend_from_slice(grown.appended());
            return self.put(request, &whole).await;
        }
        append::append(self, request, document, grown).await
    }

    async fn forget(&self, request: &SignRequestId) -> Result<(), DocumentStoreError> {
        // A request has few documents and few revisions of each; a page holds a thousand.
        loop {
            let list = self.client.list_objects_v2().bucket(&self.bucket).prefix(format!("{request}/"));
            let listed = list.send().await.map_err(|error| unavailable(reason(&error)))?;
            let keys = listed.contents().iter().filter_map(|object| object.key());
            let objects =
                keys.map(|key| ObjectIdentifier::builder().key(key).build()).collect::<Result<Vec<_>, _>>().map_err(unavailable)?;
            if objects.is_empty() {
                return Ok(());
            }
            let delete = Delete::builder().set_objects(Some(objects)).quiet(true).build().map_err(unavailable)?;
            let deleted = self.client.delete_objects().bucket(&self.bucket).delete(delete).send().await;
            let deleted = deleted.map_err(|error| unavailable(reason(&error)))?;
            if let Some(error) = deleted.errors().first() {
                return Err(unavailable(error.code().unwrap_or("not deleted")));
            }
        }
    }
}
