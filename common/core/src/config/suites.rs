//! Until when signature suites may be used.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::Offset;
use pades::SignatureAlgorithm;
use serde::Deserialize;

/// When a suite ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum SuiteEnd {
    /// No end is in sight: `"open"`.
    Open,
    /// The first day (UTC) on which it is not used any more: `"2029-01-01"`.
    On(Date),
}

impl TryFrom<String> for SuiteEnd {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.as_str() {
            "open" => Ok(Self::Open),
            date => date.parse().map(Self::On).map_err(|_| "a suite ends on a date (2029-01-01), or is \"open\""),
        }
    }
}

/// ETSI TS 119 312 V1.5.1, as EU DSS 6.4 has it (`AlgoExpirationDate` of its `policy/constraint.xml`): ECDSA of 256 bits and
/// more, RSASSA-PSS of 3,000 bits and more and SHA-256 to SHA-512 without a date, RSA PKCS #1 v1.5 of any length to
/// 2029-01-01. The specification itself was not read: where it says otherwise, a municipality's file corrects it.
const ETSI: [(SignatureAlgorithm, SuiteEnd); 6] = [
    (SignatureAlgorithm::EcdsaP256Sha256, SuiteEnd::Open),
    (SignatureAlgorithm::EcdsaP384Sha384, SuiteEnd::Open),
    (SignatureAlgorithm::RsaPss3072Sha256, SuiteEnd::Open),
    (SignatureAlgorithm::RsaPss4096Sha512, SuiteEnd::Open),
    (SignatureAlgorithm::RsaPkcs1_3072Sha256, SuiteEnd::On(date(2029, 1, 1))),
    (SignatureAlgorithm::RsaPkcs1_4096Sha512, SuiteEnd::On(date(2029, 1, 1))),
];

/// The end of each suite. One that is not listed may not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuiteEnds(BTreeMap<SignatureAlgorithm, SuiteEnd>);

impl SuiteEnds {
    /// What ETSI says, corrected by `own`.
    pub(super) fn corrected(own: BTreeMap<SignatureAlgorithm, SuiteEnd>) -> Self {
        Self(ETSI.into_iter().chain(own).collect())
    }

    /// When `algorithm` ends; `None` when it may not be used at all.
    pub fn end(&self, algorithm: SignatureAlgorithm) -> Option<SuiteEnd> {
        self.0.get(&algorithm).copied()
    }

    /// Whether `algorithm` may be used as late as `at`.
    pub fn is_open(&self, algorithm: SignatureAlgorithm, at: Timestamp) -> bool {
        match self.end(algorithm) {
            Some(SuiteEnd::Open) => true,
            Some(SuiteEnd::On(end)) => Offset::UTC.to_datetime(at).date() < end,
            None => false,
        }
    }
}
