//! A strict reader: what it can't follow by the letter it refuses. Objects are looked up one by one, and nothing else
//! of the document is read.

mod ascii;
pub mod lexer;
pub mod limits;
pub mod pages;
pub mod source;
mod stream;
mod xref;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use lexer::{Dictionary, Lexer, Object, parse};
use limits::Spent;
pub use source::Document;
use source::cut;
pub use xref::{Entry, Xref, XrefKind};

use crate::refusal::Refusal;

/// The end-of-file marker is looked for in this many last bytes.
const TAIL: usize = 1_024;
/// What is read of an object at first, and the most that is read of one.
const WINDOW: usize = 4_096;
const LARGEST_OBJECT: usize = 8 << 20;
/// Inflated object streams are kept for the next look-up up to this many bytes.
const KEPT: usize = 4 << 20;

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

#[derive(Default)]
struct ObjectStreams {
    bytes: usize,
    known: HashMap<u32, Rc<ObjectStream>>,
}

struct ObjectStream {
    data: Vec<u8>,
    /// Object number and where its value begins.
    objects: Vec<(u32, usize)>,
}

/// An indirect object's value, and where it ends in the document.
struct Placed<'a> {
    source: Cow<'a, [u8]>,
    end: usize,
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
            Entry::In { stream, index } => {
                let stream = self.object_stream(stream)?;
                let malformed = |what| Refusal::Malformed { object: number, what };
                let found = stream.objects.get(index).filter(|(found, _)| *found == number);
                let (_, from) = *found.ok_or_else(|| malformed("not in its object stream"))?;
                let mut lexer = Lexer::new(&stream.data, from);
                lexer.skip_space();
                let from = lexer.at;
                lexer.pass().ok_or_else(|| malformed("not an object"))?;
                Cow::Owned(stream.data.get(from..lexer.at).unwrap_or_default().to_vec())
            }
        };
        self.spent.object(&self.document.limits, source.len())?;
        Ok(source)
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

    fn at(&self, number: u32, offset: usize, generation: u16) -> Result<Placed<'a>, Refusal> {
        if let Some(placed) = self.near(number, offset, generation) {
            return Ok(placed);
        }
        let mut length = WINDOW;
        loop {
            let window = self.document.window(offset, length)?;
            let last = offset.saturating_add(window.len()) >= self.document.len() || length >= LARGEST_OBJECT;
            match value_of(&window, number, offset, generation) {
                Ok((from, to)) => {
                    let placed = self.keep(offset, window, from, to);
                    return Ok(placed);
                }
                // It may only be longer than the window.
                Err(Refusal::Malformed { .. }) if !last => length = (length * 8).min(LARGEST_OBJECT),
                Err(refusal) => return Err(refusal),
            }
        }
    }

    /// The object, when the window that was read last happens to hold it whole.
    fn near(&self, number: u32, offset: usize, generation: u16) -> Option<Placed<'a>> {
        let last = self.last_window.borrow();
        let (start, window) = &*last;
        let rest = window.get(offset.checked_sub(*start)?..)?;
        let (from, to) = value_of(rest, number, offset, generation).ok()?;
        Some(Placed { source: Cow::Owned(rest.get(from..to)?.to_vec()), end: offset + to })
    }

    /// Takes the value out of a window; one that had to be read is kept, for neighbours are often next.
    fn keep(&self, offset: usize, window: Cow<'a, [u8]>, from: usize, to: usize) -> Placed<'a> {
        let source = match window {
            Cow::Borrowed(_) => cut(window, from, to),
            Cow::Owned(window) => {
                let source = window.get(from..to).unwrap_or_default().to_vec();
                self.last_window.replace((offset, window));
                Cow::Owned(source)
            }
        };
        Placed { source, end: offset + to }
    }

    fn object_stream(&self, number: u32) -> Result<Rc<ObjectStream>, Refusal> {
        if let Some(known) = self.object_streams.borrow().known.get(&number) {
            return Ok(Rc::clone(known));
        }
        let malformed = |what| Refusal::Malformed { object: number, what };
        let Entry::At { .. } = self.entry(number)? else {
            return Err(malformed("an object stream within another"));
        };
        let source = self.object(number)?;
        let dictionary = dictionary(&source, number)?;
        if !dictionary.is_name("Type", "ObjStm") {
            return Err(malformed("not an object stream"));
        }
        let integer = |name| dictionary.integer(name).and_then(|value| usize::try_from(value).ok());
        let (count, first) = integer("N").zip(integer("First")).ok_or_else(|| malformed("N or First"))?;
        let data = self.stream(number)?;
        let mut lexer = Lexer::new(&data, 0);
        let mut objects = Vec::new();
        for _ in 0..count {
            let (object, offset) = lexer.unsigned().zip(lexer.unsigned()).ok_or_else(|| malformed("its index is cut off"))?;
            let object = u32::try_from(object).map_err(|_| malformed("an object number"))?;
            let offset = usize::try_from(offset).ok().and_then(|offset| offset.checked_add(first));
            objects.push((object, offset.ok_or_else(|| malformed("an offset"))?));
        }
        let bytes = data.len() + objects.len() * size_of::<(u32, usize)>();
        let stream = Rc::new(ObjectStream { data, objects });
        let mut kept = self.object_streams.borrow_mut();
        if kept.bytes + bytes > KEPT {
            *kept = ObjectStreams::default();
        }
        kept.bytes += bytes;
        kept.known.insert(number, Rc::clone(&stream));
        Ok(stream)
    }
}

