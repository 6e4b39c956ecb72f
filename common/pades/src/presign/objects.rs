//! Goes through everything that can be reached, page by page, so that a finding knows its page.

use std::collections::HashSet;

use super::rules;
use super::{Findings, Item};
use crate::reader::pages::pages;
use crate::reader::syntax::{Object, parse};
use crate::reader::{Entry, File, dictionary};
use crate::refusal::Refusal;

/// Entries that lead back or across, and not into the content of what they are in.
const ELSEWHERE: [&[u8]; 6] = [b"Parent", b"P", b"Pg", b"Dest", b"StructParent", b"Popup"];

/// Gives the numbers of all objects that were reached.
pub fn check(file: &File<'_>, findings: &mut Findings) -> Result<HashSet<u32>, Refusal> {
    let mut reached = HashSet::new();
    let pages = pages(file)?;
    // Pages are reached by their number alone.
    reached.extend(pages.iter().map(|page| page.number));
    for (index, page) in pages.iter().enumerate() {
        follow(file, page.number, Some(index + 1), &mut reached, findings)?;
    }
    let (root, _) = file.catalog()?;
    reached.insert(root);
    follow(file, root, None, &mut reached, findings)?;
    if let Some(information) = file.xref.trailer().get("Info").and_then(|info| info.reference()).filter(|info| reached.insert(*info)) {
        follow(file, information, None, &mut reached, findings)?;
    }
    Ok(reached)
}

fn follow(file: &File<'_>, from: u32, page: Option<usize>, reached: &mut HashSet<u32>, findings: &mut Findings) -> Result<(), Refusal> {
    let mut next = vec![from];
    while let Some(number) = next.pop() {
        // What is not there yet could come with our own revision.
        if number >= file.xref.size || file.entry(number)? == Entry::Free {
            if number >= file.xref.size {
                findings.add(Item::DanglingReference, page, number);
            }
            continue;
        }
        let source = file.object(number)?;
        look(&source, number, page, reached, &mut next, findings);
    }
    Ok(())
}

/// Looks at a value and all direct values in it; collects what it refers to.
fn look(source: &[u8], object: u32, page: Option<usize>, reached: &mut HashSet<u32>, next: &mut Vec<u32>, findings: &mut Findings) {
    match parse(source) {
        Some(Object::Reference(number)) if reached.insert(number) => next.push(number),
        Some(Object::Array(elements)) => elements.into_iter().for_each(|element| look(element, object, page, reached, next, findings)),
        Some(Object::Dictionary(dictionary)) => {
            rules::dictionary(&dictionary, object, page, findings);
            for (name, value) in dictionary.entries() {
                if page.is_none() || !ELSEWHERE.contains(&name) {
                    look(value, object, page, reached, next, findings);
                }
            }
        }
        _ => {}
    }
}

/// Whether the array entry `name` of the catalog's dictionary `holder` is there and not empty.
pub fn is_filled(file: &File<'_>, source: Option<&[u8]>) -> Result<bool, Refusal> {
    let Some(source) = source else { return Ok(false) };
    let source = file.resolve(source)?;
    Ok(match parse(&source) {
        Some(Object::Array(elements)) => !elements.is_empty(),
        Some(Object::Null) | None => false,
        Some(_) => dictionary(&source, 0).is_ok_and(|found| found.entries().next().is_some()),
    })
}
