//! What the service does, one use case a file. Handlers parse, call one of these, and show the answer.

mod assemble;
mod callback;
mod decline;
mod notify;
mod receive;
mod resume;
mod show;
mod sign_hash;
mod signature_text;
mod start;
mod transition;
mod withdraw;

use std::sync::Arc;

pub use assemble::Assembly;
pub use callback::{Answer, CallbackError, Returned, callback};
pub use decline::{DeclineError, decline};
pub use receive::{NewDocument, NewSignRequest, NewSigner, ReceiveError, Violation, body_hash, receive};
pub use resume::{run, sweep};
pub use show::{LinkError, OpenedLink, document, open};
pub use sign_hash::Signing;
pub use signature_text::fingerprint;
pub use start::{StartError, Started, start};
pub use transition::{TransitionError, transition};
pub use withdraw::withdraw;

use crate::config::Municipality;
use crate::ports::{
    AssemblePades, Clock, DocumentStore, HttpClient, Random, SignDocumentHash, SignRequestIndex, SignRequestStore, SigningKey,
};

/// What intake needs.
#[derive(Clone)]
pub struct Intake {
    /// The municipality.
    pub municipality: Arc<Municipality>,
    /// Sign requests.
    pub store: Arc<dyn SignRequestStore>,
    /// Lists of them.
    pub index: Arc<dyn SignRequestIndex>,
    /// Documents.
    pub documents: Arc<dyn DocumentStore>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

/// What the signing pages, the callback and the sweep need. They hold neither documents' keys nor signing keys.
#[derive(Clone)]
pub struct Coordination {
    /// The municipality.
    pub municipality: Arc<Municipality>,
    /// Sign requests.
    pub store: Arc<dyn SignRequestStore>,
    /// Documents, to show them.
    pub documents: Arc<dyn DocumentStore>,
    /// `assemble-pades`.
    pub assemble_pades: Arc<dyn AssemblePades>,
    /// `sign-document-hash`.
    pub sign_document_hash: Arc<dyn SignDocumentHash>,
    /// The key that signs our requests to e-ID providers.
    pub client_key: Arc<dyn SigningKey>,
    /// Token endpoints and callbacks.
    pub http: Arc<dyn HttpClient>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}
