//! What is accepted. One policy for now, named in every report.

use serde::Serialize;

use super::changes::ChangeKind;
use super::facts::Code;
use super::report::{Indication, SubIndication};
use crate::reader::limits::Limits;

/// The most that the validator does for one document; work grows with the file besides.
pub(super) const LIMITS: Limits = Limits { revisions: 64, objects: 1_000_000, depth: 64, inflated: 16 << 20, work: 32 << 20 };
/// Most signatures and document timestamps.
pub(super) const MOST_SIGNATURES: usize = 64;

/// A validation policy.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// Its name; a change of any rule changes it.
    pub id: &'static str,
}

impl Default for Policy {
    fn default() -> Self {
        Self { id: "urn:sigill:validation-policy:strict:1" }
    }
}

/// The signatures that stand before a revision, as far as they restrict it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protection {
    /// A certification with P=1, or usage rights.
    NoChanges,
    /// A certification that permits filling in forms, and no other signature since.
    FormFilling,
    /// A certification, and somebody has signed since.
    CertifiedAndSigned,
    /// Signatures without certification.
    Signed,
}

impl Policy {
    /// Whether a revision behind signatures may make such a change.
    pub(super) fn permits(&self, kind: ChangeKind, protection: Protection) -> bool {
        use ChangeKind::*;
        match kind {
            ValidationData | DocumentTimestamp | Extensions | Version | MetadataOfWriting | Information => true,
            Signature | SignatureField | Structure => protection != Protection::NoChanges,
            VisibleSignatureField => protection == Protection::Signed,
            FormFilling => protection == Protection::FormFilling,
            // The one who signs with this revision signs them, too; alone they are nobody's.
            Metadata => protection != Protection::NoChanges,
            _ => false,
        }
    }

    /// What a fault means.
    pub(super) fn weigh(&self, code: Code) -> (Indication, Option<SubIndication>) {
        use Indication::*;
        use SubIndication::*;
        let (indication, sub) = match code {
            Code::Structure | Code::Limit | Code::Encrypted => (Indeterminate, FormatFailure),
            Code::BytesOutsideRevisions
            | Code::UnlistedObjects
            | Code::UpdateStructure
            | Code::SignatureDictionary
            | Code::ByteRange
            | Code::RangeEnd
            | Code::RangeCollision
            | Code::SignatureRemoved
            | Code::SignatureReplaced
            | Code::Cms
            | Code::TrailingContents
            | Code::ChangedAfterSigning => (TotalFailed, FormatFailure),
            Code::SignatureWithoutField => (Indeterminate, SignedDataNotFound),
            Code::Digest => (TotalFailed, HashFailure),
            Code::SignatureValue => (TotalFailed, SigCryptoFailure),
            Code::SignedAttributes | Code::SubFilter | Code::Timestamp => (Indeterminate, SigConstraintsFailure),
            Code::Algorithm => (Indeterminate, CryptoConstraintsFailure),
            Code::SigningCertificate => (Indeterminate, NoSigningCertificateFound),
            Code::NoChain => (Indeterminate, NoCertificateChainFound),
            Code::ChainConstraints => (Indeterminate, ChainConstraintsFailure),
            Code::NotYetValid => (TotalFailed, NotYetValid),
            Code::NoProofOfTime => (Indeterminate, OutOfBoundsNoPoe),
            Code::NoRevocationData => (Indeterminate, TryLater),
            Code::Revoked => (TotalFailed, Revoked),
            Code::RevokedNoProofOfTime => (Indeterminate, RevokedNoPoe),
        };
        (indication, Some(sub))
    }
}
