//! Intake: check everything, store the documents, make the sign request.

mod begin;
mod documents;
mod new;
mod violations;

use jiff::Timestamp;
use pades::Inspection;
use url::Url;

use super::Intake;
use crate::config::{EService, Limits};
use crate::identity::PersonalIdentityNumber;
use crate::ids::{LinkSecret, SignRequestId, hex};
use crate::measure;
use crate::ports::{Created, Idempotency};
use crate::sign_request::{Document, History, START_TIME, SignRequest, Signer, Stage};

pub use begin::{begin, uploads};
pub use new::{Content, NewDocument, NewSignRequest, NewSigner, ReceiveError, Received, Violation};

/// Receives a request from `service`, which presented `bearer`. `idempotency` is the key and the hash of the body.
pub async fn receive(
    intake: &Intake,
    service: &EService,
    bearer: &str,
    new: NewSignRequest,
    idempotency: Option<(String, String)>,
) -> Result<Received, ReceiveError> {
    let now = intake.clock.now();
    within(&intake.municipality.limits, &new.documents)?;
    let readable = inline(&new.documents);
    let inspections = documents::inspect(&readable)?;
    let violations = violations::violations(intake, service, &new, &inspections, now);
    if !violations.is_empty() {
        return Err(ReceiveError::Invalid(violations));
    }
    let warnings = documents::check(&intake.municipality.pre_sign_check, &readable)?;
    documents::try_out(&new.visible_signature, new.signers.len(), &readable)?;
    // A repeated create names the same request, so that it stores its documents where they are already.
    let id = match &idempotency {
        Some((key, _)) => SignRequestId::named(&service.id, key),
        None => SignRequestId::random(&*intake.random),
    };
    let documents = store(intake, &id, &new.documents, &inspections).await?;
    let request = sign_request(intake, service, bearer, new, id, documents, now)?;
    let key = idempotency.map(|(key, body)| Idempotency { key: format!("{}/{key}", service.id), body, id: request.id.clone() });
    let request = match intake.store.create(&request, key.as_ref()).await.map_err(unavailable)? {
        Created::New => {
            tracing::info!(sign_request.id = %request.id, e_service = service.id, documents = request.documents.len(), "received");
            measure::created(&request);
            request
        }
        Created::Existing(earlier) if key.is_some_and(|key| key.body == earlier.body) => {
            let stored = intake.store.load(&earlier.id).await.map_err(unavailable)?;
            stored.map(|stored| stored.value).ok_or_else(|| ReceiveError::Unavailable("the earlier request is gone".to_owned()))?
        }
        Created::Existing(_) => return Err(ReceiveError::IdempotencyConflict),
    };
    let uploads = uploads(intake, &request).await.map_err(unavailable)?;
    Ok(Received { request, warnings, uploads })
}

/// Whether the documents are as small as they must be: each one that came along, and all together that are announced.
fn within(limits: &Limits, documents: &[NewDocument]) -> Result<(), ReceiveError> {
    let mut uploaded = 0_u64;
    for (document, new) in documents.iter().enumerate() {
        match &new.content {
            Content::Inline(bytes) if bytes.len() as u64 > limits.document_bytes => {
                return Err(ReceiveError::TooLarge { document, max_bytes: limits.document_bytes });
            }
            Content::Inline(_) => {}
            Content::Uploaded(announced) => uploaded = uploaded.saturating_add(announced.size),
        }
    }
    if uploaded > limits.upload_bytes { Err(ReceiveError::UploadsTooLarge { max_bytes: limits.upload_bytes }) } else { Ok(()) }
}

fn inline(documents: &[NewDocument]) -> Vec<(usize, pades::Document<'_>)> {
    let readable = documents.iter().enumerate().filter_map(|(index, document)| match &document.content {
        Content::Inline(bytes) => Some((index, bytes.into())),
        Content::Uploaded(_) => None,
    });
    readable.collect()
}

/// Stores the documents that came along; `inspections` are theirs, in order.
async fn store(
    intake: &Intake,
    id: &SignRequestId,
    new: &[NewDocument],
    inspections: &[Inspection],
) -> Result<Vec<Document>, ReceiveError> {
    let mut inspections = inspections.iter();
    let mut documents = Vec::with_capacity(new.len());
    for document in new {
        let (digest, pages) = match &document.content {
            Content::Inline(bytes) => {
                let digest = intake.documents.put(id, bytes).await.map_err(unavailable)?;
                (digest, inspections.next().map(|inspection| inspection.pages.len()))
            }
            Content::Uploaded(announced) => (announced.sha256, None),
        };
        let (file_name, size) = (document.file_name.clone(), document.content.size());
        documents.push(Document { file_name, original: digest, current: digest, size, pages, achieved: None });
    }
    Ok(documents)
}

fn unavailable(error: impl std::fmt::Display) -> ReceiveError {
    ReceiveError::Unavailable(error.to_string())
}

fn sign_request(
    intake: &Intake,
    service: &EService,
    bearer: &str,
    new: NewSignRequest,
    id: SignRequestId,
    documents: Vec<Document>,
    now: Timestamp,
) -> Result<SignRequest, ReceiveError> {
    let url = |text: &str| Url::parse(text).map_err(unavailable);
    let mut signers = Vec::with_capacity(new.signers.len());
    for (index, signer) in new.signers.into_iter().enumerate() {
        let number = signer.personal_identity_number.map(PersonalIdentityNumber::try_from).transpose().map_err(unavailable)?;
        signers.push(Signer {
            external_id: signer.external_id,
            name: signer.name,
            personal_identity_number: number,
            order: signer.order.unwrap_or(index as u32 + 1),
            allowed_identification: signer.allowed_identification,
            link: LinkSecret::derive(bearer, &id, index).hash(),
            viewed: None,
            done: None,
        });
    }
    let expires = new.expires.unwrap_or(now + intake.municipality.limits.default_expiry);
    let draft = documents.iter().any(|document| document.awaited().is_some());
    let mut request = SignRequest {
        requester: service.id.clone(),
        customer_reference: new.customer_reference,
        title: new.title,
        message: new.message,
        language: new.language,
        return_url: url(&new.return_url)?,
        callback_url: new.callback_url.as_deref().map(url).transpose()?,
        level: new.level.unwrap_or(intake.municipality.signature.level),
        visible_signature: new.visible_signature,
        created: now,
        expires,
        kept: intake.municipality.retention.after_end,
        documents,
        signers,
        stage: if draft { Stage::Draft { until: expires.min(now + START_TIME) } } else { Stage::Open },
        upgrade: None,
        notifications: Vec::new(),
        history: History::default(),
        id,
    };
    request.history = History::begin(&request);
    Ok(request)
}

/// SHA-256 of a request body in hexadecimal, to compare bodies under one idempotency key.
pub fn body_hash(body: &[u8]) -> String {
    hex(ring::digest::digest(&ring::digest::SHA256, body).as_ref())
}
