//! Intake: check everything, store the documents, make the sign request.

mod documents;
mod new;
mod violations;

use jiff::Timestamp;
use url::Url;

use super::Intake;
use crate::config::EService;
use crate::identity::PersonalIdentityNumber;
use crate::ids::{LinkSecret, SignRequestId, hex};
use crate::measure;
use crate::ports::{Created, Idempotency};
use crate::sign_request::{Document, History, SignRequest, Signer, Stage};

pub use new::{NewDocument, NewSignRequest, NewSigner, ReceiveError, Received, Violation};

/// Receives a request from `service`, which presented `bearer`. `idempotency` is the key and the hash of the body.
pub async fn receive(
    intake: &Intake,
    service: &EService,
    bearer: &str,
    new: NewSignRequest,
    idempotency: Option<(String, String)>,
) -> Result<Received, ReceiveError> {
    let now = intake.clock.now();
    let inspections = documents::inspect(&intake.municipality.limits, &new.documents)?;
    let violations = violations::violations(intake, service, &new, &inspections, now);
    if !violations.is_empty() {
        return Err(ReceiveError::Invalid(violations));
    }
    let warnings = documents::check(&intake.municipality.pre_sign_check, &new.documents)?;
    documents::try_out(&new)?;
    // A repeated create names the same request, so that it stores its documents where they are already.
    let id = match &idempotency {
        Some((key, _)) => SignRequestId::named(&service.id, key),
        None => SignRequestId::random(&*intake.random),
    };
    let mut documents = Vec::with_capacity(new.documents.len());
    for (document, inspection) in new.documents.iter().zip(&inspections) {
        let digest = intake.documents.put(&id, &document.content).await.map_err(unavailable)?;
        documents.push(Document {
            file_name: document.file_name.clone(),
            original: digest,
            current: digest,
            size: document.content.len() as u64,
            pages: inspection.pages.len(),
            achieved: None,
        });
    }
    let request = sign_request(intake, service, bearer, new, id, documents, now)?;
    let key = idempotency.map(|(key, body)| Idempotency { key: format!("{}/{key}", service.id), body, id: request.id.clone() });
    match intake.store.create(&request, key.as_ref()).await.map_err(unavailable)? {
        Created::New => {
            tracing::info!(sign_request.id = %request.id, e_service = service.id, documents = request.documents.len(), "received");
            measure::created(&request);
            Ok(Received { request, warnings })
        }
        Created::Existing(earlier) if key.is_some_and(|key| key.body == earlier.body) => {
            let stored = intake.store.load(&earlier.id).await.map_err(unavailable)?;
            let request =
                stored.map(|stored| stored.value).ok_or_else(|| ReceiveError::Unavailable("the earlier request is gone".to_owned()))?;
            Ok(Received { request, warnings })
        }
        Created::Existing(_) => Err(ReceiveError::IdempotencyConflict),
    }
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
        expires: new.expires.unwrap_or(now + intake.municipality.limits.default_expiry),
        kept: intake.municipality.retention.after_end,
        documents,
        signers,
        stage: Stage::Open,
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
