//! Who signs: the Swedish identity number, the level of assurance and what an e-ID asserted.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::config::OidcProvider;

/// A personal identity number or coordination number, twelve digits (`YYYYMMDDNNNN`) with a right check digit.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonalIdentityNumber(String);

/// Which of the two kinds the digits say it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityNumberKind {
    /// Personnummer.
    Personal,
    /// Samordningsnummer: the day of birth plus sixty.
    Coordination,
}

/// Why a text is no identity number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnIdentityNumber {
    /// Not twelve digits.
    #[error("not twelve digits without hyphen")]
    Shape,
    /// Month or day do not exist.
    #[error("its date does not exist")]
    Date,
    /// The last digit does not match the others (Luhn over the last ten).
    #[error("its check digit is wrong")]
    CheckDigit,
}

impl PersonalIdentityNumber {
    /// The twelve digits. Never for a log, a URL or a metric.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The kind, decided from the digits alone.
    pub fn kind(&self) -> IdentityNumberKind {
        match self.0.as_bytes().get(6) {
            Some(b'6'..=b'9') => IdentityNumberKind::Coordination,
            _ => IdentityNumberKind::Personal,
        }
    }
}

impl TryFrom<String> for PersonalIdentityNumber {
    type Error = NotAnIdentityNumber;

    fn try_from(text: String) -> Result<Self, NotAnIdentityNumber> {
        if text.len() != 12 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotAnIdentityNumber::Shape);
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<i16>().unwrap_or(0);
        let day = match number(6..8) {
            day @ 61..=91 => day - 60,
            day => day,
        };
        jiff::civil::Date::new(number(0..4), number(4..6) as i8, day as i8).map_err(|_| NotAnIdentityNumber::Date)?;
        if !luhn_sum(&text[2..]).is_multiple_of(10) {
            return Err(NotAnIdentityNumber::CheckDigit);
        }
        Ok(Self(text))
    }
}

fn luhn_sum(ten_digits: &str) -> u32 {
    let doubled = |digit: u32| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    ten_digits.bytes().map(|b| u32::from(b - b'0')).enumerate().map(|(i, d)| if i % 2 == 0 { doubled(d) } else { d }).sum()
}

impl From<PersonalIdentityNumber> for String {
    fn from(number: PersonalIdentityNumber) -> String {
        number.0
    }
}

impl fmt::Debug for PersonalIdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalIdentityNumber(…)")
    }
}

/// A level-of-assurance URI. Compared exactly: the URIs have no order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LevelOfAssurance(pub String);

/// What an e-ID asserted of a person, verified.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentityAssertion {
    /// The identity number.
    pub personal_identity_number: PersonalIdentityNumber,
    /// Given name.
    pub given_name: String,
    /// Surname.
    pub surname: String,
    /// Full name as the e-ID gives it.
    pub display_name: String,
    /// How and when it was proven.
    pub authn_context: AuthnContext,
}

/// Longest given name or surname that a certificate holds, in bytes as it is written there.
pub const LONGEST_NAME: usize = 128;
/// Longest assertion reference or transaction in a certificate, in bytes as it is written there.
pub const LONGEST_REFERENCE: usize = 128;

/// The names that an e-ID gives.
#[derive(Clone, PartialEq, Eq)]
pub struct Names {
    /// Given name.
    pub given: String,
    /// Surname.
    pub surname: String,
    /// Full name.
    pub display: String,
}

impl Names {
    /// As long as any that are accepted.
    pub fn longest() -> Self {
        let longest = "x".repeat(LONGEST_NAME);
        Self { display: format!("{longest} {longest}"), given: longest.clone(), surname: longest }
    }
}

impl IdentityAssertion {
    /// No shorter in any part than what a person with `names` brings from `provider`: to reserve room.
    pub fn longest(names: Names, provider: &OidcProvider) -> Self {
        let level = provider.levels_of_assurance.iter().max_by_key(|level| level.0.len());
        Self {
            personal_identity_number: PersonalIdentityNumber("0".repeat(12)),
            given_name: names.given,
            surname: names.surname,
            display_name: names.display,
            authn_context: AuthnContext {
                identity_provider: provider.issuer.clone(),
                authentication_instant: Timestamp::UNIX_EPOCH,
                level_of_assurance: level.cloned().unwrap_or(LevelOfAssurance(String::new())),
                assertion_ref: "x".repeat(LONGEST_REFERENCE),
                transaction: Some("x".repeat(LONGEST_REFERENCE)),
            },
        }
    }
}

impl fmt::Debug for IdentityAssertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityAssertion").field("authn_context", &self.authn_context).finish_non_exhaustive()
    }
}

/// The authentication behind a signature, as the certificate tells it (Sweden Connect certificate profile 2.3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuthnContext {
    /// The provider's issuer identifier.
    pub identity_provider: String,
    /// When the person authenticated.
    pub authentication_instant: Timestamp,
    /// The level the provider asserted.
    pub level_of_assurance: LevelOfAssurance,
    /// Names the assertion without holding it: the token's `jti`, or its SHA-256.
    pub assertion_ref: String,
    /// The provider's transaction, when it gives one.
    pub transaction: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<PersonalIdentityNumber, NotAnIdentityNumber> {
        text.to_owned().try_into()
    }

    #[test]
    fn a_number_needs_twelve_digits_a_date_and_its_check_digit() {
        assert_eq!(parse("9001011234"), Err(NotAnIdentityNumber::Shape));
        assert_eq!(parse("19900101-238"), Err(NotAnIdentityNumber::Shape));
        assert_eq!(parse("189013019802"), Err(NotAnIdentityNumber::Date));
        assert_eq!(parse("189001019801"), Err(NotAnIdentityNumber::CheckDigit));
        assert_eq!(parse("189001019802").map(|n| n.kind()), Ok(IdentityNumberKind::Personal));
    }

    #[test]
    fn a_number_is_never_printed() {
        assert_eq!(format!("{:?}", parse("189001019802")), "Ok(PersonalIdentityNumber(…))");
    }
}
