//! The cross-reference chain (ISO 32000-2, 7.5.4, 7.5.8), followed and never rebuilt.

mod chain;
mod section;
mod stream;
mod table;

use std::borrow::Cow;
use std::cell::RefCell;

use section::{FreeEntries, Section};

use super::limits::Spent;
use super::source::Document;
use super::syntax::{Dictionary, Object, parse};
use crate::refusal::{Limit, Refusal};

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    Free,
    /// At a byte offset.
    At {
        offset: usize,
        generation: u16,
    },
    /// In an object stream.
    In {
        stream: u32,
        index: usize,
    },
}

/// What kind of cross-reference the last revision has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XrefKind {
    /// A classic table.
    Table,
    /// A cross-reference stream.
    Stream,
    /// A table with an additional stream for newer readers.
    Hybrid,
}

/// The whole chain, newest first.
pub struct Xref<'a> {
    sections: Vec<Section<'a>>,
    trailer: Cow<'a, [u8]>,
    /// The catalog's number.
    pub root: Option<u32>,
    pub kind: XrefKind,
    /// What the last `startxref` says.
    pub start: usize,
    /// One more than the highest object number seen anywhere.
    pub size: u32,
    /// Sections that begin a revision.
    pub revisions: usize,
    /// The last bytes read of a table that is not in memory: neighbours are often next.
    last_window: RefCell<(usize, Vec<u8>)>,
}

impl<'a> Xref<'a> {
    /// The newest trailer.
    pub fn trailer(&self) -> Dictionary<'_> {
        match parse(&self.trailer) {
            Some(Object::Dictionary(trailer)) => trailer,
            _ => Dictionary::default(),
        }
    }

    /// Decodes every section. A reader that finds one damaged would rebuild the whole cross-reference.
    pub fn read_all(&self, document: &Document<'a>, spent: &Spent) -> Result<(), Refusal> {
        self.sections.iter().try_for_each(|section| match section {
            Section::Table { .. } => Ok(()),
            Section::Stream(stream) => stream.data(document, spent).map(|_| ()),
        })
    }

    /// How many sections a look-up may go through.
    pub fn sections(&self) -> usize {
        self.sections.len()
    }

    /// What the newest revision lists, the hidden part of a hybrid-reference file included, in order.
    pub fn newest(&self, document: &Document<'a>, spent: &Spent) -> Result<Vec<(u32, Entry)>, Refusal> {
        let sections = if self.kind == XrefKind::Hybrid { 2 } else { 1 };
        self.listed(document, spent, sections)
    }

    /// What all sections together list, each object once, in order.
    pub fn all(&self, document: &Document<'a>, spent: &Spent) -> Result<Vec<(u32, Entry)>, Refusal> {
        self.listed(document, spent, self.sections.len())
    }

    fn listed(&self, document: &Document<'a>, spent: &Spent, sections: usize) -> Result<Vec<(u32, Entry)>, Refusal> {
        let runs = || self.sections.iter().take(sections).flat_map(Section::runs);
        // A few bytes may stand for millions of entries.
        if runs().map(|run| u64::from(run.count)).sum::<u64>() > document.limits.objects {
            return Err(Refusal::LimitExceeded { limit: Limit::Objects });
        }
        let mut numbers: Vec<u32> = runs().flat_map(|run| run.first..run.first + run.count).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().map(|number| self.entry(document, spent, number).map(|entry| (number, entry))).collect()
    }

    /// The newest entry of object `number`.
    pub fn entry(&self, document: &Document<'a>, spent: &Spent, number: u32) -> Result<Entry, Refusal> {
        for section in &self.sections {
            match (section.entry(document, spent, &self.last_window, number)?, section) {
                (None, _) | (Some(Entry::Free), Section::Table { free: FreeEntries::Hidden, .. }) => {}
                (Some(entry), _) => return Ok(entry),
            }
        }
        Ok(Entry::Free)
    }
}

fn damaged(offset: usize, what: &'static str) -> Refusal {
    Refusal::XrefDamaged { offset, what }
}
