//! Pages and their annotations.

use std::collections::BTreeMap;

use super::{ChangeKind, Comparison, fields};
use crate::reader::dictionary;
use crate::reader::pages::pages;
use crate::reader::syntax::{Object, parse};
use crate::refusal::Refusal;

impl Comparison<'_, '_> {
    /// Every page as it was, but for annotations of new fields.
    pub fn pages(&mut self) -> Result<(), Refusal> {
        let (old, new) = (pages(&self.old.file)?, pages(&self.new.file)?);
        if old.len() != new.len() || old.iter().zip(&new).any(|(old, new)| old.number != new.number) {
            self.note(ChangeKind::PageTree, 0);
            return Ok(());
        }
        let mut placed: BTreeMap<u32, usize> = BTreeMap::new();
        for page in &old {
            let (before, after) = (self.old.file.object(page.number)?, self.new.file.object(page.number)?);
            let (before, after) = (dictionary(&before, page.number)?, dictionary(&after, page.number)?);
            let annotations = before.source("Annots").or(after.source("Annots")).is_some();
            if !annotations && !self.overwritten.contains(&page.number) {
                continue;
            }
            self.explain(page.number);
            for (name, before, after) in self.differences(&before, &after) {
                match name.as_str() {
                    "Annots" => {}
                    "Tabs" if before.is_none() && after.and_then(parse) == Some(Object::Name(b"S".as_slice().into())) => {
                        self.note(ChangeKind::Structure, page.number);
                    }
                    "AA" => self.note(ChangeKind::Actions, page.number),
                    _ => self.note(ChangeKind::Page, page.number),
                }
            }
            match self.appended(page.number, before.source("Annots"), after.source("Annots"))? {
                None => self.note(ChangeKind::AnnotationChanged, page.number),
                Some(added) => {
                    for annotation in added {
                        *placed.entry(annotation).or_default() += 1;
                        if placed.get(&annotation) != Some(&1) || !fields::is_new_widget(self, annotation, page.number) {
                            self.note(ChangeKind::AnnotationAdded, annotation);
                        } else {
                            fields::place(self, annotation, page)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}
