//! The revisions of a file, each by its own cross-reference (ISO 32000-2, 7.5.6): where they begin and end, and that
//! nothing lies between them.

use std::collections::BTreeMap;

use super::changes::references::collect;
use super::changes::same::same;
use super::facts::{Code, Fault};
use crate::reader::syntax::{Dictionary, Lexer, Object, is_space, parse};
use crate::reader::{Document, Entry, File, dictionary};

/// Longest comment of an update: too short to hide anything in.
const LONGEST_COMMENT: usize = 32;
/// The same in the first revision, where producers tell of themselves.
const LONGEST_FIRST_COMMENT: usize = 1_024;

/// A revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Where its cross-reference begins.
    pub xref: usize,
    /// Where its own bytes begin.
    pub start: usize,
    /// Behind its end-of-file marker.
    pub marker: usize,
    /// Behind the line end that may follow.
    pub end: usize,
}

/// The revisions of an opened file, oldest first.
pub fn revisions(file: &File<'_>) -> Result<Vec<Revision>, Fault> {
    let document = &file.document;
    let damaged = |at: usize, what: &str| Fault::new(Code::UpdateStructure, format!("{what} at byte {at}"));
    let mut sections = Vec::new();
    let mut next = Some(file.xref.start);
    while let Some(at) = next {
        // The reader has followed the same chain within its limits.
        let section = section(document, at).ok_or_else(|| damaged(at, "a cross-reference section"))?;
        next = section.previous;
        sections.push((at, section));
    }
    let mut revisions: Vec<Revision> = Vec::new();
    let mut sections = sections.into_iter().rev().peekable();
    let mut start = 0;
    while let Some((at, section)) = sections.next() {
        // A linearized file has the section of its first page in front of the main one (annex F).
        let first_page = sections.next_if(|(next, following)| revisions.is_empty() && following.previous == Some(at) && *next < at);
        let stated = first_page.as_ref().map_or(at, |(first_page, _)| *first_page);
        if first_page.is_some() && !is_linearized(document) {
            return Err(damaged(stated, "a cross-reference section that points forward"));
        }
        let (marker, end) = end_of_revision(document, section.end, stated).ok_or_else(|| damaged(section.end, "no end of the revision"))?;
        if at < start || section.previous.is_some_and(|previous| previous >= at) {
            return Err(damaged(at, "revisions overlap"));
        }
        revisions.push(Revision { xref: at, start, marker, end });
        start = end;
    }
    Ok(revisions)
}

struct Section {
    previous: Option<usize>,
    end: usize,
}

fn is_linearized(document: &Document<'_>) -> bool {
    let first = document.window(0, 1_024).unwrap_or_default();
    first.get(..1_024).unwrap_or(&first).windows(11).any(|window| window == b"/Linearized")
}

fn section(document: &Document<'_>, at: usize) -> Option<Section> {
    let (is_table, _) = document.parse(at, |bytes| Some((bytes.starts_with(b"xref"), 4)))?;
    if is_table { table(document, at + 4) } else { stream_section(document, at) }
}

/// A cross-reference table, from behind its keyword on. Its entries are passed over.
fn table(document: &Document<'_>, mut at: usize) -> Option<Section> {
    loop {
        let (subsection, end) = document.parse(at, |bytes| {
            let mut lexer = Lexer::new(bytes, 0);
            if lexer.keyword(b"trailer") {
                let previous = previous(&lexer.dictionary()?)?;
                return Some((Err(previous), lexer.at));
            }
            let (_, count) = (lexer.unsigned()?, lexer.unsigned()?);
            if count > 0 {
                lexer.skip_space();
            }
            Some((Ok(count), lexer.at))
        })?;
        match subsection {
            Err(previous) => return Some(Section { previous, end }),
            Ok(count) => at = end.checked_add(usize::try_from(count).ok()?.checked_mul(20)?).filter(|at| *at < document.len())?,
        }
    }
}

fn stream_section(document: &Document<'_>, at: usize) -> Option<Section> {
    let ((previous, data), start) = document.parse(at, |bytes| {
        let mut lexer = Lexer::new(bytes, 0);
        if !lexer.any_header() {
            return None;
        }
        let dictionary = lexer.dictionary()?;
        let length = usize::try_from(dictionary.integer("Length")?).ok()?;
        let start = stream_start(bytes, lexer.at)?;
        Some(((previous(&dictionary)?, length), start))
    })?;
    let end = end_of_object(document, start.checked_add(data)?)?;
    Some(Section { previous, end })
}

/// /Prev of a trailer, when there is one.
fn previous(trailer: &Dictionary<'_>) -> Option<Option<usize>> {
    match trailer.get("Prev") {
        Some(Object::Integer(previous)) => usize::try_from(previous).ok().map(Some),
        _ => Some(None),
    }
}

/// Where the data of a stream begins; its dictionary ends at `at`.
pub fn stream_start(bytes: &[u8], at: usize) -> Option<usize> {
    let mut lexer = Lexer::new(bytes, at);
    if !lexer.keyword(b"stream") {
        return None;
    }
    match bytes.get(lexer.at..)? {
        [b'\r', b'\n', ..] => Some(lexer.at + 2),
        [b'\n', ..] => Some(lexer.at + 1),
        _ => None,
    }
}

/// Where the stream object ends whose data end at `at`.
fn end_of_object(document: &Document<'_>, at: usize) -> Option<usize> {
    if at > document.len() {
        return None;
    }
    let ends = |bytes: &[u8]| {
        let mut lexer = Lexer::new(bytes, 0);
        (lexer.keyword(b"endstream") && lexer.keyword(b"endobj")).then_some(((), lexer.at))
    };
    document.parse(at, ends).map(|(_, end)| end)
}

