//! An indirect object where the cross-reference says that it is (7.3.10).

use std::borrow::Cow;

use super::File;
use super::source::cut;
use super::syntax::Lexer;
use crate::refusal::Refusal;

/// What is read of an object at first, and the most that is read of one.
const WINDOW: usize = 4_096;
const LARGEST_OBJECT: usize = 8 << 20;

/// An indirect object's value, and where it ends in the document.
pub struct Placed<'a> {
    pub source: Cow<'a, [u8]>,
    pub end: usize,
}

impl<'a> File<'a> {
    pub(super) fn at(&self, number: u32, offset: usize, generation: u16) -> Result<Placed<'a>, Refusal> {
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
