//! Items and what is in them.

use std::collections::HashMap;
use std::io::{Read, Write};

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(super) type Item = HashMap<String, AttributeValue>;

pub(super) const PARTITION: &str = "pk";
pub(super) const SORT: &str = "sk";

/// An item does not hold what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an item is not what this version writes: {0}")]
pub(super) struct WrongItem(pub &'static str);

pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(super) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The primary key.
pub(super) fn key(partition: impl Into<String>, sort: impl Into<String>) -> Item {
    HashMap::from([(PARTITION.to_owned(), text(partition)), (SORT.to_owned(), text(sort))])
}

/// JSON, compressed: an item may have 400 KB, and JSON of certificates and tokens shrinks to a half.
pub(super) fn packed(value: &impl Serialize) -> Result<AttributeValue, WrongItem> {
    let json = serde_json::to_vec(value).map_err(|_| WrongItem("not serialisable"))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let packed = encoder.write_all(&json).and_then(|()| encoder.finish());
    packed.map(|bytes| AttributeValue::B(Blob::new(bytes))).map_err(|_| WrongItem("not compressible"))
}

/// What [`packed`] made of `attribute` in `item`.
pub(super) fn unpacked<T: DeserializeOwned>(item: &Item, attribute: &'static str) -> Result<T, WrongItem> {
    let wrong = WrongItem(attribute);
    let Some(AttributeValue::B(packed)) = item.get(attribute) else { return Err(wrong) };
    let mut json = Vec::new();
    GzDecoder::new(packed.as_ref()).read_to_end(&mut json).map_err(|_| wrong)?;
    serde_json::from_slice(&json).map_err(|_| wrong)
}

pub(super) fn text_of<'a>(item: &'a Item, attribute: &'static str) -> Result<&'a str, WrongItem> {
    item.get(attribute).and_then(|value| value.as_s().ok()).map(String::as_str).ok_or(WrongItem(attribute))
}

pub(super) fn number_of<T: std::str::FromStr>(item: &Item, attribute: &'static str) -> Result<T, WrongItem> {
    let digits = item.get(attribute).and_then(|value| value.as_n().ok());
    digits.and_then(|digits| digits.parse().ok()).ok_or(WrongItem(attribute))
}
