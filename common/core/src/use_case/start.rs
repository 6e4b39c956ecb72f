//! "Skriv under": prepare the documents, fix the manifest, send the browser to the e-ID.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use pades::Prepared;
use url::Url;

use super::{Coordination, OpenedLink, TransitionError, contents_capacity, signature_text, transition};
use crate::config::{EidKind, EidProvider};
use crate::eid::oidc;
use crate::identity::{IdentityAssertion, Names};
use crate::ids::{SecretHash, TransactionId, hex};
use crate::manifest::{Manifest, ManifestDocument};
use crate::ports::{AssembleError, PrepareCommand, PrepareDocument, Random};
use crate::sign_request::{EID_TIME, EidTransaction, Event, InvalidTransition, Language, SignRequest, SignerStatus, Signing, SigningStep};

/// Where the browser goes, and what it must bring back.
#[derive(Debug)]
pub struct Started {
    /// The provider's authorization endpoint with the request.
    pub redirect: Url,
    /// Goes into a cookie of this browser.
    pub session: String,
}

/// Why the e-ID step was not started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Not this signer's turn, or already done.
    #[error("the signer can't sign now")]
    NotReady(SignerStatus),
    /// Another signer is at the e-ID.
    #[error("another signer is signing")]
    Busy,
    /// The request has ended.
    #[error("the sign request has ended")]
    Closed,
    /// Not a provider of this municipality, or not allowed for this signer.
    #[error("no such e-ID provider")]
    UnknownProvider,
    /// The document can't be signed soundly.
    #[error("refused: {code}")]
    Refused {
        /// Stable reason code.
        code: String,
    },
    /// Worth trying again.
    #[error("the e-ID step can't start now: {0}")]
    Unavailable(String),
}

/// Prepares everything that will be signed, stores it, and gives the redirect. Nobody has authenticated yet. The e-ID
/// speaks `language`, as the page does that the signer comes from.
pub async fn start(coordination: &Coordination, opened: &OpenedLink, provider: &str, language: Language) -> Result<Started, StartError> {
    let now = coordination.clock.now();
    let OpenedLink { request, signer } = opened;
    request.can_start(*signer, now).map_err(not_possible)?;
    let provider = allowed_provider(coordination, request, *signer, provider)?;
    let prepared = prepare(coordination, request, *signer, provider, now).await?;

    let random = &*coordination.random;
    let transaction = TransactionId::random(random);
    let manifest = manifest(coordination, request, *signer, provider, &transaction, &prepared, now);
    let [secret, session, code_verifier, jti] = [(); 4].map(|()| token(random));
    let state = format!("{}.{secret}", request.id);
    let EidKind::Oidc(oidc) = &provider.kind;
    let authorization = oidc::AuthorizationRequest {
        redirect_uri: &coordination.municipality.callback_uri(&provider.id),
        state: &state,
        code_verifier: &code_verifier,
        manifest: manifest.hash(),
        sign_message: &signature_text::sign_message(&coordination.municipality, request, language),
        language,
        signer: manifest.signer.as_ref(),
        jti: &jti,
    };
    let redirect = oidc::authorization_url(oidc, &*coordination.client_key, &authorization, now)
        .await
        .map_err(|error| StartError::Unavailable(error.to_string()))?;

    let eid = EidTransaction {
        provider: provider.id.clone(),
        state: SecretHash::of(&state),
        session: SecretHash::of(&session),
        code_verifier: code_verifier.clone(),
    };
    let step = SigningStep::AtEid { eid, until: now + EID_TIME };
    let signing = Signing { signer: *signer, transaction, manifest: manifest.to_bytes(), prepared, started: now, step };
    match transition(&*coordination.store, &*coordination.clock, &request.id, &Event::EidStarted(Box::new(signing))).await {
        Ok((saved, _)) if saved.documents != request.documents => Err(StartError::Busy),
        Ok(_) => Ok(Started { redirect, session }),
        Err(TransitionError::Invalid(invalid)) => Err(not_possible(invalid)),
        Err(other) => Err(StartError::Unavailable(other.to_string())),
    }
}

fn not_possible(invalid: InvalidTransition) -> StartError {
    match invalid {
        InvalidTransition::NotReady(status) => StartError::NotReady(status),
        InvalidTransition::Busy | InvalidTransition::SignatureOnItsWay | InvalidTransition::OtherAttempt => StartError::Busy,
        InvalidTransition::Closed => StartError::Closed,
    }
}

fn allowed_provider<'a>(
    coordination: &'a Coordination,
    request: &SignRequest,
    signer: usize,
    id: &str,
) -> Result<&'a EidProvider, StartError> {
    let allowed = request.signers.get(signer).is_some_and(|signer| {
        signer.allowed_identification.is_empty() || signer.allowed_identification.iter().any(|allowed| allowed == id)
    });
    let provider = coordination.municipality.eid_providers.get(id).filter(|_| allowed);
    provider.ok_or(StartError::UnknownProvider)
}

async fn prepare(
    coordination: &Coordination,
    request: &SignRequest,
    signer: usize,
    provider: &EidProvider,
    now: Timestamp,
) -> Result<Vec<Prepared>, StartError> {
    let text = signature_text::visible(&coordination.municipality, request, signer, provider, now);
    let EidKind::Oidc(oidc) = &provider.kind;
    let longest = IdentityAssertion::longest(Names::longest(), oidc);
    let last_token = coordination.last_token.bytes().await;
    let algorithm = coordination.municipality.signature.algorithm;
    let capacity = contents_capacity(&coordination.municipality, algorithm, &longest, request.level, last_token, now);
    let command = PrepareCommand {
        sign_request: request.id.clone(),
        documents: request.documents.iter().map(|document| PrepareDocument { current: document.current }).collect(),
        lines: text.lines,
        field: signature_text::field(request, signer),
        signer_name: text.signer_name,
        reason: request.title.clone(),
        visible: request.visible_signature.clone(),
        signing_time: now,
        contents_capacity: capacity.map_err(StartError::Unavailable)?,
        digest: algorithm.digest(),
    };
    coordination.assemble_pades.prepare(&command).await.map_err(|error| match error {
        AssembleError::Refused { code, .. } => StartError::Refused { code },
        other => StartError::Unavailable(other.to_string()),
    })
}

fn manifest(
    coordination: &Coordination,
    request: &SignRequest,
    signer: usize,
    provider: &EidProvider,
    transaction: &TransactionId,
    prepared: &[Prepared],
    now: Timestamp,
) -> Manifest {
    let mut salt = [0; 32];
    coordination.random.fill(&mut salt);
    let documents = request.documents.iter().zip(prepared).map(|(document, prepared)| ManifestDocument {
        name: document.file_name.clone(),
        shown: document.current,
        to_be_signed: prepared.document_digest(),
    });
    Manifest {
        version: 1,
        municipality: coordination.municipality.id.clone(),
        sign_request: request.id.clone(),
        transaction: transaction.clone(),
        requester: request.requester.clone(),
        provider: provider.id.clone(),
        documents: documents.collect(),
        algorithm: coordination.municipality.signature.algorithm,
        signer: request.signers.get(signer).and_then(|signer| signer.personal_identity_number.clone()),
        started: now,
        expires: request.expires,
        salt: hex(&salt),
    }
}

/// 256 random bits, base64url.
fn token(random: &dyn Random) -> String {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
