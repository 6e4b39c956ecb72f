//! Starting a draft: its documents have been uploaded and are judged as those are that come with a request.

use std::sync::Arc;

use pades::Source;
use pades::presign::Finding;

use super::documents::Readable;
use super::{ReceiveError, Received, documents, unavailable, violations};
use crate::ports::{Announced, DocumentStoreError, Upload};
use crate::sign_request::{Event, SignRequest, Stage};
use crate::use_case::watched::Watched;
use crate::use_case::{Intake, TransitionError, transition};

/// Starts `request`, so that its signers may sign; idempotent. Warnings are told by the call that starts it.
pub async fn begin(intake: &Intake, request: SignRequest) -> Result<Received, ReceiveError> {
    let (pages, warnings) = match request.stage {
        Stage::Draft { until } if until <= intake.clock.now() => return Err(ReceiveError::Ended),
        Stage::Draft { .. } => judge(intake, &request).await?,
        Stage::Open | Stage::Signing(_) | Stage::Closed { .. } => (Vec::new(), Vec::new()),
    };
    match transition(&*intake.store, &*intake.clock, &request.id, &Event::Started { pages }).await {
        Ok((request, _)) => {
            tracing::info!(sign_request.id = %request.id, documents = request.documents.len(), "started");
            Ok(Received { request, warnings, uploads: Vec::new() })
        }
        Err(TransitionError::Invalid(_)) => Err(ReceiveError::Ended),
        Err(TransitionError::Unknown) => Err(ReceiveError::Unknown),
        Err(TransitionError::Store(error)) => Err(unavailable(error)),
    }
}

/// Pages of every document, and what its sender should know of those that were uploaded.
type Judged = (Vec<usize>, Vec<(usize, Finding)>);

async fn judge(intake: &Intake, request: &SignRequest) -> Result<Judged, ReceiveError> {
    let uploaded = uploaded(intake, request).await?;
    let watched: Vec<_> = uploaded.iter().map(|(index, source)| (*index, Watched::new(&**source))).collect();
    let readable: Vec<_> = watched.iter().map(|(index, watched)| (*index, watched.document())).collect();
    let judged = judge_read(intake, request, &readable);
    if watched.iter().any(|(_, watched)| watched.failed()) {
        return Err(ReceiveError::Unavailable("a document can't be read now".to_owned()));
    }
    judged
}

fn judge_read(intake: &Intake, request: &SignRequest, readable: &Readable<'_>) -> Result<Judged, ReceiveError> {
    let inspections = documents::inspect(readable)?;
    let misplaced = violations::misplaced(&request.visible_signature, &inspections);
    if !misplaced.is_empty() {
        return Err(ReceiveError::Invalid(misplaced));
    }
    let warnings = documents::check(&intake.municipality.pre_sign_check, readable)?;
    documents::try_out(&request.visible_signature, request.signers.len(), readable)?;
    let mut found = inspections.iter().map(|inspection| inspection.pages.len());
    let pages = request.documents.iter().map(|document| document.pages.or_else(|| found.next()).unwrap_or_default());
    Ok((pages.collect(), warnings))
}

/// What was uploaded of `request`, by its place in it.
async fn uploaded(intake: &Intake, request: &SignRequest) -> Result<Vec<(usize, Arc<dyn Source>)>, ReceiveError> {
    let (mut sources, mut missing) = (Vec::new(), Vec::new());
    for (index, announced) in awaited(request) {
        match intake.transfers.uploaded(&request.id, &announced).await {
            Ok(source) => sources.push((index, source)),
            Err(DocumentStoreError::Missing(_)) => missing.push(index),
            Err(error) => return Err(unavailable(error)),
        }
    }
    if missing.is_empty() { Ok(sources) } else { Err(ReceiveError::NotUploaded(missing)) }
}

fn awaited(request: &SignRequest) -> impl Iterator<Item = (usize, Announced)> {
    request.documents.iter().enumerate().filter_map(|(index, document)| Some((index, document.awaited()?)))
}

/// Where the awaited documents of a draft can be uploaded, by their place in it; nowhere once it was started or ended.
pub async fn uploads(intake: &Intake, request: &SignRequest) -> Result<Vec<(usize, Upload)>, DocumentStoreError> {
    let now = intake.clock.now();
    let mut uploads = Vec::new();
    if matches!(request.stage, Stage::Draft { until } if now < until) {
        for (index, announced) in awaited(request) {
            uploads.push((index, intake.transfers.upload(&request.id, &announced, now).await?));
        }
    }
    Ok(uploads)
}
