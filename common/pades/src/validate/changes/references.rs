//! Who refers to the objects that later revisions touch. An object means what all paths to it make of it, so each one
//! counts, and so does a reference to an object that is not there yet.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::reader::File;
use crate::reader::syntax::{Object, parse};
use crate::refusal::Refusal;
use crate::validate::stage::Stage;

/// The trailer, as one that refers.
pub const TRAILER: u32 = 0;

/// References to some objects from everything that can be reached.
pub struct References {
    targets: HashSet<u32>,
    referrers: BTreeMap<u32, BTreeSet<u32>>,
    reached: HashSet<u32>,
}

impl References {
    /// Follows everything in `stage`; `targets` are the objects of interest.
    pub fn of(stage: &Stage<'_>, targets: HashSet<u32>) -> Result<Self, Refusal> {
        let mut references = Self { targets, referrers: BTreeMap::new(), reached: HashSet::new() };
        let trailer = stage.file.xref.trailer();
        let mut found = Vec::new();
        for (name, source) in trailer.entries() {
            if matches!(name, b"Root" | b"Info") {
                collect(source, &mut found);
            }
        }
        references.note(TRAILER, &found);
        references.follow(&stage.file, found)?;
        Ok(references)
    }

    /// Goes on to `stage`, in which the `changed` objects are other ones than before.
    pub fn advance(&mut self, stage: &Stage<'_>, changed: &[u32]) -> Result<(), Refusal> {
        for referrers in self.referrers.values_mut() {
            changed.iter().for_each(|number| {
                referrers.remove(number);
            });
        }
        let reached: Vec<u32> = changed.iter().copied().filter(|number| self.reached.remove(number)).collect();
        self.follow(&stage.file, reached)
    }

    /// Who refers to `target`.
    pub fn to(&self, target: u32) -> impl Iterator<Item = u32> {
        self.referrers.get(&target).into_iter().flatten().copied()
    }

    fn follow(&mut self, file: &File<'_>, mut next: Vec<u32>) -> Result<(), Refusal> {
        while let Some(number) = next.pop() {
            if !self.reached.insert(number) {
                continue;
            }
            let mut found = Vec::new();
            collect(&file.object(number)?, &mut found);
            self.note(number, &found);
            next.extend(found.into_iter().filter(|target| !self.reached.contains(target)));
        }
        Ok(())
    }

    fn note(&mut self, referrer: u32, found: &[u32]) {
        for target in found.iter().filter(|target| self.targets.contains(target)) {
            self.referrers.entry(*target).or_default().insert(referrer);
        }
    }
}

/// Adds the numbers of all references in `source`.
pub fn collect(source: &[u8], found: &mut Vec<u32>) {
    match parse(source) {
        Some(Object::Reference(number)) => found.push(number),
        Some(Object::Array(elements)) => elements.into_iter().for_each(|element| collect(element, found)),
        Some(Object::Dictionary(dictionary)) => dictionary.entries().for_each(|(_, value)| collect(value, found)),
        _ => {}
    }
}
