//! Intake: check everything, store the documents, make the sign request.

use jiff::Timestamp;
use pades::{BaselineLevel, Inspection, NewField, Refusal, SignatureField, SignatureParameters, Visibility};
use serde::Serialize;
use url::Url;

use super::Intake;
use crate::config::{EService, Limits, Mode};
use crate::identity::PersonalIdentityNumber;
use crate::ids::{LinkSecret, SignRequestId, hex};
use crate::ports::{Created, Idempotency, VisibleSignature};
use crate::sign_request::{Document, Language, SignRequest, Signer, Stage};

/// Longest title, name or reference, in characters.
const LONGEST_TEXT: usize = 255;
/// A name that no document has, for a field that is tried out and thrown away.
const TRIAL_FIELD: &str = "Signature_trial";
/// Longest message, in characters.
const LONGEST_MESSAGE: usize = 2_000;

/// A request as an e-service sends it, parsed but not yet judged.
pub struct NewSignRequest {
    /// Echoed.
    pub customer_reference: String,
    /// What is asked.
    pub title: String,
    /// More about it.
    pub message: Option<String>,
    /// The language of pages.
    pub language: Language,
    /// The documents, decoded.
    pub documents: Vec<NewDocument>,
    /// The signers.
    pub signers: Vec<NewSigner>,
    /// Where the browser goes afterwards.
    pub return_url: String,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// Told of changes.
    pub callback_url: Option<String>,
    /// The level.
    pub level: Option<BaselineLevel>,
    /// Where signatures show.
    pub visible_signature: VisibleSignature,
}

/// A document as it came.
pub struct NewDocument {
    /// Its name.
    pub file_name: String,
    /// Its declared type.
    pub mime_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// A signer as named.
pub struct NewSigner {
    /// The e-service's own name of the person.
    pub external_id: String,
    /// The person's name.
    pub name: String,
    /// The number as sent.
    pub personal_identity_number: Option<String>,
    /// The order as sent.
    pub order: Option<u32>,
    /// Ids of e-ID providers.
    pub allowed_identification: Vec<String>,
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Path of the field, for example `signers[0].name`.
    pub field: String,
    /// What is wrong, without the value.
    pub message: String,
}

/// Why nothing was received.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Fields are wrong; all of them are listed.
    #[error("{} violations", .0.len())]
    Invalid(Vec<Violation>),
    /// A document can't be signed soundly.
    #[error("document {document} is refused: {reason}")]
    Document {
        /// From 0.
        document: usize,
        /// Stable reason code.
        reason: &'static str,
        /// For people.
        detail: String,
    },
    /// A document is larger than the limit.
    #[error("document {document} is larger than {max_bytes} bytes")]
    TooLarge {
        /// From 0.
        document: usize,
        /// The limit.
        max_bytes: u64,
    },
    /// The idempotency key was used with another body.
    #[error("the idempotency key was used with another body")]
    IdempotencyConflict,
    /// Worth trying again.
    #[error("not possible now: {0}")]
    Unavailable(String),
}

/// Receives a request from `service`, which presented `bearer`. `idempotency` is the key and the hash of the body.
pub async fn receive(
    intake: &Intake,
    service: &EService,
    bearer: &str,
    new: NewSignRequest,
    idempotency: Option<(String, String)>,
) -> Result<SignRequest, ReceiveError> {
    let now = intake.clock.now();
    let inspections = inspect(&intake.municipality.limits, &new.documents)?;
    let violations = violations(intake, service, &new, &inspections, now);
    if !violations.is_empty() {
        return Err(ReceiveError::Invalid(violations));
    }
    try_out(&new)?;
    let id = SignRequestId::random(&*intake.random);
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
            Ok(request)
        }
        Created::Existing(earlier) if key.is_some_and(|key| key.body == earlier.body) => {
            let stored = intake.store.load(&earlier.id).await.map_err(unavailable)?;
            stored.map(|stored| stored.value).ok_or_else(|| ReceiveError::Unavailable("the earlier request is gone".to_owned()))
        }
        Created::Existing(_) => Err(ReceiveError::IdempotencyConflict),
    }
}

fn unavailable(error: impl std::fmt::Display) -> ReceiveError {
    ReceiveError::Unavailable(error.to_string())
}

