use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use sigill_core::eid::Evidence;
use sigill_core::sign_request::{Done, SignRequest};
use sigill_core::use_case::Intake;
use sigill_web::problem::Problem;
use sigill_web::reply::Context;
use sigill_web::requester::requester;

use crate::authorize::own_request;

/// `GET /v1/sign-requests/{id}/evidence`: everything that proves each signature, to be archived by the e-service.
pub async fn evidence(State(intake): State<Intake>, context: Context, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let found = async {
        let requester = requester(&intake.municipality, &headers)?;
        let request = own_request(&intake, &requester, &id).await?;
        Ok(Json(package(&request)).into_response())
    };
    found.await.unwrap_or_else(|problem: Problem| context.problem(&problem))
}

fn package(request: &SignRequest) -> Value {
    let documents = request.documents.iter().map(|document| {
        json!({ "fileName": document.file_name, "original": document.original, "signed": document.current, "achievedLevel": document.achieved })
    });
    json!({
        "id": request.id,
        "customerReference": request.customer_reference,
        "status": request.status(),
        "requestedLevel": request.level,
        "documents": documents.collect::<Vec<_>>(),
        "signers": request.signers.iter().map(|signer| signer_evidence(&signer.external_id, signer.done.as_ref())).collect::<Vec<_>>(),
    })
}

fn signer_evidence(external_id: &str, done: Option<&Done>) -> Value {
    let base64 = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    match done {
        None => json!({ "externalId": external_id, "act": null }),
        Some(Done::Declined { at, reason }) => json!({ "externalId": external_id, "act": "declined", "at": at, "reason": reason }),
        Some(Done::Signed { at, evidence }) => json!({
            "externalId": external_id,
            "act": "signed",
            "at": at,
            "identity": evidence.outcome.signer,
            "manifest": base64(&evidence.manifest),
            "eid": eid(&evidence.evidence),
            "certificates": evidence.outcome.certificates.iter().map(|der| base64(der)).collect::<Vec<_>>(),
            "signatures": evidence.outcome.signatures.iter().map(|signature| json!({
                "documentDigest": signature.document,
                "signedAttributes": base64(&signature.signed_attributes),
                "signature": base64(&signature.signature),
            })).collect::<Vec<_>>(),
        }),
    }
}

fn eid(evidence: &Evidence) -> Value {
    match evidence {
        Evidence::Oidc { provider, id_token, keys } => json!({ "kind": "oidc", "provider": provider, "idToken": id_token, "keys": keys }),
    }
}
