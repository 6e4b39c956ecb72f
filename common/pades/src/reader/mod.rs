//! A strict reader: what it can't follow by the letter it refuses. Objects are looked up one by one, and nothing else
//! of the document is read.

mod end;
mod indirect;
pub mod limits;
mod object_stream;
pub mod pages;
pub mod source;
mod stream;
pub mod syntax;
mod xref;

use std::borrow::Cow;
use std::cell::RefCell;

use end::{TAIL, start_of_xref};
use indirect::Placed;
use limits::Spent;
use object_stream::ObjectStreams;
pub use source::Document;
use syntax::{Dictionary, Object, parse};
pub use xref::{Entry, Xref, XrefKind};

use crate::refusal::Refusal;

/// An opened PDF.
pub struct File<'a> {
    pub document: Document<'a>,
    pub xref: Xref<'a>,
    /// Digits of the header's version.
    pub version: [u8; 3],
    /// Whether the last byte ends a line.
    pub ends_with_line: bool,
    spent: Spent,
    last_window: RefCell<(usize, Vec<u8>)>,
    object_streams: RefCell<ObjectStreams>,
}

/// The source of a value, and where it begins in the document.
pub struct Located<'a> {
    pub source: Cow<'a, [u8]>,
    pub start: usize,
}

impl<'a> File<'a> {
    /// Opens the document; refuses what is not a PDF, is encrypted, or would need repair.
    pub fn open(document: impl Into<Document<'a>>) -> Result<Self, Refusal> {
        let document = document.into();
        let header = document.window(0, 8)?;
        let version = header.strip_prefix(b"%PDF-").ok_or(Refusal::NotPdf)?;
        let version = version.first_chunk().copied().ok_or(Refusal::NotPdf)?;
        let from = document.len().saturating_sub(TAIL);
        let tail = document.window(from, TAIL)?;
        let start = start_of_xref(&tail, from)?;
        let spent = Spent::default();
        let xref = Xref::read(&document, &spent, start)?;
        if xref.trailer().source("Encrypt").is_some() {
            return Err(Refusal::Encrypted);
        }
        let ends_with_line = matches!(tail.last(), Some(b'\n' | b'\r'));
        Ok(Self { document, xref, version, ends_with_line, spent, last_window: RefCell::default(), object_streams: RefCell::default() })
    }

    /// The same, with all of the cross-reference read: nothing in it would have to be repaired.
    pub fn open_strictly(document: impl Into<Document<'a>>) -> Result<Self, Refusal> {
        let file = Self::open(document)?;
        file.xref.read_all(&file.document, &file.spent)?;
        Ok(file)
    }

    /// The source of object `number`'s value, up to `endobj` or `stream`; `null` for a free one (7.3.10).
    pub fn object(&self, number: u32) -> Result<Cow<'a, [u8]>, Refusal> {
        let source = match self.entry(number)? {
            Entry::Free => Cow::Borrowed(b"null".as_slice()),
            Entry::At { offset, generation } => self.at(number, offset, generation)?.source,
            Entry::In { stream, index } => Cow::Owned(self.in_stream(number, stream, index)?),
        };
        self.spent.object(&self.document.limits, source.len())?;
        Ok(source)
    }

    /// Object `number`'s value as it stands in the document; `None` when it is free or in a stream.
    pub fn located(&self, number: u32) -> Result<Option<Located<'a>>, Refusal> {
        let Entry::At { offset, generation } = self.entry(number)? else { return Ok(None) };
        let Placed { source, end } = self.at(number, offset, generation)?;
        self.spent.object(&self.document.limits, source.len())?;
        let start = end - source.len();
        Ok(Some(Located { source, start }))
    }

    /// What the newest revision's cross-reference lists.
    pub fn newest(&self) -> Result<Vec<(u32, Entry)>, Refusal> {
        self.xref.newest(&self.document, &self.spent)
    }

    /// What all revisions together list.
    pub fn all(&self) -> Result<Vec<(u32, Entry)>, Refusal> {
        self.xref.all(&self.document, &self.spent)
    }

    /// Where object `number` is.
    pub fn entry(&self, number: u32) -> Result<Entry, Refusal> {
        self.spent.work(&self.document.limits, self.xref.sections())?;
        self.xref.entry(&self.document, &self.spent, number)
    }

    /// The generation of object `number`.
    pub fn generation(&self, number: u32) -> Result<u16, Refusal> {
        Ok(match self.entry(number)? {
            Entry::At { generation, .. } => generation,
            Entry::Free | Entry::In { .. } => 0,
        })
    }

    /// Where object `number`, or the object stream that it is in, begins.
    pub fn position(&self, number: u32) -> Result<Option<usize>, Refusal> {
        let entry = match self.entry(number)? {
            Entry::In { stream, .. } => self.entry(stream)?,
            entry => entry,
        };
        Ok(match entry {
            Entry::At { offset, .. } => Some(offset),
            Entry::Free | Entry::In { .. } => None,
        })
    }

    /// The source behind `source` when that is a reference, else `source` itself.
    pub fn resolve<'s>(&self, source: &'s [u8]) -> Result<Cow<'s, [u8]>, Refusal>
    where
        'a: 's,
    {
        // Nothing else ends like this; most values need not be parsed to know that.
        match source.last() {
            Some(b'R') => match parse(source) {
                Some(Object::Reference(number)) => self.object(number),
                _ => Ok(Cow::Borrowed(source)),
            },
            _ => Ok(Cow::Borrowed(source)),
        }
    }

    /// The catalog's number and source.
    pub fn catalog(&self) -> Result<(u32, Cow<'a, [u8]>), Refusal> {
        let root = self.xref.root.ok_or(Refusal::Malformed { object: 0, what: "no Root" })?;
        let source = self.object(root)?;
        dictionary(&source, root)?;
        Ok((root, source))
    }

    /// The decoded data of stream object `number`.
    pub fn stream(&self, number: u32) -> Result<Vec<u8>, Refusal> {
        let malformed = |what| Refusal::Malformed { object: number, what };
        let Entry::At { offset, generation } = self.entry(number)? else {
            return Err(malformed("not a stream"));
        };
        let Placed { source, end } = self.at(number, offset, generation)?;
        let dictionary = dictionary(&source, number)?;
        let length = dictionary.source("Length").map(|length| self.resolve(length)).transpose()?;
        let length = length.and_then(|length| parse(&length)?.integer()).and_then(|length| usize::try_from(length).ok());
        let length = length.ok_or_else(|| malformed("no Length"))?;
        let raw = stream::data(&self.document, end, length)?.ok_or_else(|| malformed("stream length"))?;
        let data = stream::decode(&dictionary, &raw, self.document.limits.inflated).map_err(|wrong| wrong.refusal(malformed))?;
        self.spent.object(&self.document.limits, source.len() + raw.len() + data.len())?;
        Ok(data)
    }
}

/// The dictionary that `source` is.
pub fn dictionary(source: &[u8], object: u32) -> Result<Dictionary<'_>, Refusal> {
    match parse(source) {
        Some(Object::Dictionary(dictionary)) => Ok(dictionary),
        _ => Err(Refusal::Malformed { object, what: "not a dictionary" }),
    }
}
