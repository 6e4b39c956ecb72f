//! The cross-reference chain (ISO 32000-2, 7.5.4, 7.5.8), followed and never rebuilt.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};

use super::Placed;
use super::lexer::{Dictionary, Lexer, Object, parse};
use super::limits::Spent;
use super::source::{Document, cut};
use super::stream;
use crate::refusal::{Limit, Refusal};

/// Bytes of a classic entry.
const ENTRY: usize = 20;
/// What is read of a trailer or of a cross-reference stream's dictionary at first, and at most.
const WINDOW: usize = 1_024;
const LARGEST_TRAILER: usize = 1 << 20;
/// Object numbers end here, to leave room for ours (ISO 32000-1, annex C, has 8,388,607; producers go further).
const LARGEST_SIZE: u32 = 1 << 31;
/// Most subsections in all.
const MOST_RUNS: usize = 1 << 18;

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

enum Section<'a> {
    /// Entries stay where they are in the document.
    Table {
        runs: Vec<Run>,
        free: FreeEntries,
    },
    Stream(StreamSection<'a>),
}

/// A cross-reference stream, decoded when an entry of it is asked for.
struct StreamSection<'a> {
    /// Where it is.
    at: usize,
    dictionary: Cow<'a, [u8]>,
    /// Where its dictionary ends.
    data_at: usize,
    widths: [usize; 3],
    runs: Vec<Run>,
    /// Bytes of all entries.
    length: usize,
    data: OnceCell<Vec<u8>>,
}

/// What a free entry of a table means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FreeEntries {
    /// That there is no such object.
    Free,
    /// That the cross-reference stream beside the table is to be asked (7.5.8.4).
    Hidden,
}

/// Entries `first..first + count`, the first one at `at` (bytes of the document, or of the stream's data).
#[derive(Clone, Copy)]
struct Run {
    first: u32,
    count: u32,
    at: usize,
}

impl<'a> Xref<'a> {
    pub fn read(document: &Document<'a>, spent: &Spent, start: usize) -> Result<Self, Refusal> {
        let mut sections: Vec<Section<'a>> = Vec::new();
        let mut newest = None;
        let mut seen = Vec::new();
        let mut kind = XrefKind::Table;
        let mut declared = 0;
        let mut next = Some(start);
        while let Some(at) = next {
            if seen.contains(&at) {
                return Err(damaged(at, "the chain of revisions has a loop"));
            }
            if seen.len() >= document.limits.revisions {
                return Err(Refusal::LimitExceeded { limit: Limit::Revisions });
            }
            seen.push(at);
            let (mut section, source) = read_section(document, spent, at)?;
            let Some(Object::Dictionary(trailer)) = parse(&source) else { return Err(damaged(at, "no trailer dictionary")) };
            let hybrid = trailer.integer("XRefStm");
            let table = match &mut section {
                Section::Table { free, .. } => {
                    *free = if hybrid.is_some() { FreeEntries::Hidden } else { FreeEntries::Free };
                    true
                }
                Section::Stream(_) => false,
            };
            sections.push(section);
            if let Some(stream) = hybrid.filter(|_| table) {
                let stream = usize::try_from(stream).map_err(|_| damaged(at, "XRefStm"))?;
                sections.push(read_section(document, spent, stream)?.0);
                if newest.is_none() {
                    kind = XrefKind::Hybrid;
                }
            } else if newest.is_none() && !table {
                kind = XrefKind::Stream;
            }
            if sections.iter().map(|section| section.runs().len()).sum::<usize>() > MOST_RUNS {
                return Err(Refusal::LimitExceeded { limit: Limit::Objects });
            }
            next = match trailer.get("Prev") {
                None => None,
                Some(Object::Integer(previous)) => Some(usize::try_from(previous).map_err(|_| damaged(at, "Prev"))?),
                Some(_) => return Err(damaged(at, "Prev is not an integer")),
            };
            declared = declared.max(trailer.integer("Size").unwrap_or(0));
            if newest.is_none() {
                newest = Some((trailer.get("Root").and_then(|root| root.reference()), source));
            }
        }
        let highest = sections.iter().flat_map(Section::runs).map(|run| run.first.saturating_add(run.count)).max().unwrap_or(0);
        let size = u32::try_from(declared).map_err(|_| damaged(start, "Size"))?.max(highest);
        // A revision takes a few numbers more.
        if size > LARGEST_SIZE {
            return Err(Refusal::LimitExceeded { limit: Limit::Objects });
        }
        let (root, trailer) = newest.ok_or_else(|| damaged(start, "no trailer"))?;
        Ok(Self { sections, trailer, root, kind, start, size, revisions: seen.len(), last_window: RefCell::default() })
    }

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

impl<'a> Section<'a> {
    fn runs(&self) -> &[Run] {
        match self {
            Self::Table { runs, .. } | Self::Stream(StreamSection { runs, .. }) => runs,
        }
    }

