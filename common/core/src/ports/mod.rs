//! What the core needs from the outside, one small trait each. Adapters live in `common/local`, `common/aws` and
//! `common/web`.

mod documents;
mod environment;
mod functions;
mod http;
mod journal;
mod keys;
mod store;
mod timestamp;

pub use documents::{DocumentStore, DocumentStoreError};
pub use environment::{Clock, Random};
pub use functions::{
    AssembleError, AssemblePades, AssembledDocument, CompleteCommand, CompleteDocument, Completion, DocumentSignature, PrepareCommand,
    PrepareDocument, SignCommand, SignDocumentHash, SignError, SignOutcome, VisibleSignature,
};
pub use http::{HttpClient, HttpError};
pub use journal::{Intent, JournalEntry, JournalError, SigningJournal};
pub use keys::{KeyError, OneTimeKey, OneTimeKeys, SigningKey, ToBeSigned};
pub use store::{Created, Idempotency, Page, SignRequestIndex, SignRequestStore, StoreError, Versioned};
pub use timestamp::{RevocationSource, TimeStampAuthority, TimeStampError};
