//! One person at one of our addresses: who serves, in which language, and how every page is answered.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header::SET_COOKIE};
use axum::response::{Html, IntoResponse, Response};
use sigill_core::sign_request::{Document, Language, SignRequest};
use sigill_core::use_case::{Coordination, LinkError, OpenedLink, fingerprint, open};
use sigill_web::language;
use sigill_web::pages::{DocumentRow, Frame, Link};
use sigill_web::return_url::with_status;
use sigill_web::security::{Cookie, page_headers};
use sigill_web::text::Text;

use crate::message::Message;

/// How long a loaded page can be used and a chosen language is remembered, seconds.
pub const PAGE_TIME: u32 = 24 * 3600;

/// The request, as far as every page needs it.
pub struct Visit {
    pub coordination: Coordination,
    pub headers: HeaderMap,
    /// `?lang=`.
    asked: Option<Language>,
}

impl FromRequestParts<Coordination> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, coordination: &Coordination) -> Result<Self, Self::Rejection> {
        let asked = language::asked(parts.uri.query().unwrap_or_default());
        Ok(Self { coordination: coordination.clone(), headers: parts.headers.clone(), asked })
    }
}

impl Visit {
    /// The language of a page about `request`: the person's choice, the e-service's, the browser's, ours.
    pub fn language(&self, request: Option<&SignRequest>) -> Language {
        let municipality = &self.coordination.municipality;
        let chosen = || Cookie::Language.read(municipality, &self.headers).as_deref().and_then(language::from_tag);
        let wanted = self.asked.or_else(chosen).or(request.map(|request| request.language)).or_else(|| language::accepted(&self.headers));
        let ours = || municipality.languages.first().copied().unwrap_or_default();
        wanted.filter(|language| municipality.languages.contains(language)).unwrap_or_else(ours)
    }

    /// Opens the link, or answers why not.
    pub async fn opened(&self, id: &str, secret: &str) -> Result<OpenedLink, Response> {
        open(&self.coordination, id, secret).await.map_err(|error| match error {
            LinkError::Unknown => self.message(Message::UnknownLink, None),
            LinkError::Unavailable(detail) => {
                tracing::warn!(detail, "a link was not opened");
                self.message(Message::Unavailable, None)
            }
        })
    }

    /// What the answer to a form or from an e-ID has around it, in the language of `request`.
    pub fn frame_of_answer(&self, request: Option<&SignRequest>) -> Frame {
        let organisation = &self.coordination.municipality.organisation;
        Frame {
            text: Text(self.language(request)),
            organisation: organisation.name.clone(),
            contact: organisation.contact.clone(),
            accessibility_statement: organisation.accessibility_statement.as_ref().map(ToString::to_string),
            other_language: None,
        }
    }

    /// What a page has around it that can be had again from its address, in another language too.
    pub fn frame_of_page(&self, request: Option<&SignRequest>) -> Frame {
        let frame = self.frame_of_answer(request);
        let other = self.coordination.municipality.languages.iter().copied().find(|other| *other != frame.text.0);
        // Relative to wherever this is: an address of ours may look like that of another host.
        Frame { other_language: other.map(|other| (other, format!("?lang={}", other.tag()))), ..frame }
    }

    /// Back to the e-service, told where the request stands.
    pub fn to_service(&self, request: &SignRequest, label: impl FnOnce(&str) -> String) -> Link {
        let service = self.coordination.municipality.e_services.get(&request.requester).map_or("", |service| service.name.as_str());
        Link { label: label(service), address: with_status(&request.return_url, request.status(), &request.id).to_string() }
    }

    /// `page` with the headers of every page, and cookies.
    pub fn respond(&self, status: StatusCode, page: &impl Template, cookie: Option<HeaderValue>) -> Response {
        let municipality = &self.coordination.municipality;
        match page.render() {
            Ok(html) => {
                let mut response = (status, page_headers(municipality), Html(html)).into_response();
                let language = self.asked.and_then(|language| Cookie::Language.set(municipality, language.tag(), PAGE_TIME));
                for cookie in [cookie, language].into_iter().flatten() {
                    response.headers_mut().append(SET_COOKIE, cookie);
                }
                response
            }
            Err(error) => {
                tracing::error!(%error, "a page was not rendered");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// The documents of a request as the signer at `base` sees them.
pub fn rows(request: &SignRequest, base: &str, text: Text) -> Vec<DocumentRow> {
    request.documents.iter().enumerate().map(|(index, document)| row(document, &format!("{base}/documents/{}", index + 1), text)).collect()
}

fn row(document: &Document, address: &str, text: Text) -> DocumentRow {
    let sha256 = document.current.to_string();
    DocumentRow {
        name: document.file_name.clone(),
        pages: text.pages(document.pages.unwrap_or_default()),
        size: text.size(document.size),
        fingerprint: fingerprint(&sha256),
        sha256,
        open: address.to_owned(),
        download: format!("{address}/download"),
    }
}
