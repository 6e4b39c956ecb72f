//! Arrays that get longer.

use crate::reader::File;
use crate::reader::syntax::{Dictionary, Object, parse};
use crate::refusal::Refusal;
use crate::writer::Revision;

/// Appends references to `numbers` to the array entry `name`: see [`append_source`].
pub fn append(
    revision: &mut Revision<'_, '_>,
    file: &File<'_>,
    dictionary: &Dictionary<'_>,
    name: &str,
    numbers: &[u32],
) -> Result<Option<Vec<u8>>, Refusal> {
    append_source(revision, file, dictionary, name, &references(numbers))
}

/// Appends `elements` to the array entry `name`. An indirect array is replaced as an object; else the entry's new value
/// is given. A lone value becomes the first element, as /K of a structure element allows.
pub fn append_source(
    revision: &mut Revision<'_, '_>,
    file: &File<'_>,
    dictionary: &Dictionary<'_>,
    name: &str,
    elements: &[u8],
) -> Result<Option<Vec<u8>>, Refusal> {
    let Some(source) = dictionary.source(name) else {
        return Ok(Some(array(b"", elements)));
    };
    let indirect = parse(source).and_then(|array| array.reference());
    let known = file.resolve(source)?;
    match (parse(&known), indirect) {
        (Some(Object::Array(_)), Some(number)) => revision.put(number, array(inside(&known), elements)).map(|()| None),
        (Some(Object::Array(_)), None) => Ok(Some(array(inside(&known), elements))),
        (Some(Object::Dictionary(_) | Object::Integer(_)), _) => Ok(Some(array(source, elements))),
        (Some(Object::Null), _) => Ok(Some(array(b"", elements))),
        _ => Err(Refusal::Malformed { object: indirect.unwrap_or(0), what: "not an array" }),
    }
}

/// References with a space before each.
pub fn references(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| format!(" {number} 0 R").into_bytes()).collect()
}

/// The source between the brackets.
fn inside(array: &[u8]) -> &[u8] {
    let array = array.trim_ascii();
    array.strip_prefix(b"[").and_then(|array| array.strip_suffix(b"]")).unwrap_or(array)
}

fn array(known: &[u8], elements: &[u8]) -> Vec<u8> {
    // A comment may end what is known.
    let end: &[u8] = if known.contains(&b'%') { b"\n" } else { b"" };
    [b"[", known, end, elements, b"]"].concat()
}
