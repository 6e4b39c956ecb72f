//! Judging the documents.

use pades::presign::{self, Action, Finding, Policy};
use pades::{Inspection, NewField, Refusal, SignatureField, SignatureParameters, Visibility};

use super::{NewDocument, NewSignRequest, ReceiveError};
use crate::config::Limits;
use crate::ports::VisibleSignature;

/// A name that no document has, for a field that is tried out and thrown away.
const TRIAL_FIELD: &str = "Signature_trial";

/// What intake needs to know of each document; the first one that can't be signed soundly refuses them all.
pub(super) fn inspect(limits: &Limits, documents: &[NewDocument]) -> Result<Vec<Inspection>, ReceiveError> {
    documents
        .iter()
        .enumerate()
        .map(|(index, document)| {
            if document.content.len() as u64 > limits.document_bytes {
                return Err(ReceiveError::TooLarge { document: index, max_bytes: limits.document_bytes });
            }
            pades::inspect(&document.content).map_err(|refusal| refused(index, &refusal))
        })
        .collect()
}

/// Checks that what is seen is what is signed. Gives what the municipality only wants to be told of.
pub(super) fn check(policy: &Policy, documents: &[NewDocument]) -> Result<Vec<(usize, Finding)>, ReceiveError> {
    let mut warnings = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let found = presign::check(&document.content).map_err(|refusal| refused(index, &refusal))?;
        let findings = policy.select(&found, Action::Refuse);
        if !findings.is_empty() {
            return Err(ReceiveError::Unfit { document: index, findings });
        }
        warnings.extend(policy.select(&found, Action::Warn).into_iter().map(|finding| (index, finding)));
    }
    Ok(warnings)
}

/// Prepares every signature field as the first signer will: what would be refused then is refused now.
pub(super) fn try_out(new: &NewSignRequest) -> Result<(), ReceiveError> {
    let field = |index| NewField { name: format!("{}_{index}", TRIAL_FIELD), label: String::new() };
    let visibility = match &new.visible_signature {
        VisibleSignature::None => Visibility::Invisible,
        VisibleSignature::Automatic => Visibility::Automatic,
        VisibleSignature::SignaturePage => Visibility::SignaturePage,
        VisibleSignature::At { page, rect } => Visibility::At { page: *page, rect: *rect },
    };
    let parameters = SignatureParameters {
        field: SignatureField::OneOf { name: field(0).name, all: (0..new.signers.len()).map(field).collect() },
        visibility,
        appearance: None,
        signing_time: 0,
        reason: None,
        location: None,
        contact: None,
        signer_name: None,
        contents_capacity: 0,
    };
    for (index, document) in new.documents.iter().enumerate() {
        pades::draft(&document.content, &parameters).map_err(|refusal| refused(index, &refusal))?;
    }
    Ok(())
}

fn refused(document: usize, refusal: &Refusal) -> ReceiveError {
    ReceiveError::Document { document, reason: refusal.code(), detail: refusal.to_string() }
}