fn end_of_revision(document: &Document<'_>, at: usize, stated: usize) -> Option<(usize, usize)> {
    let (line_end, end) = document.parse(at, |bytes| {
        let mut lexer = Lexer::new(bytes, 0);
        if !lexer.keyword(b"startxref") || lexer.unsigned() != u64::try_from(stated).ok() {
            return None;
        }
        let space = bytes.get(lexer.at..)?.iter().take_while(|byte| is_space(**byte)).count();
        let marker = lexer.at + space;
        let behind = bytes.get(marker..)?.strip_prefix(b"%%EOF")?;
        let line_end = match behind {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        // What follows the marker must be known as well.
        Some((line_end, marker + 5 + line_end))
    })?;
    Some((end - line_end, end))
}

/// The body of an update holds exactly the objects that its own cross-reference lists, and nothing between them.
pub fn check_body(file: &File<'_>, revision: &Revision, listing: &[(u32, Entry)]) -> Result<(), Fault> {
    let document = &file.document;
    let unlisted = |what: &str, at: usize| Fault::new(Code::UnlistedObjects, format!("{what} at byte {at}"));
    let mut listed = BTreeMap::new();
    for (number, entry) in listing {
        if let Entry::At { offset, generation } = entry
            && *offset >= revision.start
            && listed.insert(*offset, (*number, *generation)).is_some()
        {
            return Err(unlisted("two numbers for one object", *offset));
        }
    }
    // The header is a comment, too; further ones are not welcome.
    let header = if revision.start == 0 { line(document) } else { 0 };
    let mut at = revision.start + header;
    let longest = if revision.start == 0 { LONGEST_FIRST_COMMENT } else { LONGEST_COMMENT };
    loop {
        at = skip_filling(document, at, longest).ok_or_else(|| unlisted("a comment that holds more than filling", at))?;
        let is_table = || document.parse(at, |bytes| Some((bytes.starts_with(b"xref"), 4))).is_some_and(|(is_table, _)| is_table);
        if at == revision.xref && is_table() {
            break;
        }
        let (number, generation, end) = object_at(file, at).ok_or_else(|| unlisted("something that is not an object", at))?;
        if listed.remove(&at) != Some((number, generation)) && at != revision.xref {
            return Err(unlisted("an object that is not listed", at).of_object(number));
        }
        if at == revision.xref {
            break;
        }
        at = end;
    }
    match listed.first_key_value() {
        None => Ok(()),
        Some((at, (number, _))) => Err(unlisted("a listed object that is not there", *at).of_object(*number)),
    }
}

/// Whether a page has the same content and resources, by the objects that it names and what they are.
pub fn same_content(old: &File<'_>, new: &File<'_>, page: u32) -> bool {
    let (Ok(before), Ok(after)) = (old.object(page), new.object(page)) else { return false };
    let (Ok(before), Ok(after)) = (dictionary(&before, page), dictionary(&after, page)) else { return false };
    ["Contents", "Resources", "MediaBox", "CropBox", "Rotate"].into_iter().all(|name| {
        let (before, after) = (before.source(name).unwrap_or(b"null"), after.source(name).unwrap_or(b"null"));
        let mut named = Vec::new();
        collect(before, &mut named);
        let unchanged = |number: &u32| {
            let (before, after) = (old.entry(*number), new.entry(*number));
            matches!((before, after), (Ok(before), Ok(after)) if before == after)
        };
        same(old, before, new, after) && named.iter().all(unchanged)
    })
}

/// Bytes of the first line.
fn line(document: &Document<'_>) -> usize {
    let found = document.parse(0, |bytes| {
        let length = bytes.iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count();
        Some(((), length))
    });
    found.map_or(0, |(_, length)| length)
}

/// White space, and comments too short to hide anything in.
fn skip_filling(document: &Document<'_>, mut at: usize, longest: usize) -> Option<usize> {
    loop {
        let (next, end) = document.parse(at, |bytes| {
            let space = bytes.iter().take_while(|byte| is_space(**byte)).count();
            Some((bytes.get(space).copied(), space))
        })?;
        at = end;
        if next? != b'%' {
            return Some(at);
        }
        let ends = |bytes: &[u8]| {
            let length = bytes.iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count();
            let comment = bytes.get(..length)?;
            let hides = length > longest || comment.windows(3).any(|window| matches!(window, b"obj" | b"%%E" | b"%PD"));
            Some((hides, length))
        };
        let (hides, end) = document.parse(at, ends)?;
        if hides {
            return None;
        }
        at = end;
    }
}

/// Number, generation and end of the indirect object at `at`.
fn object_at(file: &File<'_>, at: usize) -> Option<(u32, u16, usize)> {
    let document = &file.document;
    let ((number, generation, length), end) = document.parse(at, |bytes| {
        let mut lexer = Lexer::new(bytes, 0);
        let number = u32::try_from(lexer.unsigned()?).ok()?;
        let generation = u16::try_from(lexer.unsigned()?).ok()?;
        if !lexer.keyword(b"obj") {
            return None;
        }
        let value = lexer.value()?;
        let mut ahead = lexer.clone();
        if let (Object::Dictionary(dictionary), true) = (&value, ahead.keyword(b"stream")) {
            let length = file.resolve(dictionary.source("Length")?).ok()?;
            let length = usize::try_from(parse(&length)?.integer()?).ok()?;
            return Some(((number, generation, Some(length)), stream_start(bytes, lexer.at)?));
        }
        lexer.keyword(b"endobj").then_some(((number, generation, None), lexer.at))
    })?;
    let end = match length {
        Some(length) => end_of_object(document, end.checked_add(length)?)?,
        None => end,
    };
    Some((number, generation, end))
}
