//! Two stages that follow each other, and what is known of their difference so far.

use std::collections::BTreeSet;

use super::ChangeKind;
use super::references::References;
use super::same::{same, same_object};
use crate::reader::syntax::{Dictionary, Object, parse};
use crate::reader::{Entry, dictionary};
use crate::refusal::Refusal;
use crate::validate::stage::Stage;

/// The comparison of a stage with the one before.
pub struct Comparison<'s, 'a> {
    pub old: &'s Stage<'a>,
    pub new: &'s Stage<'a>,
    pub references: &'s References,
    /// Objects that are other ones than before.
    pub overwritten: BTreeSet<u32>,
    /// Objects that were not in use before.
    pub added: BTreeSet<u32>,
    /// Which of them a rule has explained.
    pub explained: BTreeSet<u32>,
    pub found: BTreeSet<(ChangeKind, u32)>,
}

/// An entry of a dictionary that is not the same: its name, old and new source.
pub type Difference<'d> = (String, Option<&'d [u8]>, Option<&'d [u8]>);

impl<'s, 'a> Comparison<'s, 'a> {
    pub fn start(old: &'s Stage<'a>, new: &'s Stage<'a>, references: &'s References) -> Result<Self, Refusal> {
        let mut comparison = Self {
            old,
            new,
            references,
            overwritten: BTreeSet::new(),
            added: BTreeSet::new(),
            explained: BTreeSet::new(),
            found: BTreeSet::new(),
        };
        for (number, entry) in new.listing()?.into_iter().filter(|(number, _)| *number != 0) {
            let before = old.entry(number)?;
            match (before, entry) {
                (before, after) if before == after => {}
                (Entry::Free, Entry::Free) => {}
                (_, Entry::Free) => comparison.note(ChangeKind::Freed, number),
                (Entry::Free, _) => {
                    comparison.added.insert(number);
                    if references.to(number).next().is_some() {
                        comparison.note(ChangeKind::DanglingReference, number);
                    }
                }
                _ if same_object(old, new, number) => {}
                _ => {
                    comparison.overwritten.insert(number);
                }
            }
        }
        Ok(comparison)
    }

    /// Notes a change.
    pub fn note(&mut self, kind: ChangeKind, object: u32) {
        self.found.insert((kind, object));
    }

    /// A rule explains why the object is another one, when nobody but `referrer` refers to it.
    pub fn explain_for(&mut self, number: u32, referrer: u32) {
        if self.references.to(number).all(|other| other == referrer) {
            self.explained.insert(number);
        }
    }

    /// A rule explains why the object is another one, whoever refers to it: what it may change means the same to all.
    pub fn explain(&mut self, number: u32) {
        self.explained.insert(number);
    }

    /// Whether two values say the same.
    pub fn same(&self, old: Option<&[u8]>, new: Option<&[u8]>) -> bool {
        same(&self.old.file, old.unwrap_or(b"null"), &self.new.file, new.unwrap_or(b"null"))
    }

    /// Entries that are not the same.
    pub fn differences<'d>(&self, old: &Dictionary<'d>, new: &Dictionary<'d>) -> Vec<Difference<'d>> {
        let names: BTreeSet<&[u8]> = old.entries().chain(new.entries()).map(|(name, _)| name).collect();
        let both = names.into_iter().map(|name| String::from_utf8_lossy(name).into_owned()).map(|name| {
            let (old, new) = (old.source(&name), new.source(&name));
            (name, old, new)
        });
        both.filter(|(_, old, new)| !self.same(*old, *new)).collect()
    }

    /// A dictionary that may only get further entries.
    pub fn grown(
        &mut self,
        growth: ChangeKind,
        otherwise: ChangeKind,
        old: Option<&[u8]>,
        new: Option<&[u8]>,
        object: u32,
    ) -> Result<(), Refusal> {
        let old = self.old.file.resolve(old.unwrap_or(b"<<>>"))?;
        let new = self.new.file.resolve(new.unwrap_or(b"<<>>"))?;
        let (old, new) = (dictionary(&old, object)?, dictionary(&new, object)?);
        let only_more = self.differences(&old, &new).iter().all(|(_, before, after)| before.is_none() && after.is_some());
        self.note(if only_more { growth } else { otherwise }, object);
        Ok(())
    }

    /// What an array has that it did not have; `None` when it lost or reordered something. Explains an indirect array.
    pub fn appended(&mut self, referrer: u32, old: Option<&[u8]>, new: Option<&[u8]>) -> Result<Option<Vec<u32>>, Refusal> {
        if let Some(number) = old.and_then(parse).and_then(|array| array.reference())
            && self.overwritten.contains(&number)
        {
            self.explain_for(number, referrer);
        }
        let old = self.old.file.resolve(old.unwrap_or(b"[]"))?;
        let new = self.new.file.resolve(new.unwrap_or(b"[]"))?;
        let (Some(Object::Array(old)), Some(Object::Array(new))) = (parse(&old), parse(&new)) else { return Ok(None) };
        if new.len() < old.len() || !old.iter().zip(&new).all(|(old, new)| self.same(Some(*old), Some(*new))) {
            return Ok(None);
        }
        Ok(new.iter().skip(old.len()).map(|element| parse(element).and_then(|element| element.reference())).collect())
    }
}
