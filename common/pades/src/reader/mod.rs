//! A strict reader: what it can't follow by the letter it refuses. Objects are looked up one by one.

pub mod lexer;
pub mod pages;
mod stream;
mod xref;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use lexer::{Dictionary, Lexer, Object, parse};
use xref::Entry;
pub use xref::{Xref, XrefKind};

use crate::refusal::Refusal;

/// The end-of-file marker is looked for in this many last bytes.
const TAIL: usize = 1_024;

/// An opened PDF.
pub struct File<'a> {
    pub bytes: &'a [u8],
    pub xref: Xref<'a>,
    object_streams: RefCell<HashMap<u32, Rc<ObjectStream>>>,
}

struct ObjectStream {
    data: Vec<u8>,
    /// Object number and where its value begins and ends.
    objects: Vec<(u32, usize, usize)>,
}

impl<'a> File<'a> {
    /// Opens the file; refuses what is not a PDF, is encrypted, or would need repair.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if !bytes.starts_with(b"%PDF-") {
            return Err(Refusal::NotPdf);
        }
        let start = start_of_xref(bytes)?;
        let xref = Xref::read(bytes, start)?;
        if xref.trailer.source("Encrypt").is_some() {
            return Err(Refusal::Encrypted);
        }
        Ok(Self { bytes, xref, object_streams: RefCell::default() })
    }

    /// The source of object `number`'s value, up to `endobj` or `stream`; `null` for a free one (7.3.10).
    pub fn object(&self, number: u32) -> Result<Cow<'a, [u8]>, Refusal> {
        match self.xref.entry(number)? {
            Entry::Free => Ok(Cow::Borrowed(b"null")),
            Entry::At { offset, generation } => self.at(number, offset, generation).map(|(source, _)| Cow::Borrowed(source)),
            Entry::In { stream, index } => {
                let stream = self.object_stream(stream)?;
                let found = stream.objects.get(index).filter(|(found, ..)| *found == number);
                let (_, from, to) = found.ok_or(Refusal::Malformed { object: number, what: "not in its object stream" })?;
                let source =
                    stream.data.get(*from..*to).ok_or(Refusal::Malformed { object: number, what: "its object stream is cut off" })?;
                Ok(Cow::Owned(source.to_vec()))
            }
        }
    }

    /// The generation of object `number`.
    pub fn generation(&self, number: u32) -> Result<u16, Refusal> {
        Ok(match self.xref.entry(number)? {
            Entry::At { generation, .. } => generation,
            Entry::Free | Entry::In { .. } => 0,
        })
    }

    /// The source behind `source` when that is a reference, else `source` itself.
    pub fn resolve<'s>(&self, source: &'s [u8]) -> Result<Cow<'s, [u8]>, Refusal>
    where
        'a: 's,
    {
        match parse(source) {
            Some(Object::Reference(number)) => self.object(number),
            _ => Ok(Cow::Borrowed(source)),
        }
    }

    /// The catalog's number and source.
    pub fn catalog(&self) -> Result<(u32, Cow<'a, [u8]>), Refusal> {
        let root = self.xref.trailer.get("Root").and_then(|root| root.reference());
        let root = root.ok_or(Refusal::Malformed { object: 0, what: "no Root" })?;
        let source = self.object(root)?;
        dictionary(&source, root)?;
        Ok((root, source))
    }

    /// The decoded data of stream object `number`.
    pub fn stream(&self, number: u32) -> Result<Vec<u8>, Refusal> {
        let Entry::At { offset, generation } = self.xref.entry(number)? else {
            return Err(Refusal::Malformed { object: number, what: "not a stream" });
        };
        let (source, end) = self.at(number, offset, generation)?;
        let dictionary = dictionary(source, number)?;
        let length = dictionary.source("Length").map(|length| self.resolve(length)).transpose()?;
        let length = length.and_then(|length| parse(&length)?.integer()).and_then(|length| usize::try_from(length).ok());
        let raw = length.and_then(|length| stream::data(self.bytes, &mut Lexer::new(self.bytes, end), length));
        let raw = raw.ok_or(Refusal::Malformed { object: number, what: "stream length" })?;
        stream::decode(&dictionary, raw).map_err(|what| Refusal::Malformed { object: number, what })
    }

    /// The value's source and where it ends.
    fn at(&self, number: u32, offset: usize, generation: u16) -> Result<(&'a [u8], usize), Refusal> {
        let mut lexer = Lexer::new(self.bytes, offset);
        let header = lexer.unsigned() == Some(number.into()) && lexer.unsigned() == Some(generation.into()) && lexer.keyword(b"obj");
        if !header {
            return Err(Refusal::XrefDamaged { offset, what: "the object is not where the cross-reference says" });
        }
        lexer.skip_space();
        let start = lexer.at;
        let value = lexer.value().map(|_| lexer.at);
        let end = value.ok_or(Refusal::Malformed { object: number, what: "not an object" })?;
        let mut after = lexer.clone();
        if !after.keyword(b"endobj") && !after.keyword(b"stream") {
            return Err(Refusal::Malformed { object: number, what: "no end of the object" });
        }
        let source = self.bytes.get(start..end).ok_or(Refusal::Malformed { object: number, what: "cut off" })?;
        Ok((source, end))
    }

    fn object_stream(&self, number: u32) -> Result<Rc<ObjectStream>, Refusal> {
        if let Some(known) = self.object_streams.borrow().get(&number) {
            return Ok(Rc::clone(known));
        }
        let malformed = |what| Refusal::Malformed { object: number, what };
        let source = self.object(number)?;
        let dictionary = dictionary(&source, number)?;
        if !dictionary.is_name("Type", "ObjStm") {
            return Err(malformed("not an object stream"));
        }
        let integer = |name| dictionary.integer(name).and_then(|value| usize::try_from(value).ok());
        let (count, first) = integer("N").zip(integer("First")).ok_or_else(|| malformed("N or First"))?;
        let data = self.stream(number)?;
        let mut lexer = Lexer::new(&data, 0);
        let mut starts = Vec::new();
        for _ in 0..count {
            let (object, offset) = lexer.unsigned().zip(lexer.unsigned()).ok_or_else(|| malformed("its index is cut off"))?;
            let object = u32::try_from(object).map_err(|_| malformed("an object number"))?;
            let offset = usize::try_from(offset).ok().and_then(|offset| offset.checked_add(first));
            starts.push((object, offset.ok_or_else(|| malformed("an offset"))?));
        }
        let mut objects = Vec::with_capacity(starts.len());
        for (object, from) in starts {
            let mut lexer = Lexer::new(&data, from);
            lexer.skip_space();
            let from = lexer.at;
            lexer.value().ok_or_else(|| malformed("holds something that is not an object"))?;
            objects.push((object, from, lexer.at));
        }
        let stream = Rc::new(ObjectStream { data, objects });
        self.object_streams.borrow_mut().insert(number, Rc::clone(&stream));
        Ok(stream)
    }
}

