//! The page behind a signing link: read and sign, or where things stand.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use sigill_core::sign_request::{SignRequest, SignerStatus, SigningStep, Stage};
use sigill_core::use_case::OpenedLink;
use sigill_web::pages::{ProviderChoice, SignPage};
use sigill_web::security::{Cookie, form_token};

use crate::message::Message;
use crate::state::state;
use crate::visit::{PAGE_TIME, Visit, rows};

pub async fn page(Path((id, secret)): Path<(String, String)>, visit: Visit) -> Response {
    match visit.opened(&id, &secret).await {
        Err(response) => response,
        Ok(link) => {
            let base = format!("/sign/{id}/{secret}");
            if can_sign(&link.request, link.signer) {
                sign_page(&visit, &link, base)
            } else {
                state(&visit, &link.request, link.signer, &base)
            }
        }
    }
}

/// Whether the signer may (still, or again) start: pressing back at the e-ID leads to the same page.
fn can_sign(request: &SignRequest, signer: usize) -> bool {
    match (request.signer_status(signer), &request.stage) {
        (SignerStatus::Ready, _) => true,
        (SignerStatus::Signing, Stage::Signing(signing)) => matches!(signing.step, SigningStep::AtEid { .. }),
        _ => false,
    }
}

fn sign_page(visit: &Visit, link: &OpenedLink, base: String) -> Response {
    let municipality = &visit.coordination.municipality;
    let request = &link.request;
    let Some(signer) = request.signers.get(link.signer) else {
        return visit.message(Message::UnknownLink, None);
    };
    let mut providers: Vec<_> = municipality
        .eid_providers
        .values()
        .filter(|provider| signer.allowed_identification.is_empty() || signer.allowed_identification.contains(&provider.id))
        .map(|provider| ProviderChoice { id: provider.id.clone(), name: provider.name.clone() })
        .collect();
    providers.sort_by(|a, b| a.name.cmp(&b.name));
    let token = form_token(municipality, &visit.headers, &*visit.coordination.random);
    let cookie = Cookie::Page.set(municipality, &token, PAGE_TIME);
    let frame = visit.frame_of_page(Some(request));
    let text = frame.text;
    let page = SignPage {
        title: request.title.clone(),
        message: request.message.clone(),
        requester: municipality.e_services.get(&request.requester).map_or_else(String::new, |service| service.name.clone()),
        signer: signer.name.clone(),
        expires: text.moment(request.expires),
        documents: rows(request, &base, text),
        providers,
        frame,
        leave: visit.to_service(request, |service| text.back_to_service_unsigned(service)),
        base,
        token,
    };
    visit.respond(StatusCode::OK, &page, cookie)
}
