//! What the core needs from the outside, one small trait each. Adapters live in `common/local`, `common/aws` and
//! `common/web`.

mod documents;
mod environment;
mod functions;
mod http;
mod journal;
mod keys;
mod queue;
mod revocation;
mod root;
mod secrets;
mod store;
mod timestamp;
mod transfers;

pub use documents::{DocumentStore, DocumentStoreError, StoredDocument};
pub use environment::{Clock, Random};
pub use functions::{
    AssembleAnswer, AssembleCommand, AssembleError, AssemblePades, AssembledDocument, CompleteCommand, CompleteDocument, Completion,
    DocumentSignature, ExtendCommand, PrepareCommand, PrepareDocument, SignCommand, SignDocumentHash, SignError, SignOutcome,
    SigningAnswer, SigningCommand, VisibleSignature,
};
pub use http::{HttpClient, HttpError};
pub use journal::{Intent, JournalEntry, JournalError, SigningJournal};
pub use keys::{KeyError, OneTimeKey, OneTimeKeys, SigningKey, ToBeSigned};
pub use queue::{QueueError, WorkQueue};
pub use revocation::{NoRevocationData, RevocationData, RevocationSource};
pub use root::{RootCertificate, RootError};
pub use secrets::{Secret, SecretError, Secrets};
pub use store::{Created, Idempotency, Page, SignRequestIndex, SignRequestStore, StoreError, Versioned};
pub use timestamp::{LastToken, TimeStampAuthority, TimeStampError};
pub use transfers::{Announced, DOWNLOAD_TIME, Disposition, Transfers, UPLOAD_TIME, Upload};
