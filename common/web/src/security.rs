//! Headers of every page, cookies, and the defence against cross-site requests.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use sigill_core::config::{EidKind, Municipality};
use sigill_core::ids::hex;
use sigill_core::ports::Random;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Headers of a page of `municipality`. Chromium applies `form-action` to the redirect behind a form, so the e-ID
/// providers stand there too.
pub fn page_headers(municipality: &Municipality) -> HeaderMap {
    let providers = municipality.eid_providers.values().map(|provider| {
        let EidKind::Oidc(oidc) = &provider.kind;
        format!(" {}", oidc.authorization_endpoint.origin().ascii_serialization())
    });
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{}; frame-ancestors 'none'; base-uri 'none'",
        providers.collect::<String>()
    );
    let mut headers = HeaderMap::new();
    headers.extend(HeaderValue::from_str(&policy).ok().map(|policy| (CONTENT_SECURITY_POLICY, policy)));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_https(municipality) {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers
}

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// Binds a form to the browser that loaded it.
    Page,
    /// Binds an e-ID transaction to the browser that started it.
    Session,
}

impl Cookie {
    /// With the prefix that keeps other hosts away, where https makes that possible.
    fn name(self, municipality: &Municipality) -> String {
        let name = match self {
            Self::Page => "sigill-page",
            Self::Session => "sigill-session",
        };
        if is_https(municipality) { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// Its value in a request.
    pub fn read(self, municipality: &Municipality, headers: &HeaderMap) -> Option<String> {
        let name = self.name(municipality);
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
        cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(found, _)| *found == name).map(|(_, value)| value.to_owned())
    }

    /// `Set-Cookie`. Lax, so that it comes along when the e-ID sends the browser back.
    pub fn set(self, municipality: &Municipality, value: &str, seconds: u32) -> Option<HeaderValue> {
        let secure = if is_https(municipality) { "; Secure" } else { "" };
        let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", self.name(municipality));
        HeaderValue::from_str(&cookie).ok()
    }
}

fn is_https(municipality: &Municipality) -> bool {
    municipality.public_url.scheme() == "https"
}

/// A token that a form carries and a cookie repeats.
pub fn form_token(random: &dyn Random) -> String {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    hex(&bytes)
}

/// Whether a form came from our own page: the browser says so when it can, and form and cookie agree.
pub fn is_own_form(municipality: &Municipality, headers: &HeaderMap, token: &str) -> bool {
    let site = headers.get(SEC_FETCH_SITE).map(|site| site == "same-origin").unwrap_or(true);
    site && !token.is_empty() && Cookie::Page.read(municipality, headers).is_some_and(|cookie| cookie == token)
}
