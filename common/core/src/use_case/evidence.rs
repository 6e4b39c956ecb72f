//! The evidence package of a request, with a validation report on each of its signed documents.

use pades::validate::{Report, Trust, validate};

use super::Intake;
use crate::config::ValidationTrust;
use crate::evidence_package::EvidencePackage;
use crate::ports::{DocumentStoreError, RootError};
use crate::sign_request::SignRequest;

/// Larger documents are not read for a package; validation takes them by themselves.
const LARGEST: u64 = 32 << 20;

/// The package of `request` as of now. A document that is too large, or no longer kept, has no report in it.
pub async fn evidence(intake: &Intake, request: &SignRequest) -> Result<EvidencePackage, EvidenceUnavailable> {
    let anchors = intake.root.root().await?.into_iter().collect();
    let ValidationTrust { time_stamp_anchors, svt_issuers } = intake.municipality.validation.clone();
    let trust = Trust { anchors, time_stamp_anchors, svt_issuers, ..Trust::default() };
    let now = intake.clock.now().as_second();
    let mut reports: Vec<Option<Report>> = Vec::with_capacity(request.documents.len());
    for document in &request.documents {
        reports.push(match (document.achieved, document.size) {
            (Some(_), ..=LARGEST) => match intake.documents.get(&request.id, &document.current).await {
                Ok(pdf) => Some(validate(&pdf, &trust, now)),
                Err(DocumentStoreError::Missing(_)) => None,
                Err(error) => return Err(error.into()),
            },
            _ => None,
        });
    }
    Ok(EvidencePackage::new(request, &reports))
}

/// What the package is made from does not answer; worth trying again.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceUnavailable {
    /// The root certificate.
    #[error(transparent)]
    Root(#[from] RootError),
    /// A document.
    #[error(transparent)]
    Document(#[from] DocumentStoreError),
}