    fn entry(
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
                let at = run.at + index * ENTRY;
                let near = |(start, window): &(usize, Vec<u8>)| table_entry(window.get(at.checked_sub(*start)?..)?.get(..ENTRY)?);
                if let Some(entry) = near(&last_window.borrow()) {
                    return Ok(Some(entry));
                }
                let window = document.window(at, WINDOW)?;
                let entry = window.get(..ENTRY).ok_or_else(|| damaged(at, "the table is cut off"))?;
                let entry = table_entry(entry).ok_or_else(|| damaged(at, "an entry is not 20 bytes"))?;
                if let Cow::Owned(window) = window {
                    last_window.replace((at, window));
                }
                Ok(Some(entry))
            }
            Self::Stream(stream) => {
                let width: usize = stream.widths.iter().sum();
                let at = run.at + index * width;
                let entry = stream.data(document, spent)?.get(at..at + width);
                stream_entry(entry.ok_or_else(|| damaged(stream.at, CUT_OFF))?, &stream.widths).map(Some)
            }
        }
    }
}

const CUT_OFF: &str = "the cross-reference stream is cut off";

impl<'a> StreamSection<'a> {
    fn data(&self, document: &Document<'a>, spent: &Spent) -> Result<&[u8], Refusal> {
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

/// Runs in the order of their numbers; two that tell of the same object leave open which one counts.
fn ordered(mut runs: Vec<Run>, at: usize) -> Result<Vec<Run>, Refusal> {
    runs.sort_by_key(|run| run.first);
    let overlap = runs.windows(2).any(|pair| matches!(pair, [a, b] if a.first + a.count > b.first));
    if overlap { Err(damaged(at, "two subsections tell of the same object")) } else { Ok(runs) }
}

fn table_entry(entry: &[u8]) -> Option<Entry> {
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

fn stream_entry(entry: &[u8], widths: &[usize; 3]) -> Result<Entry, Refusal> {
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

/// A section and the source of its trailer dictionary.
fn read_section<'a>(document: &Document<'a>, spent: &Spent, at: usize) -> Result<(Section<'a>, Cow<'a, [u8]>), Refusal> {
    let (section, trailer) = match document.range(at, at.saturating_add(4))?.as_deref() {
        Some(b"xref") => read_table(document, spent, at)?,
        _ => read_stream(document, at)?,
    };
    spent.work(&document.limits, trailer.len())?;
    Ok((section, trailer))
}

fn read_table<'a>(document: &Document<'a>, spent: &Spent, at: usize) -> Result<(Section<'a>, Cow<'a, [u8]>), Refusal> {
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

/// The dictionary from `at` on, after what `before` takes.
fn dictionary_at<'a>(document: &Document<'a>, at: usize, before: impl Fn(&mut Lexer<'_>) -> bool) -> Result<Option<Placed<'a>>, Refusal> {
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

fn read_stream<'a>(document: &Document<'a>, at: usize) -> Result<(Section<'a>, Cow<'a, [u8]>), Refusal> {
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

fn damaged(offset: usize, what: &'static str) -> Refusal {
    Refusal::XrefDamaged { offset, what }
}
