//! The cross-reference chain (ISO 32000-2, 7.5.4, 7.5.8), followed and never rebuilt.

use super::lexer::{Dictionary, Lexer, Object, parse};
use super::stream;
use crate::refusal::Refusal;

/// More revisions than this are refused.
const MOST_SECTIONS: usize = 1_024;
/// Bytes of a classic entry.
const ENTRY: usize = 20;

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
    /// The newest trailer.
    pub trailer: Dictionary<'a>,
    pub kind: XrefKind,
    /// What the last `startxref` says.
    pub start: usize,
    /// One more than the highest object number seen anywhere.
    pub size: u32,
    /// Sections that begin a revision.
    pub revisions: usize,
}

enum Section<'a> {
    Table { bytes: &'a [u8], runs: Vec<Run>, free: FreeEntries },
    Stream { data: Vec<u8>, widths: [usize; 3], runs: Vec<Run> },
}

/// What a free entry of a table means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FreeEntries {
    /// That there is no such object.
    Free,
    /// That the cross-reference stream beside the table is to be asked (7.5.8.4).
    Hidden,
}

/// Entries `first..first + count`, the first one at `at` (bytes of the file, or of the stream's data).
struct Run {
    first: u32,
    count: u32,
    at: usize,
}

impl<'a> Xref<'a> {
    pub fn read(bytes: &'a [u8], start: usize) -> Result<Self, Refusal> {
        let mut sections = Vec::new();
        let mut trailers: Vec<Dictionary<'a>> = Vec::new();
        let mut seen = Vec::new();
        let mut kind = XrefKind::Table;
        let mut next = Some(start);
        while let Some(at) = next {
            if seen.contains(&at) || seen.len() >= MOST_SECTIONS {
                return Err(damaged(at, "the chain of revisions has a loop or is too long"));
            }
            seen.push(at);
            let (mut section, trailer) = read_section(bytes, at)?;
            let hybrid = trailer.integer("XRefStm");
            let table = match &mut section {
                Section::Table { free, .. } => {
                    *free = if hybrid.is_some() { FreeEntries::Hidden } else { FreeEntries::Free };
                    true
                }
                Section::Stream { .. } => false,
            };
            sections.push(section);
            if let Some(stream) = hybrid.filter(|_| table) {
                let stream = usize::try_from(stream).map_err(|_| damaged(at, "XRefStm"))?;
                sections.push(read_section(bytes, stream)?.0);
                if trailers.is_empty() {
                    kind = XrefKind::Hybrid;
                }
            } else if trailers.is_empty() && !table {
                kind = XrefKind::Stream;
            }
            next = match trailer.get("Prev") {
                None => None,
                Some(Object::Integer(previous)) => Some(usize::try_from(previous).map_err(|_| damaged(at, "Prev"))?),
                Some(_) => return Err(damaged(at, "Prev is not an integer")),
            };
            trailers.push(trailer);
        }
        let revisions = trailers.len();
        let declared = trailers.iter().filter_map(|trailer| trailer.integer("Size")).max().unwrap_or(0);
        let highest = sections.iter().flat_map(Section::runs).map(|run| run.first.saturating_add(run.count)).max().unwrap_or(0);
        let size = u32::try_from(declared).map_err(|_| damaged(start, "Size"))?.max(highest);
        let trailer = trailers.into_iter().next().ok_or_else(|| damaged(start, "no trailer"))?;
        Ok(Self { sections, trailer, kind, start, size, revisions })
    }

    /// The newest entry of object `number`.
    pub fn entry(&self, number: u32) -> Result<Entry, Refusal> {
        for section in &self.sections {
            match (section.entry(number)?, section) {
                (None, _) | (Some(Entry::Free), Section::Table { free: FreeEntries::Hidden, .. }) => {}
                (Some(entry), _) => return Ok(entry),
            }
        }
        Ok(Entry::Free)
    }
}

impl Section<'_> {
    fn runs(&self) -> &[Run] {
        match self {
            Self::Table { runs, .. } | Self::Stream { runs, .. } => runs,
        }
    }

    fn entry(&self, number: u32) -> Result<Option<Entry>, Refusal> {
        let Some(run) = self.runs().iter().find(|run| run.first <= number && number - run.first < run.count) else {
            return Ok(None);
        };
        let index = (number - run.first) as usize;
        match self {
            Self::Table { bytes, .. } => {
                let at = run.at + index * ENTRY;
                let entry = bytes.get(at..at + ENTRY).ok_or_else(|| damaged(at, "the table is cut off"))?;
                table_entry(entry).ok_or_else(|| damaged(at, "an entry is not 20 bytes")).map(Some)
            }
            Self::Stream { data, widths, .. } => {
                let width: usize = widths.iter().sum();
                let at = run.at + index * width;
                let entry = data.get(at..at + width).ok_or_else(|| damaged(0, "the cross-reference stream is cut off"))?;
                stream_entry(entry, widths).map(Some)
            }
        }
    }
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