fn inspect(limits: &Limits, documents: &[NewDocument]) -> Result<Vec<Inspection>, ReceiveError> {
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

/// Prepares every signature field as the first signer will: what would be refused then is refused now.
fn try_out(new: &NewSignRequest) -> Result<(), ReceiveError> {
    let field = |index| NewField { name: format!("{}_{index}", TRIAL_FIELD), label: String::new() };
    let visibility = match &new.visible_signature {
        VisibleSignature::None => Visibility::Invisible,
        VisibleSignature::Automatic => Visibility::Automatic,
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
    Ok(SignRequest {
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
        notifications: Vec::new(),
        id,
    })
}

/// Collects everything that is wrong, so that a caller mends it in one go.
struct Violations(Vec<Violation>);

impl Violations {
    fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(Violation { field: field.into(), message: message.into() });
    }

    fn text(&mut self, field: impl Into<String>, text: &str, longest: usize) {
        let field = field.into();
        if text.trim().is_empty() {
            self.add(field, "must not be empty");
        } else if text.chars().count() > longest {
            self.add(field, format!("must not be longer than {longest} characters"));
        } else if text.chars().any(misleading) {
            self.add(field, "must not hold control or direction characters");
        }
    }
}

/// Characters that make a text look like another one.
fn misleading(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn violations(intake: &Intake, service: &EService, new: &NewSignRequest, inspections: &[Inspection], now: Timestamp) -> Vec<Violation> {
    let municipality = &intake.municipality;
    let limits = &municipality.limits;
    let mut found = Violations(Vec::new());
    found.text("customerReference", &new.customer_reference, LONGEST_TEXT);
    found.text("title", &new.title, LONGEST_TEXT);
    if let Some(message) = &new.message {
        found.text("message", message, LONGEST_MESSAGE);
    }
    count(&mut found, "documents", new.documents.len(), limits.documents);
    count(&mut found, "signers", new.signers.len(), limits.signers);
    for (index, document) in new.documents.iter().enumerate() {
        let name = format!("documents[{index}].fileName");
        found.text(name.clone(), &document.file_name, LONGEST_TEXT);
        if document.file_name.contains(['/', '\\']) {
            found.add(name, "must be a name, not a path");
        }
        if document.mime_type != "application/pdf" {
            found.add(format!("documents[{index}].mimeType"), "must be application/pdf");
        }
    }
    for (index, signer) in new.signers.iter().enumerate() {
        found.text(format!("signers[{index}].externalId"), &signer.external_id, LONGEST_TEXT);
        found.text(format!("signers[{index}].name"), &signer.name, LONGEST_TEXT);
        if new.signers.iter().take(index).any(|earlier| earlier.external_id == signer.external_id) {
            found.add(format!("signers[{index}].externalId"), "must not occur twice");
        }
        if let Some(Err(error)) = signer.personal_identity_number.clone().map(PersonalIdentityNumber::try_from) {
            found.add(format!("signers[{index}].personalIdentityNumber"), error.to_string());
        }
        for (position, provider) in signer.allowed_identification.iter().enumerate() {
            if !municipality.eid_providers.contains_key(provider) {
                found.add(format!("signers[{index}].allowedIdentification[{position}]"), "is not an e-ID of this service");
            }
        }
    }
    address(&mut found, "returnUrl", &new.return_url, &service.return_hosts, municipality.mode);
    if let Some(callback) = &new.callback_url {
        address(&mut found, "callbackUrl", callback, &service.callback_hosts, municipality.mode);
        if service.webhook_secret.is_none() {
            found.add("callbackUrl", "the e-service has no webhook secret");
        }
    }
    match new.expires {
        Some(expires) if expires <= now => found.add("expires", "must lie in the future"),
        Some(expires) if now + limits.longest_expiry < expires => {
            found.add("expires", format!("must be at most {} days away", limits.longest_expiry.as_hours() / 24));
        }
        _ => {}
    }
    if let VisibleSignature::At { page, rect } = &new.visible_signature {
        for inspection in inspections {
            let inside = page.checked_sub(1).and_then(|index| inspection.pages.get(index)).map(|facts| {
                let visible = &facts.visible;
                rect.width > 0.0
                    && rect.height > 0.0
                    && visible.x <= rect.x
                    && visible.y <= rect.y
                    && rect.x + rect.width <= visible.x + visible.width
                    && rect.y + rect.height <= visible.y + visible.height
            });
            match inside {
                None => found.add("visibleSignature.page", "must be a page of every document"),
                Some(false) => found.add("visibleSignature", "must lie inside the page"),
                Some(true) => {}
            }
        }
    }
    found.0
}

fn count(found: &mut Violations, field: &str, count: usize, most: usize) {
    if count == 0 {
        found.add(field, "must not be empty");
    } else if count > most {
        found.add(field, format!("must not be more than {most}"));
    }
}

/// A URL whose host the e-service may use: https, or anything on the own machine in the local mode.
fn address(found: &mut Violations, field: &str, text: &str, hosts: &[String], mode: Mode) {
    let Ok(url) = Url::parse(text) else {
        return found.add(field, "must be an absolute URL");
    };
    let host = url.host_str().map(|host| url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")));
    if url.scheme() != "https" && !(mode == Mode::Local && url.scheme() == "http") {
        found.add(field, "must be https");
    } else if !url.username().is_empty() || url.password().is_some() {
        found.add(field, "must not hold a user name");
    } else if !host.is_some_and(|host| hosts.contains(&host)) {
        found.add(field, "its host is not one of this e-service");
    }
}

/// SHA-256 of a request body in hexadecimal, to compare bodies under one idempotency key.
pub fn body_hash(body: &[u8]) -> String {
    hex(ring::digest::digest(&ring::digest::SHA256, body).as_ref())
}
