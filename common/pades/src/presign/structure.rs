//! What the file holds beside what it shows: earlier revisions, objects that nothing lists, earlier signatures.

use std::collections::HashSet;

use super::{Findings, Item};
use crate::form::{self, Field};
use crate::reader::pages::pages;
use crate::reader::syntax::{Object, parse};
use crate::reader::{Entry, File};
use crate::refusal::Refusal;
use crate::validate::{Code, Policy, collect_ranged, orphans, revisions};

pub fn check(file: &File<'_>, reached: &HashSet<u32>, findings: &mut Findings) -> Result<(), Refusal> {
    if form::fields(file)?.iter().any(Field::signed) {
        let facts = collect_ranged(file.document, &Policy::default());
        // The limits are the signer's, not the document's.
        let broken = facts.faults.iter().any(|fault| fault.code != Code::Limit)
            || facts.signatures.iter().any(|signature| !signature.faults.is_empty());
        if broken {
            findings.add(Item::PriorSignatureInvalid, None, 0);
        }
        return Ok(());
    }
    if orphans::find(file.document, 0).is_some() {
        findings.add(Item::PriorSignatureInvalid, None, 0);
    }
    unused(file, reached, findings)?;
    let Ok(revisions) = revisions::revisions(file) else {
        findings.add(Item::UnusedContent, None, 0);
        return Ok(());
    };
    let Some((last, earlier)) = revisions.split_last() else { return Ok(()) };
    let newest = pages(file)?;
    for revision in earlier {
        // One that can't be read alone shows nothing to anybody.
        let Ok(before) = File::open(file.document.first(revision.end)) else { continue };
        let Ok(older) = pages(&before) else { continue };
        let same = older.len() == newest.len()
            && older.iter().zip(&newest).all(|(old, new)| old.number == new.number && revisions::same_content(&before, file, old.number));
        if !same {
            findings.add(Item::EarlierRevisions, None, 0);
        }
    }
    let linearized = revisions.len() == 1 && file.xref.sections() > 1;
    if !linearized && let Err(fault) = revisions::check_body(file, last, &file.newest()?) {
        findings.add(Item::UnusedContent, None, fault.object.unwrap_or(0));
    }
    Ok(())
}

/// Pages and content that are in the file and that nothing uses: a later cross-reference could bring them out.
fn unused(file: &File<'_>, reached: &HashSet<u32>, findings: &mut Findings) -> Result<(), Refusal> {
    for (number, entry) in file.all()? {
        if entry == Entry::Free || reached.contains(&number) {
            continue;
        }
        // One that can't be read is nothing to anybody.
        let Ok(source) = file.object(number) else { continue };
        let Some(Object::Dictionary(found)) = parse(&source) else { continue };
        let is = |name: &str, values: &[&str]| values.iter().any(|value| found.is_name(name, value));
        // The hints of a linearized file have an offset by that name (F.4).
        let hints = found.integer("S").is_some();
        let content = found.source("Length").is_some() && found.source("Type").is_none() && !hints;
        if is("Type", &["Page", "Pages", "Catalog"]) || is("Subtype", &["Form", "Image"]) || content {
            findings.add(Item::UnusedContent, None, number);
        }
    }
    Ok(())
}
