//! The authorization request: one signed request object (RFC 9101), PKCE S256, nonce = manifest hash.

use base64::{Engine, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::digest;
use serde_json::json;
use url::Url;

use super::{COORDINATION_NUMBER, NATURAL_PERSON_INFO, NATURAL_PERSON_NUMBER, PERSONAL_IDENTITY_NUMBER, SIGN_APPROVAL, SIGN_REQUEST};
use crate::config::OidcProvider;
use crate::identity::{IdentityNumberKind, PersonalIdentityNumber};
use crate::jose;
use crate::manifest::ManifestHash;
use crate::ports::{KeyError, SigningKey};
use crate::sign_request::Language;

/// How long the provider may take to read the request, seconds.
const REQUEST_LIFETIME: i64 = 120;

/// What one authorization request says.
pub struct AuthorizationRequest<'a> {
    /// Our callback at this provider.
    pub redirect_uri: &'a Url,
    /// Random, of this attempt.
    pub state: &'a str,
    /// PKCE code verifier.
    pub code_verifier: &'a str,
    /// The manifest that the answer must carry.
    pub manifest: ManifestHash,
    /// The text that the person is to approve.
    pub sign_message: &'a str,
    /// Its language.
    pub language: Language,
    /// The only person who may answer.
    pub signer: Option<&'a PersonalIdentityNumber>,
    /// Random, of this request object.
    pub jti: &'a str,
}

/// Where to send the browser.
pub async fn authorization_url(
    provider: &OidcProvider,
    key: &dyn SigningKey,
    request: &AuthorizationRequest<'_>,
    now: Timestamp,
) -> Result<Url, KeyError> {
    let message = BASE64_STANDARD.encode(request.sign_message);
    let sign_message = match request.language {
        Language::Sv => {
            json!({ "message": message, "message#sv": message, "mime_type": "text/plain" })
        }
        Language::En => {
            json!({ "message": message, "message#en": message, "mime_type": "text/plain" })
        }
    };
    let mut id_token = json!({
        "acr": { "essential": true, "values": provider.levels_of_assurance },
        "auth_time": { "essential": true },
        "given_name": { "essential": true },
        "family_name": { "essential": true },
        "name": { "essential": true },
        "txn": null,
    });
    match request.signer {
        Some(number) => {
            let claim = match number.kind() {
                IdentityNumberKind::Personal => PERSONAL_IDENTITY_NUMBER,
                IdentityNumberKind::Coordination => COORDINATION_NUMBER,
            };
            id_token[claim] = json!({ "essential": true, "value": number.expose() });
        }
        None => id_token[PERSONAL_IDENTITY_NUMBER] = json!({ "essential": true }),
    }
    let issued = now.as_second();
    let scope = format!("openid {SIGN_APPROVAL} {NATURAL_PERSON_NUMBER} {NATURAL_PERSON_INFO}");
    let claims = json!({
        "iss": provider.client_id,
        "client_id": provider.client_id,
        "aud": provider.issuer,
        "iat": issued,
        "nbf": issued,
        "exp": issued + REQUEST_LIFETIME,
        "jti": request.jti,
        "response_type": "code",
        "redirect_uri": request.redirect_uri,
        "scope": scope,
        "state": request.state,
        "nonce": request.manifest.nonce(),
        "prompt": "login consent",
        "code_challenge": code_challenge(request.code_verifier),
        "code_challenge_method": "S256",
        "ui_locales": request.language.tag(),
        "claims": { "id_token": id_token },
        SIGN_REQUEST: { "sign_message": sign_message },
    });
    let object = jose::sign(key, "oauth-authz-req+jwt", &claims).await?;
    let mut url = provider.authorization_endpoint.clone();
    // RFC 9101 needs client_id outside; OpenID Connect also response_type and scope. All else is signed.
    url.query_pairs_mut()
        .append_pair("client_id", &provider.client_id)
        .append_pair("response_type", "code")
        .append_pair("scope", &scope)
        .append_pair("request", &object);
    Ok(url)
}

/// PKCE S256 (RFC 7636, 4.2).
pub fn code_challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
}
