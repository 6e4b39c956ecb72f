//! Whether two values say the same, however they are written.

use crate::reader::syntax::{Lexer, Object, parse};
use crate::reader::{Entry, File};
use crate::validate::revisions::stream_data;
use crate::validate::stage::Stage;

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
    same(&old.file, &a, &new.file, &b) && stream(old, number) == stream(new, number)
}

/// The data of a stream as they stand; `None` when the object is none.
fn stream<'a>(stage: &Stage<'a>, number: u32) -> Option<&'a [u8]> {
    let Entry::At { offset, generation } = stage.entry(number).ok()? else { return None };
    let mut lexer = Lexer::new(stage.pdf, offset);
    if !lexer.header(number, generation) {
        return None;
    }
    let Object::Dictionary(dictionary) = lexer.value()? else { return None };
    let length = stage.file.resolve(dictionary.source("Length")?).ok()?;
    let (from, to) = stream_data(stage.pdf, lexer.at, usize::try_from(parse(&length)?.integer()?).ok()?)?;
    stage.pdf.get(from..to)
}