/// Where the value of the indirect object at the window's start begins and ends in the window.
fn value_of(window: &[u8], number: u32, offset: usize, generation: u16) -> Result<(usize, usize), Refusal> {
    let mut lexer = Lexer::new(window, 0);
    if !lexer.header(number, generation) {
        return Err(Refusal::XrefDamaged { offset, what: "the object is not where the cross-reference says" });
    }
    lexer.skip_space();
    let start = lexer.at;
    lexer.pass().ok_or(Refusal::Malformed { object: number, what: "not an object" })?;
    let end = lexer.at;
    if lexer.keyword(b"endobj") {
        return Ok((start, end));
    }
    // Some readers would take what follows for a part of the object, others for data (7.3.8).
    let what = match lexer.keyword(b"stream") {
        true if window.get(start..end).is_some_and(|value| value.starts_with(b"<<")) => return Ok((start, end)),
        true => "a stream without a dictionary",
        false => "no end of the object",
    };
    Err(Refusal::Malformed { object: number, what })
}

/// The dictionary that `source` is.
pub fn dictionary(source: &[u8], object: u32) -> Result<Dictionary<'_>, Refusal> {
    match parse(source) {
        Some(Object::Dictionary(dictionary)) => Ok(dictionary),
        _ => Err(Refusal::Malformed { object, what: "not a dictionary" }),
    }
}

/// What the last `startxref` says; nothing but white space may follow the end-of-file marker. `tail` begins at `from`.
fn start_of_xref(tail: &[u8], from: usize) -> Result<usize, Refusal> {
    let find = |needle: &[u8]| tail.windows(needle.len()).rposition(|window| window == needle);
    let end = find(b"%%EOF").ok_or(Refusal::TrailingData)?;
    if !tail.iter().skip(end + 5).all(|byte| lexer::is_space(*byte)) {
        return Err(Refusal::TrailingData);
    }
    let damaged = Refusal::XrefDamaged { offset: from, what: "no startxref" };
    let at = find(b"startxref").filter(|at| *at < end).ok_or(damaged.clone())?;
    let mut lexer = Lexer::new(tail, at + 9);
    let start = lexer.unsigned().and_then(|start| usize::try_from(start).ok()).filter(|start| *start < from + tail.len());
    let between = tail.get(lexer.at..end).is_some_and(|between| between.iter().all(|byte| lexer::is_space(*byte)));
    start.filter(|_| between).ok_or(damaged)
}
