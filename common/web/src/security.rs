//! Headers of every page, cookies, and the defence against cross-site requests.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use sigill_core::config::{EidKind, Municipality};
use sigill_core::ids::{SignRequestId, hex};
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
    let mut headers = private();
    headers.extend(content_security_policy(&policy));
    if is_https(municipality) {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers
}

/// `policy` as a header.
pub fn content_security_policy(policy: &str) -> Option<(HeaderName, HeaderValue)> {
    HeaderValue::from_str(policy).ok().map(|policy| (CONTENT_SECURITY_POLICY, policy))
}

/// Headers of everything that is for one person: kept nowhere, and its address is told to nobody.
pub fn private() -> HeaderMap {
    HeaderMap::from_iter([
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ])
}

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie<'a> {
    /// Binds forms to the browser that loaded them.
    Page,
    /// Binds the e-ID transaction of a sign request to the browser that started it. A person may have several
    /// requests open side by side.
    Session(&'a SignRequestId),
    /// The language that the person chose.
    Language,
}

impl Cookie<'_> {
    /// With the prefix that keeps other hosts away, where https makes that possible.
    fn name(self, municipality: &Municipality) -> String {
        let prefix = if is_https(municipality) { "__Host-" } else { "" };
        match self {
            Self::Page => format!("{prefix}sigill-page"),
            Self::Session(request) => format!("{prefix}sigill-session-{request}"),
            Self::Language => format!("{prefix}sigill-language"),
        }
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

/// A token that forms carry and a cookie repeats: the browser's own, or a new one. Were it new on every page, the
/// same page in two tabs would spoil the first one.
pub fn form_token(municipality: &Municipality, headers: &HeaderMap, random: &dyn Random) -> String {
    let known = Cookie::Page.read(municipality, headers);
    known.filter(|token| token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit())).unwrap_or_else(|| {
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        hex(&bytes)
    })
}

/// Whether a form came from our own page: the browser says so when it can, and form and cookie agree.
pub fn is_own_form(municipality: &Municipality, headers: &HeaderMap, token: &str) -> bool {
    let site = headers.get(SEC_FETCH_SITE).map(|site| site == "same-origin").unwrap_or(true);
    site && !token.is_empty() && Cookie::Page.read(municipality, headers).is_some_and(|cookie| cookie == token)
}
