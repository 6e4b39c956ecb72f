//! Signature dictionaries that no field holds: no reader shows them, and nothing tells what they were meant for.

use std::collections::HashSet;

use memchr::memmem;

use super::document;
use super::facts::{Code, Fault};
use crate::form;
use crate::reader::syntax::{Object, parse};
use crate::reader::{Document, Entry, File, dictionary};
use crate::refusal::Refusal;

/// What every signature dictionary has.
const MARK: &[u8] = b"/ByteRange";
/// What is searched at once of a document that is not in memory.
const PIECE: usize = 1 << 20;

/// The first one in `pdf`, whose fields have held `known` signatures, removed ones among them.
pub fn find(pdf: Document<'_>, known: usize) -> Option<Fault> {
    // In a string or a comment it may stand by chance, so that alone is no finding.
    let marks = marks(&pdf)?;
    if marks.len() <= known {
        return None;
    }
    // One that can't be read has been reported.
    unheld(pdf, &marks).ok()?.map(|number| Fault::new(Code::SignatureWithoutField, "no field holds this signature").of_object(number))
}

/// Where the mark stands; `None` when that can't be read.
fn marks(pdf: &Document<'_>) -> Option<Vec<usize>> {
    let mut marks = Vec::new();
    let mut from = 0;
    while from < pdf.len() {
        // A mark that begins in this piece may end in the next one.
        let window = pdf.window(from, PIECE + MARK.len() - 1).ok()?;
        let found = memmem::find_iter(&window, MARK).map(|at| from + at);
        marks.extend(found.filter(|at| marks.last().is_none_or(|last| last < at)).collect::<Vec<_>>());
        from += (window.len() + 1).saturating_sub(MARK.len()).max(1);
    }
    Some(marks)
}

fn unheld(pdf: Document<'_>, marks: &[usize]) -> Result<Option<u32>, Refusal> {
    let file = File::open(document(pdf))?;
    let mut held: HashSet<u32> = form::fields(&file)?.iter().filter_map(|field| field.value).collect();
    held.extend(permissions(&file)?);
    let mut objects: Vec<(usize, u32)> = Vec::new();
    for (number, entry) in file.all()? {
        if let Entry::At { offset, .. } = entry {
            objects.push((offset, number));
        }
    }
    objects.sort_unstable();
    for mark in marks {
        let before = objects.partition_point(|(offset, _)| offset <= mark);
        let Some((_, number)) = before.checked_sub(1).and_then(|last| objects.get(last)) else { continue };
        if !held.contains(number)
            && let Ok(source) = file.object(*number)
            && let Some(Object::Dictionary(found)) = parse(&source)
            && matches!(found.get("ByteRange"), Some(Object::Array(_)))
            && matches!(found.get("Contents"), Some(Object::String(_)))
        {
            return Ok(Some(*number));
        }
    }
    Ok(None)
}

/// Signatures that the catalog holds by itself: usage rights (12.8.2.3).
fn permissions(file: &File<'_>) -> Result<Vec<u32>, Refusal> {
    let (root, catalog) = file.catalog()?;
    let Some(permissions) = dictionary(&catalog, root)?.source("Perms") else { return Ok(Vec::new()) };
    let permissions = file.resolve(permissions)?;
    let permissions = dictionary(&permissions, root)?;
    Ok(["UR3", "UR", "DocMDP"].into_iter().filter_map(|name| permissions.get(name)?.reference()).collect())
}
