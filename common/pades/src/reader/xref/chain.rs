//! Follows the chain from the newest section to the oldest.

use std::cell::RefCell;

use super::section::{FreeEntries, MOST_RUNS, Section, read_section};
use super::{Xref, XrefKind, damaged};
use crate::reader::limits::Spent;
use crate::reader::source::Document;
use crate::reader::syntax::{Object, parse};
use crate::refusal::{Limit, Refusal};

/// Object numbers end here, to leave room for ours (ISO 32000-1, annex C, has 8,388,607; producers go further).
const LARGEST_SIZE: u32 = 1 << 31;

impl<'a> Xref<'a> {
    pub fn read(document: &Document<'a>, spent: &Spent, start: usize) -> Result<Self, Refusal> {
        let mut sections: Vec<Section<'a>> = Vec::new();
        let mut newest = None;
        let mut seen = Vec::new();
        let mut kind = XrefKind::Table;
        let mut declared = 0;
        let mut next = Some(start);
        while let Some(at) = next {
            if seen.contains(&at) {
                return Err(damaged(at, "the chain of revisions has a loop"));
            }
            if seen.len() >= document.limits.revisions {
                return Err(Refusal::LimitExceeded { limit: Limit::Revisions });
            }
            seen.push(at);
            let (mut section, source) = read_section(document, spent, at)?;
            let Some(Object::Dictionary(trailer)) = parse(&source) else { return Err(damaged(at, "no trailer dictionary")) };
            let hybrid = trailer.integer("XRefStm");
            let table = match &mut section {
                Section::Table { free, .. } => {
                    *free = if hybrid.is_some() { FreeEntries::Hidden } else { FreeEntries::Free };
                    true
                }
                Section::Stream(_) => false,
            };
            sections.push(section);
            if let Some(stream) = hybrid.filter(|_| table) {
                let stream = usize::try_from(stream).map_err(|_| damaged(at, "XRefStm"))?;
                sections.push(read_section(document, spent, stream)?.0);
                if newest.is_none() {
                    kind = XrefKind::Hybrid;
                }
            } else if newest.is_none() && !table {
                kind = XrefKind::Stream;
            }
            if sections.iter().map(|section| section.runs().len()).sum::<usize>() > MOST_RUNS {
                return Err(Refusal::LimitExceeded { limit: Limit::Objects });
            }
            next = match trailer.get("Prev") {
                None => None,
                Some(Object::Integer(previous)) => Some(usize::try_from(previous).map_err(|_| damaged(at, "Prev"))?),
                Some(_) => return Err(damaged(at, "Prev is not an integer")),
            };
            declared = declared.max(trailer.integer("Size").unwrap_or(0));
            if newest.is_none() {
                newest = Some((trailer.get("Root").and_then(|root| root.reference()), source));
            }
        }
        let highest = sections.iter().flat_map(Section::runs).map(|run| run.first.saturating_add(run.count)).max().unwrap_or(0);
        let size = u32::try_from(declared).map_err(|_| damaged(start, "Size"))?.max(highest);
        // A revision takes a few numbers more.
        if size > LARGEST_SIZE {
            return Err(Refusal::LimitExceeded { limit: Limit::Objects });
        }
        let (root, trailer) = newest.ok_or_else(|| damaged(start, "no trailer"))?;
        Ok(Self { sections, trailer, root, kind, start, size, revisions: seen.len(), last_window: RefCell::default() })
    }
}
