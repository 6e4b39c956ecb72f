//! A cross-reference stream (7.5.8), decoded when an entry of it is asked for.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::section::{Run, Section, dictionary_at, ordered};
use super::{Entry, damaged};
use crate::reader::indirect::Placed;
use crate::reader::limits::Spent;
use crate::reader::source::Document;
use crate::reader::stream;
use crate::reader::syntax::{Object, parse};
use crate::refusal::Refusal;

/// A cross-reference stream, decoded when an entry of it is asked for.
pub struct StreamSection<'a> {
    /// Where it is.
    pub at: usize,
    dictionary: Cow<'a, [u8]>,
    /// Where its dictionary ends.
    data_at: usize,
    pub widths: [usize; 3],
    pub runs: Vec<Run>,
    /// Bytes of all entries.
    length: usize,
    data: OnceCell<Vec<u8>>,
}

pub const CUT_OFF: &str = "the cross-reference stream is cut off";

impl<'a> StreamSection<'a> {
    pub fn data(&self, document: &Document<'a>, spent: &Spent) -> Result<&[u8], Refusal> {
        if let Some(data) = self.data.get() {
            return Ok(data);
        }
        let damaged = |what| damaged(self.at, what);
        let Some(Object::Dictionary(dictionary)) = parse(&self.dictionary) else { return Err(damaged("no dictionary")) };
        let length = dictionary.integer("Length").and_then(|length| usize::try_from(length).ok());
        let raw = length.map(|length| stream::data(document, self.data_at, length)).transpose()?.flatten();
        let raw = raw.ok_or_else(|| damaged("stream length"))?;
        let data = stream::decode(&dictionary, &raw, document.limits.inflated).map_err(|wrong| wrong.refusal(damaged))?;
        if self.length > data.len() {
            return Err(damaged(CUT_OFF));
        }
        spent.work(&document.limits, data.len())?;
        Ok(self.data.get_or_init(|| data))
    }
}

pub fn read<'a>(document: &Document<'a>, at: usize) -> Result<(Section<'a>, Cow<'a, [u8]>), Refusal> {
    let neither = || damaged(at, "neither a table nor a cross-reference stream");
    let Placed { source, end: data_at } = dictionary_at(document, at, |lexer| lexer.any_header())?.ok_or_else(neither)?;
    let (widths, runs, length) = {
        let dictionary = match parse(&source) {
            Some(Object::Dictionary(dictionary)) if dictionary.is_name("Type", "XRef") => dictionary,
            _ => return Err(neither()),
        };
        let integers = |name: &str| match dictionary.get(name) {
            Some(Object::Array(elements)) => elements
                .iter()
                .map(|element| parse(element)?.integer().and_then(|value| u32::try_from(value).ok()))
                .collect::<Option<Vec<u32>>>(),
            _ => None,
        };
        let widths = integers("W").and_then(|w| <[u32; 3]>::try_from(w).ok()).filter(|w| w.iter().all(|width| *width <= 8));
        let widths = widths.ok_or_else(|| damaged(at, "W"))?.map(|width| width as usize);
        let width: usize = widths.iter().sum();
        let size = dictionary.integer("Size").and_then(|size| u32::try_from(size).ok()).ok_or_else(|| damaged(at, "Size"))?;
        let index =
            if dictionary.source("Index").is_some() { integers("Index").ok_or_else(|| damaged(at, "Index"))? } else { vec![0, size] };
        let mut runs = Vec::new();
        let mut end = 0usize;
        for pair in index.chunks_exact(2) {
            let (first, count) = (pair[0], pair[1]);
            if first.checked_add(count).is_none() || width == 0 {
                return Err(damaged(at, "Index"));
            }
            runs.push(Run { first, count, at: end });
            end = (count as usize).checked_mul(width).and_then(|bytes| end.checked_add(bytes)).ok_or_else(|| damaged(at, "Index"))?;
        }
        (widths, ordered(runs, at)?, end)
    };
    let trailer = source.clone();
    let section = StreamSection { at, dictionary: source, data_at, widths, runs, length, data: OnceCell::new() };
    Ok((Section::Stream(section), trailer))
}

pub fn entry(entry: &[u8], widths: &[usize; 3]) -> Result<Entry, Refusal> {
    let (kind, rest) = entry.split_at(widths[0]);
    let (second, third) = rest.split_at(widths[1]);
    let number = |field: &[u8]| field.iter().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
    let wrong = |_| damaged(0, "an entry of the cross-reference stream is out of range");
    match if kind.is_empty() { 1 } else { number(kind) } {
        0 => Ok(Entry::Free),
        1 => Ok(Entry::At {
            offset: usize::try_from(number(second)).map_err(wrong)?,
            generation: u16::try_from(number(third)).map_err(wrong)?,
        }),
        2 => Ok(Entry::In { stream: u32::try_from(number(second)).map_err(wrong)?, index: usize::try_from(number(third)).map_err(wrong)? }),
        _ => Err(damaged(0, "an entry of an unknown type")),
    }
}
