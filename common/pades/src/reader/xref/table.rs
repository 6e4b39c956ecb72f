//! A classic table (7.5.4): its entries stay where they are in the document.

use std::borrow::Cow;

use super::section::{FreeEntries, MOST_RUNS, Run, Section, WINDOW, dictionary_at, ordered};
use super::{Entry, damaged};
use crate::reader::limits::Spent;
use crate::reader::source::Document;
use crate::reader::syntax::Lexer;
use crate::refusal::{Limit, Refusal};

/// Bytes of a classic entry.
pub const ENTRY: usize = 20;

pub fn read<'a>(document: &Document<'a>, spent: &Spent, at: usize) -> Result<(Section<'a>, Cow<'a, [u8]>), Refusal> {
    let mut position = at + 4;
    let mut runs = Vec::new();
    loop {
        let window = document.window(position, WINDOW)?;
        let mut lexer = Lexer::new(&window, 0);
        if lexer.keyword(b"trailer") {
            position += lexer.at;
            break;
        }
        let header = lexer.unsigned().zip(lexer.unsigned());
        let (first, count) = header.ok_or_else(|| damaged(position, "neither a subsection nor a trailer"))?;
        let narrow = |value| u32::try_from(value).map_err(|_| damaged(at, "a subsection is out of range"));
        let (first, count) = (narrow(first)?, narrow(count)?);
        spent.work(&document.limits, ENTRY)?;
        // An empty subsection has no entry to align to.
        if count > 0 {
            lexer.skip_space();
            runs.push(Run { first, count, at: position + lexer.at });
        }
        position = position.saturating_add(lexer.at).saturating_add((count as usize).saturating_mul(ENTRY));
        if position > document.len() || first.checked_add(count).is_none() {
            return Err(damaged(at, "a subsection is longer than the file"));
        }
        if runs.len() > MOST_RUNS {
            return Err(Refusal::LimitExceeded { limit: Limit::Objects });
        }
    }
    let trailer = dictionary_at(document, position, |_| true)?.ok_or_else(|| damaged(position, "no trailer dictionary"))?;
    Ok((Section::Table { runs: ordered(runs, at)?, free: FreeEntries::Free }, trailer.source))
}

pub fn entry(entry: &[u8]) -> Option<Entry> {
    let text = std::str::from_utf8(entry).ok()?;
    let (offset, generation) = (text.get(0..10)?.parse().ok()?, text.get(11..16)?.parse().ok()?);
    if text.as_bytes()[10] != b' ' || text.as_bytes()[16] != b' ' || !matches!(&entry[18..], b" \n" | b" \r" | b"\r\n") {
        return None;
    }
    match entry[17] {
        b'n' => Some(Entry::At { offset, generation }),
        b'f' => Some(Entry::Free),
        _ => None,
    }
}
