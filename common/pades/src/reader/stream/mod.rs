//! Stream data: its extent, and the filters that structure needs.

mod ascii;
mod predictor;

use std::borrow::Cow;

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

use super::source::{Document, cut};
use super::syntax::{Dictionary, Lexer, Object, parse};
use crate::refusal::{Limit, Refusal};

/// The keywords and line ends around the data.
const AROUND: usize = 64;

/// The raw bytes after `stream`, when exactly `length` of them are followed by `endstream`. `at` is where the
/// dictionary ends.
pub fn data<'a>(document: &Document<'a>, at: usize, length: usize) -> Result<Option<Cow<'a, [u8]>>, Refusal> {
    if length as u64 > document.limits.inflated {
        return Err(Refusal::LimitExceeded { limit: Limit::Inflated });
    }
    let window = document.window(at, length.saturating_add(AROUND))?;
    Ok(extent(&window, length).map(|(from, to)| cut(window, from, to)))
}

fn extent(window: &[u8], length: usize) -> Option<(usize, usize)> {
    let mut lexer = Lexer::new(window, 0);
    if !lexer.keyword(b"stream") {
        return None;
    }
    let start = match window.get(lexer.at..)? {
        [b'\r', b'\n', ..] => lexer.at + 2,
        [b'\n', ..] => lexer.at + 1,
        _ => return None,
    };
    let end = start.checked_add(length)?;
    Lexer::new(window, end).keyword(b"endstream").then_some((start, end))
}

/// One filter over another is used to get binary data through text; more serves nobody.
const MOST_FILTERS: usize = 4;
/// A stream of some size grows by less than this factor; so a small one can't ask for much memory.
const LARGEST_RATIO: u64 = 256;
const FREE: u64 = 4 << 20;

/// Why a stream was not decoded.
pub enum Wrong {
    /// It is malformed, or of a kind that structure does not have.
    Malformed(&'static str),
    /// It inflates to more than the limit.
    TooLarge,
}

impl From<&'static str> for Wrong {
    fn from(what: &'static str) -> Self {
        Self::Malformed(what)
    }
}

impl Wrong {
    pub fn refusal(self, malformed: impl Fn(&'static str) -> Refusal) -> Refusal {
        match self {
            Self::Malformed(what) => malformed(what),
            Self::TooLarge => Refusal::LimitExceeded { limit: Limit::Inflated },
        }
    }
}

/// Decodes a stream of text or structure: FlateDecode with an optional PNG predictor, and what makes ASCII of bytes. At
/// most `largest` bytes are ever inflated.
pub fn decode(dictionary: &Dictionary<'_>, raw: &[u8], largest: u64) -> Result<Vec<u8>, Wrong> {
    // One value, or an array of one for each filter.
    let list = |name: &str| match dictionary.get(name) {
        None => Vec::new(),
        Some(Object::Array(elements)) => elements,
        Some(_) => dictionary.source(name).into_iter().collect(),
    };
    let (filters, parameters) = (list("Filter"), list("DecodeParms"));
    if filters.len() > MOST_FILTERS {
        return Err("many filters".into());
    }
    let largest = largest.min(FREE.saturating_add(LARGEST_RATIO.saturating_mul(raw.len() as u64)));
    let mut data = Cow::Borrowed(raw);
    for (index, filter) in filters.into_iter().enumerate() {
        let Some(Object::Name(filter)) = parse(filter) else { return Err("a filter without a name".into()) };
        data = Cow::Owned(match filter.as_ref() {
            b"FlateDecode" | b"Fl" => inflate(&data, parameters.get(index).copied().unwrap_or(b"null"), largest)?,
            b"ASCII85Decode" | b"A85" => ascii::decode_85(&data).ok_or("not ASCII base-85")?,
            b"ASCIIHexDecode" | b"AHx" => ascii::decode_hex(&data).ok_or("not hexadecimal")?,
            _ => return Err("an unexpected filter".into()),
        });
    }
    Ok(data.into_owned())
}

fn inflate(data: &[u8], parameters: &[u8], largest: u64) -> Result<Vec<u8>, Wrong> {
    let largest = usize::try_from(largest).unwrap_or(usize::MAX);
    let mut inflated = decompress_to_vec_zlib_with_limit(data, largest).map_err(|failed| match failed.status {
        TINFLStatus::HasMoreOutput => Wrong::TooLarge,
        _ => Wrong::Malformed("the stream does not inflate"),
    })?;
    let Some(Object::Dictionary(parameters)) = parse(parameters) else {
        return Ok(inflated);
    };
    match parameters.integer("Predictor").unwrap_or(1) {
        1 => Ok(inflated),
        10..=15 => {
            let plain = parameters.integer("Colors").unwrap_or(1) == 1 && parameters.integer("BitsPerComponent").unwrap_or(8) == 8;
            let columns = usize::try_from(parameters.integer("Columns").unwrap_or(1)).ok();
            let columns = columns.filter(|columns| plain && (1..=inflated.len().max(1)).contains(columns));
            let columns = columns.ok_or("unexpected predictor parameters")?;
            predictor::unpredict(&mut inflated, columns).ok_or("an unknown predictor")?;
            Ok(inflated)
        }
        _ => Err("an unexpected predictor".into()),
    }
}
