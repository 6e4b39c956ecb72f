//! The authorization request as the client signed it, and what the provider demands of it.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::Value;
use sigill_core::eid::oidc::{COORDINATION_NUMBER, PERSONAL_IDENTITY_NUMBER, SIGN_APPROVAL};
use sigill_core::jose::{self, Algorithm};
use sigill_core::sign_request::Language;
use sigill_web::language::from_tag;
use url::Url;

use super::TestEid;

/// The level of every test person.
pub const LEVEL: &str = "http://id.elegnamnden.se/loa/1.0/loa3";
/// Clocks may differ by this, seconds.
const SKEW: i64 = 60;

/// Claims of a request object (RFC 9101) with the signature extension.
#[derive(Clone, Deserialize)]
pub struct AuthorizationClaims {
    iss: String,
    client_id: String,
    aud: String,
    exp: i64,
    nbf: i64,
    jti: String,
    response_type: String,
    pub redirect_uri: Url,
    scope: String,
    pub state: String,
    pub nonce: String,
    prompt: String,
    pub code_challenge: String,
    code_challenge_method: String,
    pub ui_locales: Option<String>,
    claims: Value,
    #[serde(rename = "https://id.oidc.se/param/signRequest")]
    sign_request: SignRequest,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignRequest {
    tbs_data: Option<String>,
    sign_message: Value,
}

/// A request that can't even be answered at its redirect URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Untrusted;

/// Verifies a request object. The inner error is an OAuth error code for the client.
pub fn read(provider: &TestEid, object: &str) -> Result<Result<AuthorizationClaims, (Url, String, &'static str)>, Untrusted> {
    let client = &provider.parameters.client;
    let verified = jose::verify::<AuthorizationClaims>(object, &client.keys, &[Algorithm::ES256]).map_err(|_| Untrusted)?;
    let claims = verified.claims;
    let now = provider.now();
    let ours = verified.typ.as_deref() == Some("oauth-authz-req+jwt")
        && claims.iss == client.id
        && claims.client_id == client.id
        && claims.aud == provider.issuer()
        && claims.nbf <= now + SKEW
        && now - SKEW <= claims.exp
        && client.redirect_uris.contains(&claims.redirect_uri);
    if !ours {
        return Err(Untrusted);
    }
    let refuse = |code| Ok(Err((claims.redirect_uri.clone(), claims.state.clone(), code)));
    if !provider.state().spent.insert(claims.jti.clone()) {
        return refuse("invalid_request_object");
    }
    let has = |list: &str, word: &str| list.split(' ').any(|found| found == word);
    let sound = claims.response_type == "code"
        && claims.code_challenge_method == "S256"
        && has(&claims.prompt, "login")
        && has(&claims.prompt, "consent")
        && claims.sign_request.tbs_data.is_none()
        && claims.message().is_some();
    if !sound {
        return refuse("invalid_request");
    }
    if !has(&claims.scope, "openid") || !has(&claims.scope, SIGN_APPROVAL) {
        return refuse("invalid_scope");
    }
    if !claims.accepts_level() {
        return refuse("unmet_authentication_requirements");
    }
    Ok(Ok(claims))
}

impl AuthorizationClaims {
    /// The sign message, in the language of the page when there is one.
    pub fn message(&self) -> Option<String> {
        let message = &self.sign_request.sign_message;
        let localised = format!("message#{}", self.language().tag());
        let text = [localised.as_str(), "message", "message#sv", "message#en"].into_iter().find_map(|name| message[name].as_str())?;
        String::from_utf8(BASE64_STANDARD.decode(text).ok()?).ok()
    }

    /// The first of `ui_locales` that the pages speak.
    pub fn language(&self) -> Language {
        self.ui_locales.as_deref().unwrap_or_default().split(' ').find_map(from_tag).unwrap_or_default()
    }

    /// The only person who is asked for.
    pub fn person(&self) -> Option<&str> {
        let claims = &self.claims["id_token"];
        [PERSONAL_IDENTITY_NUMBER, COORDINATION_NUMBER].into_iter().find_map(|claim| claims[claim]["value"].as_str())
    }

    fn accepts_level(&self) -> bool {
        match self.claims["id_token"]["acr"]["values"].as_array() {
            Some(values) => values.iter().any(|value| value == LEVEL),
            None => true,
        }
    }
}
