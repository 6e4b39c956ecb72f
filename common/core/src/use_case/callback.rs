//! The browser comes back from the e-ID: consume the answer once, verify the token, store the evidence, then finish.

use super::{Coordination, TransitionError, run, transition};
use crate::config::{EidKind, EidProvider, OidcProvider};
use crate::eid::Evidence;
use crate::eid::oidc::{self, Arrival, EvidenceError};
use crate::ids::{SignRequestId, TransactionId, hex};
use crate::manifest::Manifest;
use crate::sign_request::{Event, SWEEP_DELAY, SignRequest, Signing, SigningStep, Stage};

/// The provider's answer, as it stands in the callback's query.
pub struct Answer {
    /// `state`.
    pub state: String,
    /// `iss` (RFC 9207).
    pub iss: Option<String>,
    /// `code`, or `error`.
    pub result: Result<String, String>,
}

/// The signer is authenticated and the signature is stored or on its way.
#[derive(Clone, Debug)]
pub struct Returned {
    /// The request.
    pub id: SignRequestId,
    /// Index of the signer.
    pub signer: usize,
}

/// Why the answer gave no signature.
#[derive(Debug, thiserror::Error)]
pub enum CallbackError {
    /// No attempt waits for this answer: used before, abandoned, or made up.
    #[error("no e-ID transaction waits for this answer")]
    UnknownTransaction,
    /// The answer came to another browser than the one that started.
    #[error("the answer came to another browser")]
    OtherBrowser,
    /// The person cancelled at the e-ID.
    #[error("cancelled at the e-ID")]
    Cancelled,
    /// The provider reports an error of its own.
    #[error("the provider reports an error")]
    Provider,
    /// Somebody else than the requested signer.
    #[error("another person than the requested signer")]
    WrongPerson,
    /// The token is not accepted.
    #[error("the evidence is not accepted: {0}")]
    Evidence(&'static str),
    /// The request has ended.
    #[error("the sign request has ended")]
    Expired,
    /// Worth trying again from the signing page.
    #[error("the e-ID step could not be finished: {0}")]
    Unavailable(String),
}

/// Takes the answer at `provider`'s callback from the browser whose session is `session`.
pub async fn callback(
    coordination: &Coordination,
    provider: &str,
    answer: Answer,
    session: Option<&str>,
) -> Result<Returned, CallbackError> {
    let provider = coordination.municipality.eid_providers.get(provider).ok_or(CallbackError::UnknownTransaction)?;
    let EidKind::Oidc(oidc) = &provider.kind;
    let (request, signing, code_verifier) = waiting(coordination, provider, &answer.state, session).await?;
    if answer.iss.as_ref().is_some_and(|iss| *iss != oidc.issuer) {
        return Err(CallbackError::UnknownTransaction);
    }
    let id = request.id.clone();
    let transaction = signing.transaction.clone();
    apply(coordination, &id, Event::CallbackReceived { transaction: transaction.clone() }).await?;
    match evidence(coordination, provider, oidc, answer.result, &code_verifier, &signing).await {
        Ok(evidence) => {
            // From here on the signature is never lost: the queue and the sweep finish what this process does not.
            apply(coordination, &id, Event::Authenticated { transaction, evidence }).await?;
            if let Err(error) = coordination.queue.finish_later(&id, SWEEP_DELAY).await {
                tracing::warn!(sign_request.id = %id, %error, "left to the sweep");
            }
            run(&coordination.finishing(), &id).await;
            Ok(Returned { id, signer: signing.signer })
        }
        Err(error) => {
            tracing::info!(sign_request.id = %id, %error, "no signature from the e-ID step");
            give_up(coordination, &id, transaction).await;
            Err(error)
        }
    }
}

/// The attempt that waits for this answer in this browser.
async fn waiting(
    coordination: &Coordination,
    provider: &EidProvider,
    state: &str,
    session: Option<&str>,
) -> Result<(SignRequest, Signing, String), CallbackError> {
    let id = state.split('.').next().and_then(|id| SignRequestId::try_from(id.to_owned()).ok());
    let id = id.ok_or(CallbackError::UnknownTransaction)?;
    let stored = coordination.store.load(&id).await.map_err(|error| CallbackError::Unavailable(error.to_string()))?;
    let request = stored.ok_or(CallbackError::UnknownTransaction)?.value;
    let Stage::Signing(signing) = &request.stage else {
        return Err(CallbackError::UnknownTransaction);
    };
    let SigningStep::AtEid { eid, .. } = &signing.step else {
        return Err(CallbackError::UnknownTransaction);
    };
    if eid.provider != provider.id || !eid.state.matches(state) {
        return Err(CallbackError::UnknownTransaction);
    }
    if !session.is_some_and(|session| eid.session.matches(session)) {
        return Err(CallbackError::OtherBrowser);
    }
    if request.expires <= coordination.clock.now() {
        return Err(CallbackError::Expired);
    }
    let (signing, code_verifier) = (Signing::clone(signing), eid.code_verifier.clone());
    Ok((request, signing, code_verifier))
}

/// Exchanges the code and verifies the token against the manifest.
async fn evidence(
    coordination: &Coordination,
    provider: &EidProvider,
    oidc: &OidcProvider,
    result: Result<String, String>,
    code_verifier: &str,
    signing: &Signing,
) -> Result<Evidence, CallbackError> {
    let code = result.map_err(|error| match error.as_str() {
        "access_denied" | "consent_required" | "interaction_required" => CallbackError::Cancelled,
        _ => CallbackError::Provider,
    })?;
    let manifest = Manifest::from_bytes(&signing.manifest).map_err(|error| CallbackError::Unavailable(error.to_string()))?;
    let unavailable = |error: oidc::ExchangeError| CallbackError::Unavailable(error.to_string());
    let mut jti = [0; 16];
    coordination.random.fill(&mut jti);
    let now = coordination.clock.now();
    let redirect_uri = coordination.municipality.callback_uri(&provider.id);
    let http = &*coordination.http;
    let id_token = oidc::exchange(oidc, http, &*coordination.client_key, (&code, code_verifier), &redirect_uri, &hex(&jti), now)
        .await
        .map_err(unavailable)?;
    let keys = oidc::published_keys(oidc, http).await.map_err(unavailable)?;
    match oidc::verify(oidc, &id_token, &keys, &manifest, Arrival::Now, coordination.clock.now()) {
        Ok(_) => Ok(Evidence::Oidc { provider: provider.id.clone(), id_token, keys }),
        Err(EvidenceError::WrongPerson) => Err(CallbackError::WrongPerson),
        Err(EvidenceError::Expired) => Err(CallbackError::Expired),
        Err(error) => Err(CallbackError::Evidence(error.code())),
    }
}

async fn apply(coordination: &Coordination, id: &SignRequestId, event: Event) -> Result<(), CallbackError> {
    match transition(&*coordination.store, &*coordination.clock, id, &event).await {
        Ok(_) => Ok(()),
        Err(TransitionError::Invalid(_) | TransitionError::Unknown) => Err(CallbackError::UnknownTransaction),
        Err(TransitionError::Store(error)) => Err(CallbackError::Unavailable(error.to_string())),
    }
}

/// Lets the signer start again at once. If this fails the attempt ends by time.
async fn give_up(coordination: &Coordination, id: &SignRequestId, transaction: TransactionId) {
    if let Err(error) = apply(coordination, id, Event::EidFailed { transaction }).await {
        tracing::warn!(sign_request.id = %id, %error, "the attempt was not ended");
    }
}
