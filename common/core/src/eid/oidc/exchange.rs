//! The token request: `private_key_jwt` with the issuer as sole audience (RFC 7523 as updated), and the provider's keys.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::config::OidcProvider;
use crate::jose;
use crate::ports::{HttpClient, HttpError, KeyError, SigningKey};

/// How long a client assertion lives, seconds.
const ASSERTION_LIFETIME: i64 = 60;

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The provider answered with an error: the code is spent or wrong.
    #[error("the provider refused the code with status {status}")]
    Refused {
        /// HTTP status.
        status: u16,
    },
    /// The answer is not what OpenID Connect says.
    #[error("the provider's answer is not understood")]
    Malformed,
    /// The provider does not answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// Our client key does not answer.
    #[error(transparent)]
    Key(#[from] KeyError),
}

#[derive(Deserialize)]
struct TokenResponse {
    id_token: String,
    token_type: String,
}

/// Exchanges `code` for an ID token, compact and not yet verified.
pub async fn exchange(
    provider: &OidcProvider,
    http: &dyn HttpClient,
    key: &dyn SigningKey,
    (code, code_verifier): (&str, &str),
    redirect_uri: &Url,
    jti: &str,
    now: Timestamp,
) -> Result<String, ExchangeError> {
    let issued = now.as_second();
    let claims = json!({
        "iss": provider.client_id, "sub": provider.client_id, "aud": provider.issuer,
        "iat": issued, "exp": issued + ASSERTION_LIFETIME, "jti": jti,
    });
    let assertion = jose::sign(key, "client-authentication+jwt", &claims).await?;
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("code_verifier", code_verifier)
        .append_pair("redirect_uri", redirect_uri.as_str())
        .append_pair("client_id", &provider.client_id)
        .append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        .append_pair("client_assertion", &assertion)
        .finish();
    let request = http::Request::post(provider.token_endpoint.as_str())
        .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(http::header::ACCEPT, "application/json")
        .body(body.into_bytes())
        .map_err(|_| ExchangeError::Malformed)?;
    let response = http.send(request).await?;
    if !response.status().is_success() {
        return Err(ExchangeError::Refused { status: response.status().as_u16() });
    }
    let token: TokenResponse = serde_json::from_slice(response.body()).map_err(|_| ExchangeError::Malformed)?;
    if token.token_type.eq_ignore_ascii_case("bearer") { Ok(token.id_token) } else { Err(ExchangeError::Malformed) }
}

/// The provider's keys as it publishes them now (JWK Set).
pub async fn published_keys(provider: &OidcProvider, http: &dyn HttpClient) -> Result<Value, ExchangeError> {
    let request = http::Request::get(provider.jwks_uri.as_str()).body(Vec::new()).map_err(|_| ExchangeError::Malformed)?;
    let response = http.send(request).await?;
    if !response.status().is_success() {
        return Err(ExchangeError::Refused { status: response.status().as_u16() });
    }
    serde_json::from_slice(response.body()).map_err(|_| ExchangeError::Malformed)
}
