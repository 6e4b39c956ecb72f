//! A sign request as the API shows it.

use jiff::Timestamp;
use pades::{BaselineLevel, Digest};
use serde::Serialize;
use sigill_core::LinkSecret;
use sigill_core::sign_request::{Outcome, SignRequest, SignerStatus, Stage, Status};
use url::Url;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignRequestAnswer {
    id: String,
    customer_reference: String,
    title: String,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason: Option<String>,
    created: Timestamp,
    expires: Timestamp,
    requested_level: BaselineLevel,
    #[serde(skip_serializing_if = "Option::is_none")]
    achieved_level: Option<BaselineLevel>,
    documents: Vec<DocumentAnswer>,
    signers: Vec<SignerAnswer>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DocumentAnswer {
    id: usize,
    file_name: String,
    sha256: Digest,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignerAnswer {
    external_id: String,
    status: SignerStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    signing_url: Option<Url>,
}

impl SignRequestAnswer {
    /// `request` for the e-service that holds `bearer`; links are told to whoever they were made for.
    pub fn new(request: &SignRequest, bearer: &str, public_url: &Url) -> Self {
        let documents = request.documents.iter().enumerate().map(|(index, document)| DocumentAnswer {
            id: index + 1,
            file_name: document.file_name.clone(),
            sha256: document.original,
        });
        let signers = request.signers.iter().enumerate().map(|(index, signer)| {
            let secret = LinkSecret::derive(bearer, &request.id, index);
            let path = format!("/sign/{}/{}", request.id, secret.expose());
            SignerAnswer {
                external_id: signer.external_id.clone(),
                status: request.signer_status(index),
                signing_url: signer.link.matches(secret.expose()).then(|| public_url.join(&path).ok()).flatten(),
            }
        });
        let failure_reason = match &request.stage {
            Stage::Closed { outcome: Outcome::Failed { code }, .. } => Some(code.clone()),
            _ => None,
        };
        Self {
            id: request.id.to_string(),
            customer_reference: request.customer_reference.clone(),
            title: request.title.clone(),
            status: request.status(),
            failure_reason,
            created: request.created,
            expires: request.expires,
            requested_level: request.level,
            achieved_level: request.documents.iter().filter_map(|document| document.achieved).min(),
            documents: documents.collect(),
            signers: signers.collect(),
        }
    }
}
