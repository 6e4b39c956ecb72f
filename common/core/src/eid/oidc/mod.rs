//! OpenID Connect with the OIDC Sweden signature extension 1.1, scope `signApproval`: the provider shows our sign
//! message, authenticates the person, and its ID token carries the manifest hash back as `nonce`.

mod exchange;
mod request;
mod verify;

pub use exchange::{ExchangeError, exchange, published_keys};
pub use request::{AuthorizationRequest, authorization_url, code_challenge};
pub use verify::{Arrival, EvidenceError, verify};

/// Scope of a signature by approval.
pub const SIGN_APPROVAL: &str = "https://id.oidc.se/scope/signApproval";
/// Scope that gives the identity number.
pub const NATURAL_PERSON_NUMBER: &str = "https://id.oidc.se/scope/naturalPersonNumber";
/// Scope that gives the names.
pub const NATURAL_PERSON_INFO: &str = "https://id.oidc.se/scope/naturalPersonInfo";
/// Claim of a personnummer.
pub const PERSONAL_IDENTITY_NUMBER: &str = "https://id.oidc.se/claim/personalIdentityNumber";
/// Claim of a samordningsnummer.
pub const COORDINATION_NUMBER: &str = "https://id.oidc.se/claim/coordinationNumber";
/// Request parameter of the signature extension.
pub const SIGN_REQUEST: &str = "https://id.oidc.se/param/signRequest";
