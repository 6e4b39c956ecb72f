//! The page behind a signing link: read and sign, or where things stand.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::tz::TimeZone;
use sigill_core::sign_request::{Language, SignRequest, SignerStatus, SigningStep, Stage};
use sigill_core::use_case::{Coordination, LinkError, OpenedLink, open};
use sigill_web::pages::{ProviderChoice, SignPage};
use sigill_web::security::{Cookie, form_token};

use crate::frame::{LanguageQuery, frame, respond, rows};
use crate::state::{Message, message, state};

/// How long a loaded page can be used, seconds.
const PAGE_TIME: u32 = 24 * 3600;

pub async fn page(
    State(coordination): State<Coordination>,
    Path((id, secret)): Path<(String, String)>,
    Query(language): Query<LanguageQuery>,
) -> Response {
    match opened(&coordination, &id, &secret, language).await {
        Err(response) => response,
        Ok((link, language)) => {
            let base = format!("/sign/{id}/{secret}");
            if can_sign(&link.request, link.signer) {
                sign_page(&coordination, &link, language, base)
            } else {
                state(&coordination, &link.request, link.signer, language, &base)
            }
        }
    }
}

/// Opens the link, or answers why not.
pub async fn opened(coordination: &Coordination, id: &str, secret: &str, query: LanguageQuery) -> Result<(OpenedLink, Language), Response> {
    match open(coordination, id, secret).await {
        Ok(link) => {
            let language = query.lang.unwrap_or(link.request.language);
            Ok((link, language))
        }
        Err(error) => {
            let what = match error {
                LinkError::Unknown => Message::UnknownLink,
                LinkError::Unavailable(detail) => {
                    tracing::warn!(detail, "a link was not opened");
                    Message::Unavailable
                }
            };
            Err(message(coordination, query.lang.unwrap_or_default(), what, None))
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

fn sign_page(coordination: &Coordination, link: &OpenedLink, language: Language, base: String) -> Response {
    let municipality = &coordination.municipality;
    let request = &link.request;
    let Some(signer) = request.signers.get(link.signer) else {
        return message(coordination, language, Message::UnknownLink, None);
    };
    let mut providers: Vec<_> = municipality
        .eid_providers
        .values()
        .filter(|provider| signer.allowed_identification.is_empty() || signer.allowed_identification.contains(&provider.id))
        .map(|provider| ProviderChoice { id: provider.id.clone(), name: provider.name.clone() })
        .collect();
    providers.sort_by(|a, b| a.name.cmp(&b.name));
    let zone = TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC);
    let token = form_token(&*coordination.random);
    let cookie = Cookie::Page.set(municipality, &token, PAGE_TIME);
    let page = SignPage {
        title: request.title.clone(),
        message: request.message.clone(),
        requester: municipality.e_services.get(&request.requester).map_or_else(String::new, |service| service.name.clone()),
        signer: signer.name.clone(),
        expires: request.expires.to_zoned_datetime(zone).strftime("%Y-%m-%d %H:%M").to_string(),
        documents: rows(request, &base),
        providers,
        frame: frame(municipality, language, Some(&base)),
        base,
        token,
    };
    respond(coordination, StatusCode::OK, &page, cookie)
}
