//! The provider's own pages: no script, two languages, plainly marked as a test.

use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::TestEid;
use super::claims::AuthorizationClaims;
use super::persons::{TestPerson, by_number, test_persons};

#[derive(Template)]
#[template(path = "test_eid/decide.html")]
struct Decide<'a> {
    language: &'static str,
    style: String,
    action: String,
    transaction: &'a str,
    client: &'a str,
    message: String,
    asked: Option<&'static TestPerson>,
    persons: &'static [TestPerson],
}

impl Decide<'_> {
    fn text(&self, swedish: &'static str, english: &'static str) -> &'static str {
        if self.language == "en" { english } else { swedish }
    }
}

#[derive(Template)]
#[template(path = "test_eid/refused.html")]
struct Refused;

pub fn decide(provider: &TestEid, transaction: &str, claims: &AuthorizationClaims) -> Response {
    let page = Decide {
        language: claims.language(),
        style: format!("{}/style.css", provider.issuer()),
        action: format!("{}/decide", provider.issuer()),
        transaction,
        client: &provider.parameters.client.name,
        message: claims.message().unwrap_or_default(),
        asked: claims.person().and_then(by_number),
        persons: test_persons(),
    };
    // Chromium applies form-action to the redirect that follows the form.
    let back = claims.redirect_uri.origin().ascii_serialization();
    let policy = format!("default-src 'none'; style-src 'self'; form-action 'self' {back}; frame-ancestors 'none'; base-uri 'none'");
    (headers(policy), Html(page.render().unwrap_or_default())).into_response()
}

pub fn refused() -> impl IntoResponse {
    let policy = "default-src 'none'; frame-ancestors 'none'".to_owned();
    (StatusCode::BAD_REQUEST, headers(policy), Html(Refused.render().unwrap_or_default()))
}

fn headers(policy: String) -> [(HeaderName, String); 3] {
    [(CONTENT_SECURITY_POLICY, policy), (REFERRER_POLICY, "no-referrer".to_owned()), (CACHE_CONTROL, "no-store".to_owned())]
}

pub async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("style.css"))
}
