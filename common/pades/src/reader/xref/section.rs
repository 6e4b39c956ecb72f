//! One section of the chain, whatever its form.

use std::borrow::Cow;
use std::cell::RefCell;

use super::stream::{self, StreamSection};
use super::{Entry, damaged, table};
use crate::reader::indirect::Placed;
use crate::reader::limits::Spent;
use crate::reader::source::{Document, cut};
use crate::reader::syntax::Lexer;
use crate::refusal::Refusal;

/// What is read of a trailer or of a cross-reference stream's dictionary at first, and at most.
pub const WINDOW: usize = 1_024;
pub const LARGEST_TRAILER: usize = 1 << 20;
/// Most subsections in all.
pub const MOST_RUNS: usize = 1 << 18;

pub enum Section<'a> {
    /// Entries stay where they are in the document.
    Table {
        runs: Vec<Run>,
        free: FreeEntries,
    },
    Stream(StreamSection<'a>),
}

/// What a free entry of a table means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum FreeEntries {
    /// That there is no such object.
    Free,
    /// That the cross-reference stream beside the table is to be asked (7.5.8.4).
    Hidden,
}

/// Entries `first..first + count`, the first one at `at` (bytes of the document, or of the stream's data).
#[derive(Clone, Copy)]
pub struct Run {
    pub first: u32,
    pub count: u32,
    pub at: usize,
}

impl<'a> Section<'a> {
    pub fn runs(&self) -> &[Run] {
        match self {
            Self::Table { runs, .. } | Self::Stream(StreamSection { runs, .. }) => runs,
        }
    }

    pub fn entry(
        &self,
        document: &Document<'a>,
        spent: &Spent,
        last_window: &RefCell<(usize, Vec<u8>)>,
        number: u32,
    ) -> Result<Option<Entry>, Refusal> {
        let runs = self.runs();
        let run = runs.partition_point(|run| run.first <= number).checked_sub(1).and_then(|index| runs.get(index));
        let Some(run) = run.filter(|run| number - run.first < run.count) else {
            return Ok(None);
        };
        let index = (number - run.first) as usize;
        match self {
            Self::Table { .. } => {
                let at = run.at + index * table::ENTRY;
                let near = |(start, window): &(usize, Vec<u8>)| table::entry(window.get(at.checked_sub(*start)?..)?.get(..table::ENTRY)?);
                if let Some(entry) = near(&last_window.borrow()) {
                    return Ok(Some(entry));
                }
                let window = document.window(at, WINDOW)?;
                let entry = window.get(..table::ENTRY).ok_or_else(|| damaged(at, "the table is cut off"))?;
                let entry = table::entry(entry).ok_or_else(|| damaged(at, "an entry is not 20 bytes"))?;
                if let Cow::Owned(window) = window {
                    last_window.replace((at, window));
                }
                Ok(Some(entry))
            }
            Self::Stream(stream) => {
                let width: usize = stream.widths.iter().sum();
                let at = run.at + index * width;
                let entry = stream.data(document, spent)?.get(at..at + width);
                stream::entry(entry.ok_or_else(|| damaged(stream.at, stream::CUT_OFF))?, &stream.widths).map(Some)
            }
        }
    }
}

/// Runs in the order of their numbers; two that tell of the same object leave open which one counts.
pub fn ordered(mut runs: Vec<Run>, at: usize) -> Result<Vec<Run>, Refusal> {
    runs.sort_by_key(|run| run.first);
    let overlap = runs.windows(2).any(|pair| matches!(pair, [a, b] if a.first + a.count > b.first));
    if overlap { Err(damaged(at, "two subsections tell of the same object")) } else { Ok(runs) }
}

/// A section and the source of its trailer dictionary.
pub fn read_section<'a>(document: &Document<'a>, spent: &Spent, at: usize) -> Result<(Section<'a>, Cow<'a, [u8]>), Refusal> {
    let (section, trailer) = match document.range(at, at.saturating_add(4))?.as_deref() {
        Some(b"xref") => table::read(document, spent, at)?,
        _ => stream::read(document, at)?,
    };
    spent.work(&document.limits, trailer.len())?;
    Ok((section, trailer))
}

/// The dictionary from `at` on, after what `before` takes.
pub fn dictionary_at<'a>(
    document: &Document<'a>,
    at: usize,
    before: impl Fn(&mut Lexer<'_>) -> bool,
) -> Result<Option<Placed<'a>>, Refusal> {
    let mut length = WINDOW;
    loop {
        let window = document.window(at, length)?;
        let last = at.saturating_add(window.len()) >= document.len() || length >= LARGEST_TRAILER;
        let mut lexer = Lexer::new(&window, 0);
        if !before(&mut lexer) {
            return Ok(None);
        }
        lexer.skip_space();
        let from = lexer.at;
        let found = lexer.dictionary().is_some();
        let to = lexer.at;
        if found {
            return Ok(Some(Placed { source: cut(window, from, to), end: at + to }));
        }
        if last {
            return Ok(None);
        }
        length *= 8;
    }
}
