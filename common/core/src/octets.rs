//! Octets in JSON: standard base64, so that a stored kilobyte of DER is 1.4 KB and not a list of numbers.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One octet string as a JSON string.
pub fn serialize<S: Serializer>(octets: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64_STANDARD.encode(octets))
}

/// See [`serialize`].
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    BASE64_STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// A list of octet strings, a JSON string each.
pub mod list {
    use super::*;

    #[derive(Serialize)]
    struct Borrowed<'a>(#[serde(serialize_with = "super::serialize")] &'a [u8]);

    #[derive(Deserialize)]
    struct Owned(#[serde(deserialize_with = "super::deserialize")] Vec<u8>);

    /// In order.
    pub fn serialize<S: Serializer>(list: &[Vec<u8>], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(list.iter().map(|octets| Borrowed(octets)))
    }

    /// See [`serialize`].
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<u8>>, D::Error> {
        Ok(Vec::<Owned>::deserialize(deserializer)?.into_iter().map(|Owned(octets)| octets).collect())
    }
}