fn read_section(bytes: &[u8], at: usize) -> Result<(Section<'_>, Dictionary<'_>), Refusal> {
    if bytes.get(at..).is_some_and(|rest| rest.starts_with(b"xref")) { read_table(bytes, at) } else { read_stream(bytes, at) }
}

fn read_table(bytes: &[u8], at: usize) -> Result<(Section<'_>, Dictionary<'_>), Refusal> {
    let mut lexer = Lexer::new(bytes, at + 4);
    let mut runs = Vec::new();
    while !lexer.keyword(b"trailer") {
        let header = lexer.unsigned().zip(lexer.unsigned());
        let (first, count) = header.ok_or_else(|| damaged(lexer.at, "neither a subsection nor a trailer"))?;
        let narrow = |value| u32::try_from(value).map_err(|_| damaged(at, "a subsection is out of range"));
        let (first, count) = (narrow(first)?, narrow(count)?);
        // An empty subsection has no entry to align to.
        if count > 0 {
            lexer.skip_space();
        }
        let length = (count as usize).saturating_mul(ENTRY);
        runs.push(Run { first, count, at: lexer.at });
        lexer.at = lexer.at.saturating_add(length);
        if lexer.at > bytes.len() || first.checked_add(count).is_none() {
            return Err(damaged(at, "a subsection is longer than the file"));
        }
    }
    let trailer = lexer.dictionary().ok_or_else(|| damaged(lexer.at, "no trailer dictionary"))?;
    Ok((Section::Table { bytes, runs, free: FreeEntries::Free }, trailer))
}

fn read_stream(bytes: &[u8], at: usize) -> Result<(Section<'_>, Dictionary<'_>), Refusal> {
    let mut lexer = Lexer::new(bytes, at);
    let header = lexer.unsigned().is_some() && lexer.unsigned().is_some() && lexer.keyword(b"obj");
    let dictionary = header.then(|| lexer.dictionary()).flatten().filter(|dictionary| dictionary.is_name("Type", "XRef"));
    let dictionary = dictionary.ok_or_else(|| damaged(at, "neither a table nor a cross-reference stream"))?;
    let length = dictionary.integer("Length").and_then(|length| usize::try_from(length).ok());
    let raw = length.and_then(|length| stream::data(bytes, &mut lexer, length)).ok_or_else(|| damaged(at, "stream length"))?;
    let data = stream::decode(&dictionary, raw).map_err(|what| damaged(at, what))?;
    let integers = |name: &str| match dictionary.get(name) {
        Some(Object::Array(elements)) => elements
            .iter()
            .map(|element| parse(element)?.integer().and_then(|value| u32::try_from(value).ok()))
            .collect::<Option<Vec<u32>>>(),
        _ => None,
    };
    let widths = integers("W").and_then(|w| <[u32; 3]>::try_from(w).ok()).filter(|w| w.iter().all(|width| *width <= 8));
    let widths = widths.ok_or_else(|| damaged(at, "W"))?.map(|width| width as usize);
    let size = dictionary.integer("Size").and_then(|size| u32::try_from(size).ok()).ok_or_else(|| damaged(at, "Size"))?;
    let index = if dictionary.source("Index").is_some() { integers("Index").ok_or_else(|| damaged(at, "Index"))? } else { vec![0, size] };
    let mut runs = Vec::new();
    let mut position = 0;
    for pair in index.chunks_exact(2) {
        let (first, count) = (pair[0], pair[1]);
        if first.checked_add(count).is_none() {
            return Err(damaged(at, "Index"));
        }
        runs.push(Run { first, count, at: position });
        position += count as usize * widths.iter().sum::<usize>();
    }
    if position > data.len() {
        return Err(damaged(at, "the cross-reference stream is cut off"));
    }
    Ok((Section::Stream { data, widths, runs }, dictionary))
}

fn damaged(offset: usize, what: &'static str) -> Refusal {
    Refusal::XrefDamaged { offset, what }
}
