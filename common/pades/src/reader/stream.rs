//! Stream data: its extent, and the one filter that structure needs.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::ascii;
use super::lexer::{Dictionary, Lexer, Object, parse};
use super::source::{Document, cut};
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
    let mut data = raw.to_vec();
    for (index, filter) in filters.into_iter().enumerate() {
        let Some(Object::Name(filter)) = parse(filter) else { return Err("a filter without a name".into()) };
        data = match filter.as_ref() {
            b"FlateDecode" | b"Fl" => inflate(&data, parameters.get(index).copied().unwrap_or(b"null"), largest)?,
            b"ASCII85Decode" | b"A85" => ascii::decode_85(&data).ok_or("not ASCII base-85")?,
            b"ASCIIHexDecode" | b"AHx" => ascii::decode_hex(&data).ok_or("not hexadecimal")?,
            _ => return Err("an unexpected filter".into()),
        };
    }
    Ok(data)
}

fn inflate(data: &[u8], parameters: &[u8], largest: u64) -> Result<Vec<u8>, Wrong> {
    let mut inflated = Vec::new();
    let mut decoder = ZlibDecoder::new(data).take(largest.saturating_add(1));
    decoder.read_to_end(&mut inflated).map_err(|_| "the stream does not inflate")?;
    if inflated.len() as u64 > largest {
        return Err(Wrong::TooLarge);
    }
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
            unpredict(&mut inflated, columns).ok_or("an unknown predictor")?;
            Ok(inflated)
        }
        _ => Err("an unexpected predictor".into()),
    }
}

/// Undoes PNG predictors in place, over rows of `columns` bytes, each led by its predictor.
fn unpredict(data: &mut Vec<u8>, columns: usize) -> Option<()> {
    let rows = data.len() / (columns + 1);
    for row in 0..rows {
        // A row moves to the front, always behind what is still to be read.
        let (to, from) = (row * columns, row * (columns + 1) + 1);
        let kind = data[from - 1];
        // By far the most rows of a cross-reference are like this: eight bytes at once, where that touches nothing that is
        // still to be read.
        if kind == 2 && columns <= 8 && row >= 8 && from + 8 <= data.len() {
            let eight = |at: usize| data.get(at..)?.first_chunk().copied().map(u64::from_le_bytes);
            let sum = add_bytes(eight(from)?, eight(to - columns)?);
            data.get_mut(to..)?.get_mut(..columns)?.copy_from_slice(sum.to_le_bytes().get(..columns)?);
            continue;
        }
        let (mut left, mut upper_left) = (0u8, 0u8);
        for index in 0..columns {
            let above = if row == 0 { 0 } else { data[to + index - columns] };
            let prediction = match kind {
                0 => 0,
                1 => left,
                2 => above,
                3 => ((u16::from(left) + u16::from(above)) / 2) as u8,
                4 => paeth(left, above, upper_left),
                _ => return None,
            };
            (left, upper_left) = (data[from + index].wrapping_add(prediction), above);
            data[to + index] = left;
        }
    }
    data.truncate(rows * columns);
    Some(())
}

/// Adds byte by byte, without carry from one to the next.
fn add_bytes(a: u64, b: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    ((a & LOW) + (b & LOW)) ^ ((a ^ b) & !LOW)
}

fn paeth(left: u8, above: u8, upper_left: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(above) - i16::from(upper_left);
    let distance = |value: u8| (estimate - i16::from(value)).abs();
    if distance(left) <= distance(above) && distance(left) <= distance(upper_left) {
        left
    } else if distance(above) <= distance(upper_left) {
        above
    } else {
        upper_left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PNG, 9: row by row, as it is written there.
    fn by_the_letter(data: &[u8], columns: usize) -> Vec<u8> {
        let mut decoded: Vec<Vec<u8>> = vec![vec![0; columns]];
        for row in data.chunks_exact(columns + 1) {
            let above = decoded[decoded.len() - 1].clone();
            let mut current = vec![0; columns];
            for i in 0..columns {
                let (left, upper_left) = if i > 0 { (current[i - 1], above[i - 1]) } else { (0, 0) };
                let prediction = match row[0] {
                    0 => 0,
                    1 => left,
                    2 => above[i],
                    3 => ((u16::from(left) + u16::from(above[i])) / 2) as u8,
                    _ => paeth(left, above[i], upper_left),
                };
                current[i] = row[i + 1].wrapping_add(prediction);
            }
            decoded.push(current);
        }
        decoded.concat().split_off(columns)
    }

    #[test]
    fn every_predictor_is_undone_in_place() {
        for columns in 1..=12 {
            for kind in 0..=5u8 {
                let mut noise = 1u32;
                let mut data = Vec::new();
                for row in 0..40u8 {
                    data.push(if kind == 5 { row % 5 } else { kind });
                    data.extend((0..columns).map(|_| {
                        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        (noise >> 24) as u8
                    }));
                }
                let expected = by_the_letter(&data, columns);
                assert_eq!(unpredict(&mut data, columns), Some(()));
                assert_eq!(data, expected, "{columns} columns, predictor {kind}");
            }
        }
    }
}
