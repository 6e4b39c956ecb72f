//! The static configuration of one municipality: parsed once, refused at start with file, line and reason.

mod certificates;
mod file;
mod secret;
mod suites;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use pades::{BaselineLevel, Logo, SignatureAlgorithm};
use serde::Deserialize;
use url::Url;

pub use file::{ConfigError, load, parse};
pub use secret::{NotAWebhookSecret, SecretName, WebhookKey, WebhookSecret};
pub use suites::{SuiteEnd, SuiteEnds};

use crate::identity::LevelOfAssurance;
use crate::ids::SecretHash;
use crate::sign_request::Language;

/// One municipality.
#[derive(Clone, Debug)]
pub struct Municipality {
    /// Lower-case id, the file's name.
    pub id: String,
    /// The organisation.
    pub organisation: Organisation,
    /// Where browsers and e-services reach the service.
    pub public_url: Url,
    /// Languages offered, the default first.
    pub languages: Vec<Language>,
    /// By id.
    pub e_services: BTreeMap<String, EService>,
    /// By id.
    pub eid_providers: BTreeMap<String, EidProvider>,
    /// How signatures are made.
    pub signature: SignatureProfile,
    /// Where keys are, in the cloud.
    pub keys: Keys,
    /// What the visible signature says.
    pub visible_signature: VisibleSignatureText,
    /// What is done about findings of the check before signing.
    pub pre_sign_check: pades::presign::Policy,
    /// Whom the validator trusts beside this municipality's own CA.
    pub validation: ValidationTrust,
    /// Limits.
    pub limits: Limits,
    /// How long things are kept.
    pub retention: Retention,
    /// SHA-256 of the file, hexadecimal: which configuration is live.
    pub digest: String,
    /// Whether this is the embedded local mode.
    pub mode: Mode,
}

impl Municipality {
    /// Where e-ID provider `provider` sends the browser back to; a distinct one for each provider (RFC 9700, 4.4.2).
    pub fn callback_uri(&self, provider: &str) -> Url {
        self.public_url.join(&format!("/eid/{provider}/callback")).unwrap_or_else(|_| self.public_url.clone())
    }
}

/// Whether addresses on the own machine are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// https and public addresses only.
    Production,
    /// The embedded local mode: loopback and http.
    Local,
}

/// The organisation.
#[derive(Clone, Debug)]
pub struct Organisation {
    /// Its name, in Swedish.
    pub name: String,
    /// Organisation number, ten digits.
    pub number: String,
    /// Its accessibility statement.
    pub accessibility_statement: Option<Url>,
    /// Where people get help.
    pub contact: String,
}

/// An e-service that may ask for signatures.
#[derive(Clone, Debug)]
pub struct EService {
    /// Its id.
    pub id: String,
    /// As signers know it.
    pub name: String,
    /// Hashes of its bearer keys; several while one is replaced.
    pub keys: Vec<SecretHash>,
    /// Hosts that return URLs may name (`host` or `host:port`).
    pub return_hosts: Vec<String>,
    /// Hosts that callback URLs may name.
    pub callback_hosts: Vec<String>,
    /// Signs its callbacks (Standard Webhooks).
    pub webhook_secret: Option<WebhookSecret>,
}

/// An e-ID provider.
#[derive(Clone, Debug)]
pub struct EidProvider {
    /// Its id.
    pub id: String,
    /// As signers know it.
    pub name: String,
    /// How it is spoken to.
    pub kind: EidKind,
}

/// The dialects.
#[derive(Clone, Debug)]
pub enum EidKind {
    /// OpenID Connect with the OIDC Sweden signature extension.
    Oidc(OidcProvider),
}

/// An OpenID Provider.
#[derive(Clone, Debug)]
pub struct OidcProvider {
    /// Issuer identifier, compared exactly.
    pub issuer: String,
    /// Our client there.
    pub client_id: String,
    /// Authorization endpoint.
    pub authorization_endpoint: Url,
    /// Token endpoint.
    pub token_endpoint: Url,
    /// Its keys.
    pub jwks_uri: Url,
    /// Levels accepted, compared exactly.
    pub levels_of_assurance: Vec<LevelOfAssurance>,
    /// Signature algorithms accepted in ID tokens.
    pub algorithms: Vec<crate::jose::Algorithm>,
}

/// How signatures are made.
#[derive(Clone, Debug)]
pub struct SignatureProfile {
    /// The level when the request names none.
    pub level: BaselineLevel,
    /// The suite of signers' one-time keys.
    pub algorithm: SignatureAlgorithm,
    /// Until when suites may be used.
    pub suite_ends: SuiteEnds,
    /// The issuing CA's subject.
    pub ca_subject: CaSubject,
    /// Certificate policy OID of signer certificates.
    pub certificate_policy: String,
    /// Minutes a signer's certificate is valid.
    pub certificate_minutes: u32,
    /// Timestamp authorities, tried in order.
    pub time_stamp_authorities: Vec<Url>,
    /// How long each of them may take.
    pub time_stamp_budget: std::time::Duration,
}

impl SignatureProfile {
    /// How long a signer's certificate is valid.
    pub fn certificate_life(&self) -> SignedDuration {
        SignedDuration::from_mins(self.certificate_minutes.into())
    }
}

/// Where keys are, in the cloud. The CA's key is always in the key service; the all-in-one has software keys alone.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Of signers, one for each act.
    pub one_time: OneTimeKeyCustody,
}

/// Where signers' one-time keys are made and used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OneTimeKeyCustody {
    /// In the key service: no function ever holds the key. At most about 14,000 signatures a day and account.
    #[default]
    Kms,
    /// In the memory of the signing function, for volume.
    Memory,
}

/// Subject of the CA.
#[derive(Clone, Debug)]
pub struct CaSubject {
    /// commonName.
    pub common_name: String,
    /// organizationName.
    pub organisation: String,
}

/// What the visible signature says.
#[derive(Clone, Debug)]
pub struct VisibleSignatureText {
    /// "Elektroniskt underskriven av".
    pub heading_sv: String,
    /// The same in English.
    pub heading_en: String,
    /// The logo, a PNG beside the configuration.
    pub logo: Option<Logo>,
}

/// Whom the validator trusts beside the municipality's own CA: certificates, DER.
#[derive(Clone, Debug, Default)]
pub struct ValidationTrust {
    /// Roots of timestamp authorities; trusted for timestamps alone.
    pub time_stamp_anchors: Vec<Vec<u8>>,
    /// Exactly those whose keys may sign Signature Validation Tokens (RFC 9321).
    pub svt_issuers: Vec<Vec<u8>>,
}

/// Limits.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Largest document that comes within a request, in bytes.
    pub document_bytes: u64,
    /// All documents of a request that are uploaded, in bytes.
    pub upload_bytes: u64,
    /// Documents a request.
    pub documents: usize,
    /// Signers a request.
    pub signers: usize,
    /// Longest life of a request.
    pub longest_expiry: SignedDuration,
    /// Life of a request that names none.
    pub default_expiry: SignedDuration,
}

/// How long things are kept.
#[derive(Clone, Debug)]
pub struct Retention {
    /// After the end of a request.
    pub after_end: SignedDuration,
}
