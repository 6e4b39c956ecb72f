//! Verifying an ID token against the manifest: run when it arrives, and again by the signing function.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use crate::certificate::written_length;
use crate::config::OidcProvider;
use crate::identity::{AuthnContext, IdentityAssertion, LONGEST_NAME, LONGEST_REFERENCE, LevelOfAssurance, PersonalIdentityNumber};
use crate::jose::{self, JwsError};
use crate::manifest::Manifest;

/// Clocks may differ this much (Sweden Connect deployment profile 1.9).
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// Longest life of an ID token that is accepted.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// A stored authentication is still signed after an outage of this length, not later.
const LATEST_SIGNING: SignedDuration = SignedDuration::from_hours(72);

/// Which clock rules hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The token came from the provider just now.
    Now,
    /// The token was accepted and stored earlier.
    Stored,
}

/// Why evidence does not carry a manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// The token is no JWS by the provider.
    #[error("the token's signature is not accepted: {0}")]
    Signature(#[from] JwsError),
    /// `iss` is another.
    #[error("another issuer")]
    Issuer,
    /// `aud` or `azp` is not exactly us.
    #[error("another audience")]
    Audience,
    /// `nonce` is not the manifest's hash: the token was made for something else.
    #[error("the token does not carry this manifest")]
    Manifest,
    /// Issued, expired or authenticated at the wrong time.
    #[error("the token's times do not fit")]
    Time,
    /// The sign request had expired when the person authenticated, or is too old to sign.
    #[error("the sign request has expired")]
    Expired,
    /// `acr` is not one of the accepted levels, exactly.
    #[error("the level of assurance is not accepted")]
    LevelOfAssurance,
    /// A required claim is missing or contradicts itself.
    #[error("the identity is incomplete")]
    Identity,
    /// A given name or surname is longer than [`LONGEST_NAME`]: no certificate can hold it.
    #[error("a name is too long")]
    NameTooLong,
    /// Somebody else than the requested signer.
    #[error("another person than the requested signer")]
    WrongPerson,
}

impl EvidenceError {
    /// Stable reason code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Signature(JwsError::Algorithm) => "evidence_algorithm",
            Self::Signature(JwsError::UnknownKey) => "evidence_key",
            Self::Signature(_) => "evidence_signature",
            Self::Issuer => "evidence_issuer",
            Self::Audience => "evidence_audience",
            Self::Manifest => "evidence_manifest",
            Self::Time => "evidence_time",
            Self::Expired => "request_expired",
            Self::LevelOfAssurance => "level_of_assurance",
            Self::Identity => "identity_incomplete",
            Self::NameTooLong => "name_too_long",
            Self::WrongPerson => "wrong_person",
        }
    }
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    auth_time: i64,
    nonce: String,
    acr: Option<String>,
    jti: Option<String>,
    txn: Option<String>,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    #[serde(rename = "https://id.oidc.se/claim/personalIdentityNumber")]
    personal_identity_number: Option<PersonalIdentityNumber>,
    #[serde(rename = "https://id.oidc.se/claim/coordinationNumber")]
    coordination_number: Option<PersonalIdentityNumber>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn is_exactly(&self, client: &str) -> bool {
        match self {
            Self::One(one) => one == client,
            Self::Several(several) => several.len() == 1 && several.iter().all(|one| one == client),
        }
    }
}

/// The identity that `id_token` asserts for exactly this `manifest`, verified by the provider's `keys`.
pub fn verify(
    provider: &OidcProvider,
    id_token: &str,
    keys: &Value,
    manifest: &Manifest,
    arrival: Arrival,
    now: Timestamp,
) -> Result<IdentityAssertion, EvidenceError> {
    let claims = jose::verify::<Claims>(id_token, keys, &provider.algorithms)?.claims;
    if claims.iss != provider.issuer {
        return Err(EvidenceError::Issuer);
    }
    if !claims.aud.is_exactly(&provider.client_id) || claims.azp.as_ref().is_some_and(|azp| *azp != provider.client_id) {
        return Err(EvidenceError::Audience);
    }
    if claims.nonce != manifest.hash().nonce() {
        return Err(EvidenceError::Manifest);
    }
    let authenticated = check_times(&claims, manifest, arrival, now)?;
    let level = LevelOfAssurance(claims.acr.clone().ok_or(EvidenceError::LevelOfAssurance)?);
    if !provider.levels_of_assurance.contains(&level) {
        return Err(EvidenceError::LevelOfAssurance);
    }
    let (given_name, surname) = claims.given_name.zip(claims.family_name).ok_or(EvidenceError::Identity)?;
    if [&given_name, &surname].iter().any(|name| written_length(name) > LONGEST_NAME) {
        return Err(EvidenceError::NameTooLong);
    }
    // Some providers give a coordination number as a personal number; the digits tell, so either claim will do, but not both.
    let number = match (claims.personal_identity_number, claims.coordination_number) {
        (Some(number), None) | (None, Some(number)) => number,
        _ => return Err(EvidenceError::Identity),
    };
    if manifest.signer.as_ref().is_some_and(|signer| *signer != number) {
        return Err(EvidenceError::WrongPerson);
    }
    Ok(IdentityAssertion {
        personal_identity_number: number,
        display_name: claims.name.filter(|name| is_name(name)).unwrap_or_else(|| format!("{given_name} {surname}")),
        given_name,
        surname,
        authn_context: AuthnContext {
            identity_provider: claims.iss,
            authentication_instant: authenticated,
            level_of_assurance: level,
            assertion_ref: claims.jti.filter(|jti| is_reference(jti)).unwrap_or_else(|| format!("sha256:{}", jose::fingerprint(id_token))),
            transaction: claims.txn.filter(|txn| is_reference(txn)),
        },
    })
}

/// A full name that is longer than its parts can be gives way to them.
fn is_name(name: &str) -> bool {
    written_length(name) <= 2 * LONGEST_NAME + 1
}

/// Longer ones are left to the evidence.
fn is_reference(reference: &str) -> bool {
    written_length(reference) <= LONGEST_REFERENCE
}

/// Checks every time and gives the authentication instant.
fn check_times(claims: &Claims, manifest: &Manifest, arrival: Arrival, now: Timestamp) -> Result<Timestamp, EvidenceError> {
    let at = |seconds| Timestamp::from_second(seconds).map_err(|_| EvidenceError::Time);
    let (issued, expires, authenticated) = (at(claims.iat)?, at(claims.exp)?, at(claims.auth_time)?);
    let in_order = manifest.started - SKEW <= authenticated && authenticated <= issued + SKEW && issued <= now + SKEW;
    if !in_order || issued + LONGEST_LIFE < expires || expires < issued {
        return Err(EvidenceError::Time);
    }
    if arrival == Arrival::Now && expires + SKEW < now {
        return Err(EvidenceError::Time);
    }
    if manifest.expires < issued || issued + LATEST_SIGNING < now {
        return Err(EvidenceError::Expired);
    }
    Ok(authenticated)
}
