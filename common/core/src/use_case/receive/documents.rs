//! Judging the documents.

use pades::presign::{self, Action, Finding, Policy};
use pades::{Document, Inspection, NewField, Refusal, SignatureField, SignatureParameters, Visibility};

use super::ReceiveError;
use crate::ports::VisibleSignature;

/// A name that no document has, for a field that is tried out and thrown away.
const TRIAL_FIELD: &str = "Signature_trial";

/// Documents that can be read, each with its place in the request.
pub(super) type Readable<'a> = [(usize, Document<'a>)];

/// What intake needs to know of each document; the first one that can't be signed soundly refuses them all.
pub(super) fn inspect(documents: &Readable<'_>) -> Result<Vec<Inspection>, ReceiveError> {
    documents.iter().map(|(index, document)| pades::inspect(*document).map_err(|refusal| refused(*index, &refusal))).collect()
}

/// Checks that what is seen is what is signed. Gives what the municipality only wants to be told of.
pub(super) fn check(policy: &Policy, documents: &Readable<'_>) -> Result<Vec<(usize, Finding)>, ReceiveError> {
    let mut warnings = Vec::new();
    for (index, document) in documents {
        let found = presign::check(*document).map_err(|refusal| refused(*index, &refusal))?;
        let findings = policy.select(&found, Action::Refuse);
        if !findings.is_empty() {
            return Err(ReceiveError::Unfit { document: *index, findings });
        }
        warnings.extend(policy.select(&found, Action::Warn).into_iter().map(|finding| (*index, finding)));
    }
    Ok(warnings)
}

/// Prepares every signature field as the first signer will: what would be refused then is refused now.
pub(super) fn try_out(visible: &VisibleSignature, signers: usize, documents: &Readable<'_>) -> Result<(), ReceiveError> {
    let field = |index| NewField { name: format!("{}_{index}", TRIAL_FIELD), label: String::new() };
    let visibility = match visible {
        VisibleSignature::None => Visibility::Invisible,
        VisibleSignature::Automatic => Visibility::Automatic,
        VisibleSignature::SignaturePage => Visibility::SignaturePage,
        VisibleSignature::At { page, rect } => Visibility::At { page: *page, rect: *rect },
    };
    let parameters = SignatureParameters {
        field: SignatureField::OneOf { name: field(0).name, all: (0..signers).map(field).collect() },
        visibility,
        appearance: None,
        signing_time: 0,
        reason: None,
        location: None,
        contact: None,
        signer_name: None,
        contents_capacity: 0,
    };
    for (index, document) in documents {
        pades::draft(*document, &parameters).map_err(|refusal| refused(*index, &refusal))?;
    }
    Ok(())
}

fn refused(document: usize, refusal: &Refusal) -> ReceiveError {
    match refusal {
        Refusal::Unreadable { .. } => ReceiveError::Unavailable(refusal.to_string()),
        _ => ReceiveError::Document { document, reason: refusal.code(), detail: refusal.to_string() },
    }
}
