//! Doing what the state asks for: right after an event as the fast path, and from the queue after a crash. Every step
//! is idempotent, so both may run at once.

use jiff::SignedDuration;

use super::{Finishing, TransitionError, keep_token, notify, transition};
use crate::ids::SignRequestId;
use crate::manifest::Manifest;
use crate::ports::{
    AssembleError, Clock, CompleteCommand, CompleteDocument, DocumentStoreError, ExtendCommand, SignCommand, SignError, SignRequestIndex,
    WorkQueue,
};
use crate::sign_request::{Effect, Event, SignRequest, Signing, SigningStep, Stage};

/// Longest chain of effects that one run follows: sign, assemble, and a notification after each.
const STEPS: usize = 8;
/// Requests that one sweep takes on.
const SWEEP: u32 = 200;

/// Runs what request `id` asks for until nothing is left or something has to wait. Failures are logged and left to
/// the sweep.
pub async fn run(finishing: &Finishing, id: &SignRequestId) {
    for _ in 0..STEPS {
        match step(finishing, id).await {
            Ok(Progress::Made) => {}
            Ok(Progress::Done) => return,
            Err(error) => {
                tracing::warn!(sign_request.id = %id, %error, "left to the sweep");
                return;
            }
        }
    }
}

/// Takes up request `id` from the queue: lets time pass for it, then runs what it asks for.
pub async fn finish(finishing: &Finishing, id: &SignRequestId) {
    match transition(&*finishing.store, &*finishing.clock, id, &Event::ClockPassed).await {
        Ok(_) => run(finishing, id).await,
        // Retention has taken it.
        Err(TransitionError::Unknown) => {}
        Err(error) => tracing::warn!(sign_request.id = %id, %error, "left to the sweep"),
    }
}

/// Puts every request whose time has come into the queue. Answers how many there were.
pub async fn sweep(index: &dyn SignRequestIndex, queue: &dyn WorkQueue, clock: &dyn Clock) -> usize {
    let due = match index.due(clock.now(), SWEEP).await {
        Ok(due) => due,
        Err(error) => {
            tracing::warn!(%error, "no sweep");
            return 0;
        }
    };
    for id in &due {
        if let Err(error) = queue.finish_later(id, SignedDuration::ZERO).await {
            tracing::warn!(sign_request.id = %id, %error, "left to the next sweep");
        }
    }
    due.len()
}

enum Progress {
    Made,
    Done,
}

#[derive(Debug, thiserror::Error)]
enum StepError {
    #[error(transparent)]
    Transition(#[from] TransitionError),
    #[error(transparent)]
    Sign(#[from] SignError),
    #[error(transparent)]
    Assemble(#[from] AssembleError),
    #[error(transparent)]
    Documents(#[from] DocumentStoreError),
}

async fn step(finishing: &Finishing, id: &SignRequestId) -> Result<Progress, StepError> {
    let Some(stored) = finishing.store.load(id).await.map_err(TransitionError::from)? else {
        return Ok(Progress::Done);
    };
    let request = stored.value;
    let effects = request.effects(finishing.clock.now());
    let mut events = Vec::new();
    for effect in effects {
        match (effect, &request.stage) {
            (Effect::SignHash, Stage::Signing(signing)) => events.extend(sign_hash(finishing, signing).await?),
            (Effect::Assemble, Stage::Signing(signing)) => events.extend(assemble(finishing, &request, signing).await?),
            (Effect::Extend, _) => events.push(extend(finishing, &request).await),
            (Effect::Forget, _) => return forget(finishing, id).await,
            (Effect::Notify { id }, _) => events.extend(notify::deliver(finishing, &request, &id).await),
            (Effect::SignHash | Effect::Assemble, _) => {}
        }
    }
    if events.is_empty() {
        return Ok(Progress::Done);
    }
    for event in &events {
        match transition(&*finishing.store, &*finishing.clock, id, event).await {
            // Another run was faster: its result stands.
            Ok(_) | Err(TransitionError::Invalid(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Progress::Made)
}

/// One try to raise the documents to their level. A try that fails is an event too, so that the next one waits.
async fn extend(finishing: &Finishing, request: &SignRequest) -> Event {
    let base: Vec<_> = request.documents.iter().map(|document| document.current).collect();
    let last_token = finishing.last_token.bytes().await;
    let command = ExtendCommand { sign_request: request.id.clone(), documents: base.clone(), level: request.level, last_token };
    let documents = match finishing.assemble_pades.extend(&command).await {
        Ok(completion) => {
            keep_token(&*finishing.last_token, completion.last_token).await;
            completion.documents
        }
        Err(error) => {
            tracing::warn!(sign_request.id = %request.id, %error, "the level is not reached yet");
            Vec::new()
        }
    };
    Event::Extended { base, documents }
}

/// Documents first: a request that is still there is found and forgotten again.
async fn forget(finishing: &Finishing, id: &SignRequestId) -> Result<Progress, StepError> {
    finishing.documents.forget(id).await?;
    finishing.store.forget(id).await.map_err(TransitionError::from)?;
    tracing::info!(sign_request.id = %id, "forgotten");
    Ok(Progress::Done)
}

async fn sign_hash(finishing: &Finishing, signing: &Signing) -> Result<Option<Event>, StepError> {
    let SigningStep::Authenticated { evidence, .. } = &signing.step else {
        return Ok(None);
    };
    let transaction = signing.transaction.clone();
    let command = SignCommand { manifest: signing.manifest.clone(), evidence: evidence.clone() };
    match finishing.sign_document_hash.sign(&command).await {
        Ok(outcome) => Ok(Some(Event::HashSigned { transaction, outcome })),
        Err(SignError::Refused { code }) => Ok(Some(Event::Failed { transaction, code })),
        Err(error) => Err(error.into()),
    }
}

async fn assemble(finishing: &Finishing, request: &SignRequest, signing: &Signing) -> Result<Option<Event>, StepError> {
    let SigningStep::HashSigned { outcome, .. } = &signing.step else {
        return Ok(None);
    };
    let transaction = signing.transaction.clone();
    let Ok(manifest) = Manifest::from_bytes(&signing.manifest) else {
        return Ok(Some(Event::Failed { transaction, code: "manifest".to_owned() }));
    };
    let documents = manifest.documents.iter().zip(&signing.prepared).zip(&outcome.signatures);
    let command = CompleteCommand {
        sign_request: request.id.clone(),
        documents: documents
            .map(|((document, prepared), signature)| CompleteDocument {
                current: document.shown,
                prepared: prepared.clone(),
                signature: signature.clone(),
            })
            .collect(),
        certificates: outcome.certificates.clone(),
        level: request.level,
    };
    match finishing.assemble_pades.complete(&command).await {
        Ok(completion) => {
            keep_token(&*finishing.last_token, completion.last_token).await;
            Ok(Some(Event::Assembled { transaction, documents: completion.documents }))
        }
        Err(AssembleError::Refused { code, .. }) => Ok(Some(Event::Failed { transaction, code })),
        Err(AssembleError::Unsound { detail }) => {
            tracing::error!(sign_request.id = %request.id, detail, "a finished document is not sound");
            Ok(Some(Event::Failed { transaction, code: "unsound_result".to_owned() }))
        }
        Err(error) => Err(error.into()),
    }
}
