use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The baseline levels of ETSI EN 319 142-1, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BaselineLevel {
    /// A signature.
    #[serde(rename = "B-B")]
    B,
    /// With a trusted time.
    #[serde(rename = "B-T")]
    T,
    /// With everything needed to validate it.
    #[serde(rename = "B-LT")]
    Lt,
    /// With a timestamp over that, renewable.
    #[serde(rename = "B-LTA")]
    Lta,
}

impl fmt::Display for BaselineLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::B => "B-B",
            Self::T => "B-T",
            Self::Lt => "B-LT",
            Self::Lta => "B-LTA",
        })
    }
}

/// The text names no baseline level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one of B-B, B-T, B-LT, B-LTA")]
pub struct NotALevel;

impl FromStr for BaselineLevel {
    type Err = NotALevel;

    fn from_str(text: &str) -> Result<Self, NotALevel> {
        [Self::B, Self::T, Self::Lt, Self::Lta].into_iter().find(|level| level.to_string() == text).ok_or(NotALevel)
    }
}
