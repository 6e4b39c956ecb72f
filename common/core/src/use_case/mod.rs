//! What the service does, one use case a file. Handlers parse, call one of these, and show the answer.

mod assemble;
mod callback;
mod decline;
mod evidence;
mod fetch;
mod issue_root;
mod level;
mod notify;
mod receive;
mod report;
mod resume;
mod room;
mod show;
mod sign_hash;
mod signature;
mod signature_text;
mod start;
mod transition;
mod watched;
mod withdraw;

use std::sync::Arc;

pub use assemble::Assembly;
pub use callback::{Answer, CallbackError, Returned, callback};
pub use decline::{DeclineError, decline};
pub use evidence::{EvidenceUnavailable, evidence};
pub use fetch::{Fetched, LARGEST_ANSWER, fetch};
pub use issue_root::{IssueRootError, issue_root};
pub use receive::{Content, NewDocument, NewSignRequest, NewSigner, ReceiveError, Received, Violation, begin, body_hash, receive, uploads};
pub use report::{Period, Report, report};
pub use resume::{finish, run, sweep};
pub use room::{contents_capacity, keep_token};
pub use show::{LinkError, OpenedLink, document, open};
pub use sign_hash::Signing;
pub use signature_text::fingerprint;
pub use start::{StartError, Started, start};
pub use transition::{TransitionError, transition};
pub use withdraw::withdraw;

use crate::config::Municipality;
use crate::ports::{
    AssemblePades, Clock, DocumentStore, HttpClient, LastToken, Random, RootCertificate, Secrets, SignDocumentHash, SignRequestIndex,
    SignRequestStore, SigningKey, Transfers, WorkQueue,
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
    /// Large documents, which come and go past it.
    pub transfers: Arc<dyn Transfers>,
    /// The root certificate, to publish it.
    pub root: Arc<dyn RootCertificate>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

/// What the signing pages and the callback need. They hold neither documents' keys nor signing keys.
#[derive(Clone)]
pub struct Coordination {
    /// The municipality.
    pub municipality: Arc<Municipality>,
    /// Sign requests.
    pub store: Arc<dyn SignRequestStore>,
    /// Work that must not be lost.
    pub queue: Arc<dyn WorkQueue>,
    /// Documents, to show them.
    pub documents: Arc<dyn DocumentStore>,
    /// Large ones, which are shown past it.
    pub transfers: Arc<dyn Transfers>,
    /// `assemble-pades`.
    pub assemble_pades: Arc<dyn AssemblePades>,
    /// `sign-document-hash`.
    pub sign_document_hash: Arc<dyn SignDocumentHash>,
    /// To make room for the next timestamp.
    pub last_token: Arc<dyn LastToken>,
    /// The key that signs our requests to e-ID providers.
    pub client_key: Arc<dyn SigningKey>,
    /// Webhook secrets.
    pub secrets: Arc<dyn Secrets>,
    /// Token endpoints and callbacks.
    pub http: Arc<dyn HttpClient>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

/// What finishing what somebody began needs: less than the pages, for nobody is shown or asked anything.
#[derive(Clone)]
pub struct Finishing {
    /// The municipality.
    pub municipality: Arc<Municipality>,
    /// Sign requests.
    pub store: Arc<dyn SignRequestStore>,
    /// Documents, to delete them in the end.
    pub documents: Arc<dyn DocumentStore>,
    /// `assemble-pades`.
    pub assemble_pades: Arc<dyn AssemblePades>,
    /// `sign-document-hash`.
    pub sign_document_hash: Arc<dyn SignDocumentHash>,
    /// To make room for the next timestamp.
    pub last_token: Arc<dyn LastToken>,
    /// Webhook secrets.
    pub secrets: Arc<dyn Secrets>,
    /// Notifications.
    pub http: Arc<dyn HttpClient>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl Coordination {
    /// The part of it that finishes.
    pub fn finishing(&self) -> Finishing {
        Finishing {
            municipality: Arc::clone(&self.municipality),
            store: Arc::clone(&self.store),
            documents: Arc::clone(&self.documents),
            assemble_pades: Arc::clone(&self.assemble_pades),
            sign_document_hash: Arc::clone(&self.sign_document_hash),
            last_token: Arc::clone(&self.last_token),
            secrets: Arc::clone(&self.secrets),
            http: Arc::clone(&self.http),
            clock: Arc::clone(&self.clock),
        }
    }
}
