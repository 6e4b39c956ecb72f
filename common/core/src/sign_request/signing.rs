//! One signer's way through the e-ID: prepared documents, evidence, signatures.

use jiff::Timestamp;
use pades::Prepared;
use serde::{Deserialize, Serialize};

use crate::eid::Evidence;
use crate::ids::{SecretHash, TransactionId};
use crate::ports::SignOutcome;

/// One attempt of one signer. While it lives nobody else can sign, for the revision is prepared for this person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Signing {
    /// Index of the signer.
    pub signer: usize,
    /// The attempt.
    pub transaction: TransactionId,
    /// The manifest's bytes.
    #[serde(with = "crate::octets")]
    pub manifest: Vec<u8>,
    /// The prepared revision of each document.
    pub prepared: Vec<Prepared>,
    /// When the signer pressed the button.
    pub started: Timestamp,
    /// How far it has come.
    pub step: SigningStep,
}

/// How far an attempt has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum SigningStep {
    /// The browser is at the e-ID provider. Abandoned when nobody comes back before `until`.
    AtEid {
        /// What the answer is checked against.
        eid: EidTransaction,
        /// When another signer may start.
        until: Timestamp,
    },
    /// The one answer came and is being exchanged for a token: the same answer can't come again.
    Exchanging {
        /// When the exchange is given up.
        until: Timestamp,
    },
    /// The person is authenticated: from here the signature is never lost.
    Authenticated {
        /// The raw evidence.
        evidence: Evidence,
        /// When.
        at: Timestamp,
    },
    /// The digests are signed; the documents wait for assembly.
    HashSigned {
        /// The raw evidence.
        evidence: Evidence,
        /// The first stored signatures.
        outcome: Box<SignOutcome>,
    },
}

/// What the answer of an e-ID provider is checked against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EidTransaction {
    /// Id of the provider.
    pub provider: String,
    /// Hash of the `state` sent.
    pub state: SecretHash,
    /// Hash of the browser's session cookie.
    pub session: SecretHash,
    /// The PKCE code verifier (RFC 7636).
    pub code_verifier: String,
}
