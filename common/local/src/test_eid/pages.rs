//! The provider's own pages: no script, two languages, plainly marked as a test.

use askama::Template;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use sigill_core::sign_request::Language;
use sigill_web::language;
use sigill_web::security::{content_security_policy, private};

use super::TestEid;
use super::claims::AuthorizationClaims;
use super::persons::{TestPerson, by_number, test_persons};

/// What both pages have around them.
struct Frame<'a> {
    language: Language,
    issuer: &'a str,
}

impl Frame<'_> {
    fn text(&self, swedish: &'static str, english: &'static str) -> &'static str {
        match self.language {
            Language::Sv => swedish,
            Language::En => english,
        }
    }
}

#[derive(Template)]
#[template(path = "test_eid/decide.html")]
struct Decide<'a> {
    frame: Frame<'a>,
    transaction: &'a str,
    client: &'a str,
    message: String,
    asked: Option<&'static TestPerson>,
    persons: &'static [TestPerson],
}

#[derive(Template)]
#[template(path = "test_eid/refused.html")]
struct Refused<'a> {
    frame: Frame<'a>,
}

pub fn decide(provider: &TestEid, transaction: &str, claims: &AuthorizationClaims) -> Response {
    let page = Decide {
        frame: Frame { language: claims.language(), issuer: provider.issuer() },
        transaction,
        client: &provider.parameters.client.name,
        message: claims.message().unwrap_or_default(),
        asked: claims.person().and_then(by_number),
        persons: test_persons(),
    };
    // Chromium applies form-action to the redirect that follows the form.
    let back = claims.redirect_uri.origin().ascii_serialization();
    respond(StatusCode::OK, &format!("form-action 'self' {back}"), &page)
}

/// For a request that can't be answered at its redirect URI, in the language of the browser.
pub fn refused(provider: &TestEid, headers: &HeaderMap) -> Response {
    let language = language::accepted(headers).unwrap_or_default();
    let page = Refused { frame: Frame { language, issuer: provider.issuer() } };
    respond(StatusCode::BAD_REQUEST, "form-action 'none'", &page)
}

fn respond(status: StatusCode, form_action: &str, page: &impl Template) -> Response {
    let policy = format!("default-src 'none'; style-src 'self'; img-src 'self'; {form_action}; frame-ancestors 'none'; base-uri 'none'");
    let mut headers = private();
    headers.extend(content_security_policy(&policy));
    (status, headers, Html(page.render().unwrap_or_default())).into_response()
}

pub async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("style.css"))
}
