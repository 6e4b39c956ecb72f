//! Writing one more revision behind the untouched bytes: a table behind a table, a stream behind a stream.

pub mod array;
pub mod text;

use crate::reader::syntax::Dictionary;
use crate::reader::{File, XrefKind, dictionary};
use crate::refusal::Refusal;

/// A revision in the making.
pub struct Revision<'f, 'a> {
    file: &'f File<'a>,
    next: u32,
    objects: Vec<Written>,
}

/// An object, in two parts around a gap that is filled later (empty for all but signature dictionaries).
struct Written {
    number: u32,
    generation: u16,
    before: Vec<u8>,
    gap: usize,
    after: Vec<u8>,
}

/// A new value for an entry of a dictionary; `None` removes it.
pub type Change<'n> = (&'n str, Option<Vec<u8>>);

/// The finished revision around its gap.
pub struct Update {
    /// Bytes up to the gap.
    pub before: Vec<u8>,
    /// Bytes after it.
    pub after: Vec<u8>,
}

impl<'f, 'a> Revision<'f, 'a> {
    pub fn new(file: &'f File<'a>) -> Self {
        Self { file, next: file.xref.size, objects: Vec::new() }
    }

    /// A number for a new object.
    pub fn allocate(&mut self) -> u32 {
        let number = self.next;
        self.next += 1;
        number
    }

    /// Adds or replaces object `number`.
    pub fn put(&mut self, number: u32, body: Vec<u8>) -> Result<(), Refusal> {
        self.put_with_gap(number, body, 0, Vec::new())
    }

    /// Adds a new object and gives its number.
    pub fn put_new(&mut self, body: String) -> Result<u32, Refusal> {
        let number = self.allocate();
        self.put(number, body.into_bytes())?;
        Ok(number)
    }

    /// Adds an object with `gap` bytes between `before` and `after`.
    pub fn put_with_gap(&mut self, number: u32, before: Vec<u8>, gap: usize, after: Vec<u8>) -> Result<(), Refusal> {
        let generation = self.file.generation(number)?;
        self.objects.push(Written { number, generation, before, gap, after });
        Ok(())
    }

    /// Adds a stream object and gives its number.
    pub fn put_stream(&mut self, entries: &str, data: &[u8]) -> Result<u32, Refusal> {
        let number = self.allocate();
        let mut body = format!("<<{entries}/Length {}>>\nstream\n", data.len()).into_bytes();
        body.extend_from_slice(data);
        body.extend_from_slice(b"\nendstream");
        self.put(number, body)?;
        Ok(number)
    }

    /// Object `number` with some entries set (or removed, when `None`); all others are copied as they stand.
    pub fn patch(&mut self, number: u32, changes: &[Change<'_>]) -> Result<(), Refusal> {
        let source = self.file.object(number)?;
        let body = patched(&dictionary(&source, number)?, changes);
        self.put(number, body)
    }

    /// The bytes to append.
    pub fn finish(mut self) -> Update {
        self.objects.sort_by_key(|object| object.number);
        let mut out = Out { base: self.file.document.len(), before: Vec::new(), gap: 0, after: Vec::new(), past_gap: false };
        if !self.file.ends_with_line {
            out.write(b"\n");
        }
        let mut entries = Vec::with_capacity(self.objects.len() + 1);
        for object in &self.objects {
            entries.push((object.number, object.generation, out.position()));
            out.write(format!("{} {} obj\n", object.number, object.generation).as_bytes());
            out.write(&object.before);
            if object.gap > 0 {
                out.open_gap(object.gap);
            }
            out.write(&object.after);
            out.write(b"\nendobj\n");
        }
        match self.file.xref.kind {
            XrefKind::Table | XrefKind::Hybrid => self.finish_table(&mut out, &entries),
            XrefKind::Stream => self.finish_stream(&mut out, entries),
        }
        Update { before: out.before, after: out.after }
    }

    fn finish_table(&self, out: &mut Out, entries: &[(u32, u16, usize)]) {
        let start = out.position();
        out.write(b"xref\n");
        for run in entries.chunk_by(|a, b| a.0 + 1 == b.0) {
            out.write(format!("{} {}\n", run[0].0, run.len()).as_bytes());
            for (_, generation, offset) in run {
                out.write(format!("{offset:010} {generation:05} n \n").as_bytes());
            }
        }
        out.write(b"trailer\n<<");
        out.write(&self.trailer(self.next));
        out.write(format!(">>\nstartxref\n{start}\n%%EOF\n").as_bytes());
    }

    fn finish_stream(&self, out: &mut Out, mut entries: Vec<(u32, u16, usize)>) {
        let start = out.position();
        let number = self.next;
        entries.push((number, 0, start));
        let mut index = String::new();
        let mut data = Vec::new();
        for run in entries.chunk_by(|a, b| a.0 + 1 == b.0) {
            index.push_str(&format!("{} {} ", run[0].0, run.len()));
            for (_, generation, offset) in run {
                data.push(1);
                data.extend_from_slice(&(*offset as u64).to_be_bytes());
                data.extend_from_slice(&generation.to_be_bytes());
            }
        }
        out.write(format!("{number} 0 obj\n<</Type/XRef/W[1 8 2]/Index[{}]/Length {}", index.trim_end(), data.len()).as_bytes());
        out.write(&self.trailer(number + 1));
        out.write(b">>\nstream\n");
        out.write(&data);
        out.write(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
    }

    /// /Size and /Prev are ours; /Root, /Info, /ID and anything else of the trailer is carried on.
    fn trailer(&self, size: u32) -> Vec<u8> {
        const OURS: [&[u8]; 10] = [b"Size", b"Prev", b"XRefStm", b"Type", b"W", b"Index", b"Length", b"Filter", b"DecodeParms", b"DL"];
        let mut trailer = format!("/Size {size}/Prev {}", self.file.xref.start).into_bytes();
        for (name, source) in self.file.xref.trailer().entries().filter(|(name, _)| !OURS.contains(name)) {
            trailer.extend_from_slice(&text::name(name));
            trailer.push(b' ');
            trailer.extend_from_slice(source);
        }
        trailer
    }
}

/// `dictionary` with `changes`, in its own order, new entries last.
pub fn patched(dictionary: &Dictionary<'_>, changes: &[Change<'_>]) -> Vec<u8> {
    let mut body = b"<<".to_vec();
    let mut entry = |name: &[u8], value: &[u8]| {
        body.extend_from_slice(&text::name(name));
        body.push(b' ');
        body.extend_from_slice(value);
        body.push(b'\n');
    };
    for (name, source) in dictionary.entries() {
        match changes.iter().find(|(changed, _)| changed.as_bytes() == name) {
            None => entry(name, source),
            Some((_, Some(value))) => entry(name, value),
            Some((_, None)) => {}
        }
    }
    for (name, value) in changes {
        if let (Some(value), None) = (value, dictionary.source(name)) {
            entry(name.as_bytes(), value);
        }
    }
    body.extend_from_slice(b">>");
    body
}

struct Out {
    base: usize,
    before: Vec<u8>,
    gap: usize,
    after: Vec<u8>,
    past_gap: bool,
}

impl Out {
    fn position(&self) -> usize {
        self.base + self.before.len() + self.gap + self.after.len()
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.past_gap { self.after.extend_from_slice(bytes) } else { self.before.extend_from_slice(bytes) }
    }

    fn open_gap(&mut self, length: usize) {
        self.gap = length;
        self.past_gap = true;
    }
}
