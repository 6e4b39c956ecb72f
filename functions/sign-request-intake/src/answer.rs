//! A sign request as the API shows it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pades::presign::Finding;
use pades::{BaselineLevel, Digest};
use serde::Serialize;
use sigill_core::LinkSecret;
use sigill_core::ports::Upload;
use sigill_core::sign_request::{Outcome, SignRequest, SignerStatus, Stage, Status};
use sigill_web::finding::words;
use sigill_web::text::Text;
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<WarningAnswer>,
}

/// Something that the sender of a document should know.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WarningAnswer {
    /// Id of the document.
    document: usize,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<usize>,
    message: String,
}

impl WarningAnswer {
    pub fn new(document: usize, finding: &Finding, text: Text) -> Self {
        Self { document: document + 1, code: finding.code.code(), page: finding.page, message: words(finding, text) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DocumentAnswer {
    id: usize,
    file_name: String,
    sha256: Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    upload: Option<UploadAnswer>,
}

/// How a document is to be uploaded.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UploadAnswer {
    method: &'static str,
    url: Url,
    headers: BTreeMap<String, String>,
    expires: Timestamp,
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
    /// The same with where awaited documents are uploaded.
    pub fn with_uploads(mut self, uploads: Vec<(usize, Upload)>) -> Self {
        for (index, Upload { url, headers, expires }) in uploads {
            if let Some(document) = self.documents.get_mut(index) {
                document.upload = Some(UploadAnswer { method: "PUT", url, headers: headers.into_iter().collect(), expires });
            }
        }
        self
    }

    /// The same with what its sender should know.
    pub fn with_warnings(self, warnings: Vec<WarningAnswer>) -> Self {
        Self { warnings, ..self }
    }

    /// `request` for the e-service that holds `bearer`; links are told to whoever they were made for.
    pub fn new(request: &SignRequest, bearer: &str, public_url: &Url) -> Self {
        let documents = request.documents.iter().enumerate().map(|(index, document)| DocumentAnswer {
            id: index + 1,
            file_name: document.file_name.clone(),
            sha256: document.original,
            upload: None,
        });
        let draft = request.status() == Status::Draft;
        let signers = request.signers.iter().enumerate().map(|(index, signer)| {
            let secret = LinkSecret::derive(bearer, &request.id, index);
            let path = format!("/sign/{}/{}", request.id, secret.expose());
            SignerAnswer {
                external_id: signer.external_id.clone(),
                status: request.signer_status(index),
                // Nobody is to be sent to a page on which nothing can be read yet.
                signing_url: (!draft && signer.link.matches(secret.expose())).then(|| public_url.join(&path).ok()).flatten(),
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
            warnings: Vec::new(),
        }
    }
}
