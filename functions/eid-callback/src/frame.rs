//! What every page has around it, and how it is answered.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header::SET_COOKIE};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use sigill_core::config::Municipality;
use sigill_core::sign_request::{Document, Language, SignRequest};
use sigill_core::use_case::{Coordination, fingerprint};
use sigill_web::pages::{DocumentRow, Frame, size};
use sigill_web::security::page_headers;

/// `?lang=`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct LanguageQuery {
    pub lang: Option<Language>,
}

/// The frame of a page at `path`.
pub fn frame(municipality: &Municipality, language: Language, path: Option<&str>) -> Frame {
    let other = match language {
        Language::Sv => Language::En,
        Language::En => Language::Sv,
    };
    let offered = municipality.languages.contains(&other);
    Frame {
        language,
        organisation: municipality.organisation.name.clone(),
        contact: municipality.organisation.contact.clone(),
        accessibility_statement: municipality.organisation.accessibility_statement.as_ref().map(ToString::to_string),
        other_language: path.filter(|_| offered).map(|path| format!("{path}?lang={}", other.tag())),
    }
}

/// The documents of a request as the signer at `base` sees them.
pub fn rows(request: &SignRequest, base: &str) -> Vec<DocumentRow> {
    request.documents.iter().enumerate().map(|(index, document)| row(document, &format!("{base}/documents/{}", index + 1))).collect()
}

fn row(document: &Document, address: &str) -> DocumentRow {
    let sha256 = document.current.to_string();
    DocumentRow {
        name: document.file_name.clone(),
        pages: document.pages,
        size: size(document.size),
        fingerprint: fingerprint(&sha256),
        sha256,
        open: address.to_owned(),
        download: format!("{address}/download"),
    }
}

/// `page` with the headers of every page, and a cookie.
pub fn respond(coordination: &Coordination, status: StatusCode, page: &impl Template, cookie: Option<HeaderValue>) -> Response {
    match page.render() {
        Ok(html) => {
            let mut response = (status, page_headers(&coordination.municipality), Html(html)).into_response();
            response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
            response
        }
        Err(error) => {
            tracing::error!(%error, "a page was not rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
