//! Stream data: its extent, and the one filter that structure needs.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::lexer::{Dictionary, Lexer, Object, parse};

/// Structural streams (cross-references, object streams) that inflate to more are refused.
const LARGEST: u64 = 256 * 1024 * 1024;

/// The raw bytes after `stream`, when exactly `length` of them are followed by `endstream`.
pub fn data<'a>(bytes: &'a [u8], lexer: &mut Lexer<'a>, length: usize) -> Option<&'a [u8]> {
    if !lexer.keyword(b"stream") {
        return None;
    }
    let start = match bytes.get(lexer.at..)? {
        [b'\r', b'\n', ..] => lexer.at + 2,
        [b'\n', ..] => lexer.at + 1,
        _ => return None,
    };
    let end = start.checked_add(length)?;
    let data = bytes.get(start..end)?;
    lexer.at = end;
    lexer.keyword(b"endstream").then_some(data)
}

/// Decodes a structural stream: no filter, or FlateDecode with an optional PNG predictor.
pub fn decode(dictionary: &Dictionary<'_>, raw: &[u8]) -> Result<Vec<u8>, &'static str> {
    let first = |object: Object<'_>| match object {
        Object::Array(elements) if elements.len() == 1 => elements.first().map(|element| element.to_vec()),
        Object::Array(_) => None,
        Object::Dictionary(_) | Object::Name(_) => Some(Vec::new()),
        _ => None,
    };
    let filter = match dictionary.get("Filter") {
        None => return Ok(raw.to_vec()),
        Some(Object::Array(elements)) if elements.is_empty() => return Ok(raw.to_vec()),
        Some(object) => {
            let name = first(object).ok_or("several filters")?;
            if name.is_empty() { dictionary.source("Filter").unwrap_or_default().to_vec() } else { name }
        }
    };
    if !matches!(parse(&filter), Some(Object::Name(name)) if matches!(name.as_ref(), b"FlateDecode" | b"Fl")) {
        return Err("an unexpected filter");
    }
    let mut inflated = Vec::new();
    let mut decoder = ZlibDecoder::new(raw).take(LARGEST + 1);
    decoder.read_to_end(&mut inflated).map_err(|_| "the stream does not inflate")?;
    if inflated.len() as u64 > LARGEST {
        return Err("the stream inflates to too much");
    }
    let parameters = match dictionary.get("DecodeParms") {
        None => return Ok(inflated),
        Some(object) => {
            let source = first(object).ok_or("several parameters")?;
            if source.is_empty() { dictionary.source("DecodeParms").unwrap_or_default().to_vec() } else { source }
        }
    };
    let Some(Object::Dictionary(parameters)) = parse(&parameters) else {
        return Ok(inflated);
    };
    match parameters.integer("Predictor").unwrap_or(1) {
        1 => Ok(inflated),
        10..=15 => {
            let plain = parameters.integer("Colors").unwrap_or(1) == 1 && parameters.integer("BitsPerComponent").unwrap_or(8) == 8;
            let columns = usize::try_from(parameters.integer("Columns").unwrap_or(1)).ok().filter(|columns| plain && *columns > 0);
            unpredict(&inflated, columns.ok_or("unexpected predictor parameters")?).ok_or("an unknown predictor")
        }
        _ => Err("an unexpected predictor"),
    }
}

/// PNG predictors over rows of `columns` bytes, each row led by its predictor.
fn unpredict(data: &[u8], columns: usize) -> Option<Vec<u8>> {
    let mut decoded: Vec<u8> = Vec::with_capacity(data.len());
    let mut above = vec![0; columns];
    for row in data.chunks_exact(columns + 1) {
        let (kind, row) = row.split_first()?;
        let mut current = row.to_vec();
        for i in 0..columns {
            let left = if i > 0 { current[i - 1] } else { 0 };
            let upper_left = if i > 0 { above[i - 1] } else { 0 };
            let prediction = match kind {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => ((u16::from(left) + u16::from(above[i])) / 2) as u8,
                4 => paeth(left, above[i], upper_left),
                _ => return None,
            };
            current[i] = current[i].wrapping_add(prediction);
        }
        decoded.extend_from_slice(&current);
        above = current;
    }
    Some(decoded)
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