/// The dictionary that `source` is.
pub fn dictionary(source: &[u8], object: u32) -> Result<Dictionary<'_>, Refusal> {
    match parse(source) {
        Some(Object::Dictionary(dictionary)) => Ok(dictionary),
        _ => Err(Refusal::Malformed { object, what: "not a dictionary" }),
    }
}

/// What the last `startxref` says; nothing but one end of line may follow the end-of-file marker.
fn start_of_xref(bytes: &[u8]) -> Result<usize, Refusal> {
    let from = bytes.len().saturating_sub(TAIL);
    let tail = &bytes[from..];
    let find = |needle: &[u8]| tail.windows(needle.len()).rposition(|window| window == needle);
    let end = find(b"%%EOF").ok_or(Refusal::TrailingData)?;
    if !tail[end + 5..].iter().all(|byte| lexer::is_space(*byte)) {
        return Err(Refusal::TrailingData);
    }
    let damaged = Refusal::XrefDamaged { offset: from, what: "no startxref" };
    let at = find(b"startxref").filter(|at| *at < end).ok_or(damaged.clone())?;
    let mut lexer = Lexer::new(tail, at + 9);
    let start = lexer.unsigned().and_then(|start| usize::try_from(start).ok()).filter(|start| *start < bytes.len());
    lexer.at = tail[lexer.at..].iter().position(|byte| !lexer::is_space(*byte)).map_or(tail.len(), |skip| lexer.at + skip);
    start.filter(|_| lexer.at == end).ok_or(damaged)
}
