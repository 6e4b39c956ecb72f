//! Where a document's bytes are: in memory, or where they are read in ranges.

use std::borrow::Cow;
use std::io;

use super::limits::Limits;
use crate::refusal::Refusal;

/// What is read at first to parse something, and the most that is.
const FIRST_WINDOW: usize = 4_096;
const LARGEST_WINDOW: usize = 16 << 20;

/// Bytes that are read in ranges: of a file, or of an object in a store.
pub trait Source: Send + Sync {
    /// Bytes in all.
    fn length(&self) -> u64;

    /// Fills `buffer` from byte `offset` on. The range lies within the length.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;

    /// All bytes, where they are in memory anyway: nothing is copied then.
    fn in_memory(&self) -> Option<&[u8]> {
        None
    }
}

/// A document to be read, and how much work that may be.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    bytes: Bytes<'a>,
    pub(crate) limits: Limits,
}

#[derive(Clone, Copy)]
enum Bytes<'a> {
    Memory(&'a [u8]),
    /// The second stands behind the first.
    Grown(&'a [u8], &'a [u8]),
    /// Nothing behind the end is looked at.
    Ranged(&'a dyn Source, usize),
}

impl<'a> Document<'a> {
    /// A document that need not be in memory; only the ranges that are needed are read.
    pub fn ranged(source: &'a dyn Source) -> Self {
        let end = usize::try_from(source.length()).unwrap_or(usize::MAX);
        Self { bytes: source.in_memory().map_or(Bytes::Ranged(source, end), Bytes::Memory), limits: Limits::default() }
    }

    /// A document in memory, and what is appended to it.
    pub(crate) fn grown(base: &'a [u8], appended: &'a [u8]) -> Self {
        Self { bytes: Bytes::Grown(base, appended), limits: Limits::default() }
    }

    /// Its first `length` bytes alone.
    pub(crate) fn first(self, length: usize) -> Self {
        let bytes = match self.bytes {
            Bytes::Memory(bytes) => Bytes::Memory(bytes.get(..length).unwrap_or(bytes)),
            Bytes::Grown(base, appended) => match base.get(..length) {
                Some(first) => Bytes::Memory(first),
                None => Bytes::Grown(base, appended.get(..length - base.len()).unwrap_or(appended)),
            },
            Bytes::Ranged(source, end) => Bytes::Ranged(source, end.min(length)),
        };
        Self { bytes, ..self }
    }

    /// The same with other limits.
    pub fn limited(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Bytes in all.
    pub(crate) fn len(&self) -> usize {
        match self.bytes {
            Bytes::Memory(bytes) => bytes.len(),
            Bytes::Grown(base, appended) => base.len() + appended.len(),
            Bytes::Ranged(_, end) => end,
        }
    }

    /// At least `length` bytes from `offset` on, fewer only where the document ends; in memory as many as there are.
    pub(crate) fn window(&self, offset: usize, length: usize) -> Result<Cow<'a, [u8]>, Refusal> {
        match self.bytes {
            Bytes::Memory(bytes) => Ok(Cow::Borrowed(bytes.get(offset..).unwrap_or_default())),
            Bytes::Grown(base, appended) => Ok(match base.get(offset..) {
                Some(rest) if rest.len() >= length => Cow::Borrowed(rest),
                Some(rest) => {
                    let more = appended.len().min(length - rest.len());
                    Cow::Owned([rest, appended.get(..more).unwrap_or_default()].concat())
                }
                None => Cow::Borrowed(appended.get(offset - base.len()..).unwrap_or_default()),
            }),
            Bytes::Ranged(source, _) => {
                let mut window = vec![0; length.min(self.len().saturating_sub(offset))];
                source.read_at(offset as u64, &mut window).map_err(|_| Refusal::Unreadable { offset })?;
                Ok(Cow::Owned(window))
            }
        }
    }

    /// What `parse` makes of the bytes from `at` on, and where it ended in them. It is given as few of them as it takes: a
    /// result that ends before the given bytes do is one that further bytes don't change.
    pub(crate) fn parse<T>(&self, at: usize, parse: impl Fn(&[u8]) -> Option<(T, usize)>) -> Option<(T, usize)> {
        let mut length = FIRST_WINDOW;
        loop {
            let window = self.window(at, length).ok()?;
            let last = at.saturating_add(window.len()) >= self.len() || length >= LARGEST_WINDOW;
            match parse(&window) {
                Some((value, end)) if last || end < window.len() => return Some((value, at + end)),
                _ if last => return None,
                _ => length *= 8,
            }
        }
    }

    /// Exactly the bytes `from..to`; `None` when the document is shorter.
    pub(crate) fn range(&self, from: usize, to: usize) -> Result<Option<Cow<'a, [u8]>>, Refusal> {
        if from > to || to > self.len() {
            return Ok(None);
        }
        Ok(Some(cut(self.window(from, to - from)?, 0, to - from)))
    }

    /// Gives the bytes `from..to`, which exist, piece by piece.
    pub(crate) fn pieces(&self, from: usize, to: usize, mut each: impl FnMut(&[u8])) -> Result<(), Refusal> {
        let mut at = from;
        while at < to {
            let window = self.window(at, PIECE.min(to - at))?;
            let piece =
                window.get(..window.len().min(to - at)).filter(|piece| !piece.is_empty()).ok_or(Refusal::Unreadable { offset: at })?;
            each(piece);
            at += piece.len();
        }
        Ok(())
    }
}

/// What is read at once of a document that is not in memory.
const PIECE: usize = 256 * 1024;

/// `bytes[from..to]`, which exist.
pub(crate) fn cut(bytes: Cow<'_, [u8]>, from: usize, to: usize) -> Cow<'_, [u8]> {
    match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(from..to).unwrap_or_default()),
        Cow::Owned(mut bytes) => {
            bytes.truncate(to);
            bytes.drain(..from);
            Cow::Owned(bytes)
        }
    }
}

impl<'a> From<&'a [u8]> for Document<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self { bytes: Bytes::Memory(bytes), limits: Limits::default() }
    }
}

impl<'a> From<&'a Vec<u8>> for Document<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        bytes.as_slice().into()
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Document<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        bytes.as_slice().into()
    }
}
