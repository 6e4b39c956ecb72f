//! Whether two values say the same, however they are written.

use std::borrow::Cow;

use crate::reader::syntax::{Lexer, Object, parse};
use crate::reader::{Document, Entry, File};
use crate::validate::revisions::stream_start;
use crate::validate::stage::Stage;

/// What is compared at once of two streams.
const PIECE: usize = 256 * 1024;
/// Deepest comparison.
const DEEPEST: usize = 64;

/// Whether the values are the same. A reference is the same as one to the same object, and as the value itself.
pub fn same(old: &File<'_>, a: &[u8], new: &File<'_>, b: &[u8]) -> bool {
    same_at(old, a, new, b, 0)
}

fn same_at(old: &File<'_>, a: &[u8], new: &File<'_>, b: &[u8], depth: usize) -> bool {
    if depth > DEEPEST {
        return false;
    }
    let (Some(first), Some(second)) = (parse(a), parse(b)) else { return false };
    match (first, second) {
        (Object::Reference(a), Object::Reference(b)) => a == b,
        (Object::Reference(number), _) => old.object(number).is_ok_and(|a| !is_reference(&a) && same_at(old, &a, new, b, depth + 1)),
        (_, Object::Reference(number)) => new.object(number).is_ok_and(|b| !is_reference(&b) && same_at(old, a, new, &b, depth + 1)),
        (Object::Array(a), Object::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_at(old, a, new, b, depth + 1)),
        (Object::Dictionary(a), Object::Dictionary(b)) => {
            let present = |source: &[u8]| parse(source) != Some(Object::Null);
            let count =
                |dictionary: &crate::reader::syntax::Dictionary<'_>| dictionary.entries().filter(|(_, value)| present(value)).count();
            count(&a) == count(&b)
                && a.entries().filter(|(_, value)| present(value)).all(|(name, value)| {
                    let other = b.entries().find(|(other, _)| *other == name);
                    other.is_some_and(|(_, other)| same_at(old, value, new, other, depth + 1))
                })
        }
        (a, b) => match (a.number(), b.number()) {
            (Some(a), Some(b)) => a == b,
            _ => a == b,
        },
    }
}

fn is_reference(source: &[u8]) -> bool {
    matches!(parse(source), Some(Object::Reference(_)))
}

/// Whether object `number` is the same in both stages, the data of a stream included.
pub fn same_object(old: &Stage<'_>, new: &Stage<'_>, number: u32) -> bool {
    let (Ok(a), Ok(b)) = (old.file.object(number), new.file.object(number)) else { return false };
    same(&old.file, &a, &new.file, &b) && same_stream(old, new, number)
}

/// Whether both have the same data, or neither is a stream.
fn same_stream(old: &Stage<'_>, new: &Stage<'_>, number: u32) -> bool {
    match (stream(old, number), stream(new, number)) {
        // The older bytes are the first ones of the newer.
        (Some(before), Some(after)) if before == after => true,
        (Some((from, to)), Some((after, end))) => {
            let (old, new) = (old.file.document, new.file.document);
            let mut pieces = (0..to - from).step_by(PIECE).map(|at| (at, (at + PIECE).min(to - from)));
            to - from == end - after
                && pieces.all(|part| {
                    let before = piece(old, from, part);
                    before.is_some_and(|before| piece(new, after, part).is_some_and(|after| before == after))
                })
        }
        (None, None) => true,
        _ => false,
    }
}

fn piece<'a>(document: Document<'a>, from: usize, (start, end): (usize, usize)) -> Option<Cow<'a, [u8]>> {
    document.range(from + start, from + end).ok().flatten()
}

/// Where the data of a stream begin and end; `None` when the object is none.
fn stream(stage: &Stage<'_>, number: u32) -> Option<(usize, usize)> {
    let Entry::At { offset, generation } = stage.entry(number).ok()? else { return None };
    let (length, from) = stage.file.document.parse(offset, |bytes| {
        let mut lexer = Lexer::new(bytes, 0);
        if !lexer.header(number, generation) {
            return None;
        }
        let Object::Dictionary(dictionary) = lexer.value()? else { return None };
        let length = stage.file.resolve(dictionary.source("Length")?).ok()?;
        Some((usize::try_from(parse(&length)?.integer()?).ok()?, stream_start(bytes, lexer.at)?))
    })?;
    let to = from.checked_add(length).filter(|to| *to <= stage.file.document.len())?;
    Some((from, to))
}
