//! The ports of a process, each with the fuse in its calls.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pades::{Digest, Growing, SignatureAlgorithm, Source};
use sigill_core::ports::{
    Announced, Disposition, DocumentStore, DocumentStoreError, HttpClient, HttpError, Intent, JournalEntry, JournalError, KeyError,
    OneTimeKey, OneTimeKeys, QueueError, SignOutcome, SignRequestStore, SigningJournal, SigningKey, StoreError, StoredDocument,
    TimeStampAuthority, TimeStampError, ToBeSigned, Transfers, Upload, Versioned, WorkQueue,
};
use sigill_core::ports::{Created, Idempotency};
use sigill_core::{SignRequest, SignRequestId, TransactionId};

use super::fuse::Fuse;

pub struct Fused<T: ?Sized> {
    pub fuse: Arc<Fuse>,
    pub inner: Arc<T>,
}

fn dead() -> String {
    "the process is dead".to_owned()
}

#[async_trait]
impl SignRequestStore for Fused<dyn SignRequestStore> {
    async fn create(&self, request: &SignRequest, key: Option<&Idempotency>) -> Result<Created, StoreError> {
        self.fuse.through("create request", self.inner.create(request, key), || StoreError::Unavailable(dead())).await
    }

    async fn load(&self, id: &SignRequestId) -> Result<Option<Versioned<SignRequest>>, StoreError> {
        self.fuse.through("load request", self.inner.load(id), || StoreError::Unavailable(dead())).await
    }

    async fn save(&self, request: &Versioned<SignRequest>) -> Result<(), StoreError> {
        self.fuse.through("save request", self.inner.save(request), || StoreError::Unavailable(dead())).await
    }

    async fn forget(&self, id: &SignRequestId) -> Result<(), StoreError> {
        self.fuse.through("forget request", self.inner.forget(id), || StoreError::Unavailable(dead())).await
    }
}

#[async_trait]
impl DocumentStore for Fused<dyn DocumentStore> {
    async fn put(&self, request: &SignRequestId, bytes: &[u8]) -> Result<Digest, DocumentStoreError> {
        self.fuse.through("put document", self.inner.put(request, bytes), || DocumentStoreError::Unavailable(dead())).await
    }

    async fn get(&self, request: &SignRequestId, digest: &Digest) -> Result<Vec<u8>, DocumentStoreError> {
        self.fuse.through("get document", self.inner.get(request, digest), || DocumentStoreError::Unavailable(dead())).await
    }

    async fn open(&self, request: &SignRequestId, digest: &Digest) -> Result<StoredDocument, DocumentStoreError> {
        self.fuse.through("open document", self.inner.open(request, digest), || DocumentStoreError::Unavailable(dead())).await
    }

    async fn append(&self, request: &SignRequestId, document: &StoredDocument, grown: &Growing<'_>) -> Result<Digest, DocumentStoreError> {
        let append = self.inner.append(request, document, grown);
        self.fuse.through("append to document", append, || DocumentStoreError::Unavailable(dead())).await
    }

    async fn forget(&self, request: &SignRequestId) -> Result<(), DocumentStoreError> {
        self.fuse.through("forget documents", self.inner.forget(request), || DocumentStoreError::Unavailable(dead())).await
    }
}

#[async_trait]
impl Transfers for Fused<dyn Transfers> {
    async fn upload(&self, request: &SignRequestId, document: &Announced, now: Timestamp) -> Result<Upload, DocumentStoreError> {
        let upload = self.inner.upload(request, document, now);
        self.fuse.through("address of upload", upload, || DocumentStoreError::Unavailable(dead())).await
    }

    async fn uploaded(&self, request: &SignRequestId, document: &Announced) -> Result<Arc<dyn Source>, DocumentStoreError> {
        let uploaded = self.inner.uploaded(request, document);
        self.fuse.through("look for upload", uploaded, || DocumentStoreError::Unavailable(dead())).await
    }

    async fn download(
        &self,
        request: &SignRequestId,
        digest: &Digest,
        disposition: Disposition,
        now: Timestamp,
    ) -> Result<url::Url, DocumentStoreError> {
        let download = self.inner.download(request, digest, disposition, now);
        self.fuse.through("address of download", download, || DocumentStoreError::Unavailable(dead())).await
    }
}

#[async_trait]
impl SigningJournal for Fused<dyn SigningJournal> {
    async fn intend(&self, transaction: &TransactionId, intent: &Intent) -> Result<(), JournalError> {
        self.fuse.through("intend", self.inner.intend(transaction, intent), || JournalError(dead())).await
    }

    async fn settle(&self, transaction: &TransactionId, outcome: &SignOutcome) -> Result<SignOutcome, JournalError> {
        self.fuse.through("settle", self.inner.settle(transaction, outcome), || JournalError(dead())).await
    }

    async fn read(&self, transaction: &TransactionId) -> Result<JournalEntry, JournalError> {
        self.fuse.through("read journal", self.inner.read(transaction), || JournalError(dead())).await
    }
}

#[async_trait]
impl SigningKey for Fused<dyn SigningKey> {
    async fn public_key(&self) -> Result<Vec<u8>, KeyError> {
        self.inner.public_key().await
    }

    async fn sign(&self, message: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        self.fuse.through("sign", self.inner.sign(message), || KeyError::Unavailable(dead())).await
    }
}

#[async_trait]
impl OneTimeKeys for Fused<dyn OneTimeKeys> {
    async fn create(&self, transaction: &TransactionId, algorithm: SignatureAlgorithm) -> Result<OneTimeKey, KeyError> {
        self.fuse.through("create key", self.inner.create(transaction, algorithm), || KeyError::Unavailable(dead())).await
    }

    async fn sign(&self, key: &OneTimeKey, message: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        self.fuse.through("sign with one-time key", self.inner.sign(key, message), || KeyError::Unavailable(dead())).await
    }

    async fn destroy(&self, key: &OneTimeKey) -> Result<(), KeyError> {
        self.fuse.through("destroy key", self.inner.destroy(key), || KeyError::Unavailable(dead())).await
    }
}

#[async_trait]
impl HttpClient for Fused<dyn HttpClient> {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError> {
        self.fuse.through("send", self.inner.send(request), || HttpError::Unreachable(dead())).await
    }
}

#[async_trait]
impl TimeStampAuthority for Fused<dyn TimeStampAuthority> {
    async fn time_stamp(&self, request: &[u8]) -> Result<Vec<u8>, TimeStampError> {
        self.fuse.through("timestamp", self.inner.time_stamp(request), || TimeStampError(dead())).await
    }
}

#[async_trait]
impl WorkQueue for Fused<dyn WorkQueue> {
    async fn finish_later(&self, id: &SignRequestId, after: SignedDuration) -> Result<(), QueueError> {
        self.fuse.through("put into queue", self.inner.finish_later(id, after), || QueueError(dead())).await
    }
}
