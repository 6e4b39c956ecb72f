//! New objects, and those that no rule explains.

use std::collections::BTreeSet;

use super::references::collect;
use super::{ChangeKind, Comparison};
use crate::reader::syntax::{Object, parse};
use crate::refusal::Refusal;

impl Comparison<'_, '_> {
    /// Everything new is used by something that is explained, and does nothing by itself.
    pub fn added_objects(&mut self) -> Result<(), Refusal> {
        let mut used = BTreeSet::new();
        let mut next: Vec<u32> = Vec::new();
        for number in self.overwritten.iter() {
            collect(&self.new.file.object(*number)?, &mut next);
        }
        let trailer = self.new.file.xref.trailer();
        trailer.entries().filter(|(name, _)| *name == b"Info").for_each(|(_, source)| collect(source, &mut next));
        while let Some(number) = next.pop() {
            if !self.added.contains(&number) || !used.insert(number) {
                continue;
            }
            let source = self.new.file.object(number)?;
            collect(&source, &mut next);
            if is_active(&source) {
                self.note(ChangeKind::ActiveContent, number);
            }
        }
        let unused: Vec<u32> = self.added.difference(&used).copied().collect();
        for number in unused {
            let source = self.new.file.object(number)?;
            let structural = matches!(parse(&source), Some(Object::Dictionary(found)) if found.is_name("Type", "XRef") || found.is_name("Type", "ObjStm"));
            if !structural {
                self.note(ChangeKind::Unused, number);
            }
        }
        Ok(())
    }

    /// What an object was that no rule explains.
    pub fn describe(&self, number: u32) -> ChangeKind {
        let Ok(source) = self.old.file.object(number) else { return ChangeKind::Unexplained };
        let Some(Object::Dictionary(old)) = parse(&source) else { return ChangeKind::Unexplained };
        let kind = |name: &str| matches!(old.get("Type"), Some(Object::Name(found)) if found.as_ref() == name.as_bytes());
        if self.old.fields.iter().any(|field| field.value == Some(number)) || kind("Sig") || kind("DocTimeStamp") {
            ChangeKind::SignatureAltered
        } else if self.old.fields.iter().any(|field| field.number == number) || old.source("FT").is_some() {
            ChangeKind::FormField
        } else if kind("Annot") || old.source("Rect").is_some() {
            ChangeKind::AnnotationChanged
        } else if kind("OCG") || kind("OCMD") || old.source("OCGs").is_some() {
            ChangeKind::Layers
        } else if kind("Pages") {
            ChangeKind::PageTree
        } else if kind("Page") || kind("XObject") || kind("Font") || kind("FontDescriptor") {
            ChangeKind::Page
        } else if kind("Action") || old.source("S").is_some() && old.source("D").or(old.source("JS")).is_some() {
            ChangeKind::Actions
        } else {
            ChangeKind::Unexplained
        }
    }
}

fn is_active(source: &[u8]) -> bool {
    match parse(source) {
        Some(Object::Array(elements)) => elements.into_iter().any(is_active),
        Some(Object::Dictionary(dictionary)) => {
            dictionary.entries().any(|(name, value)| matches!(name, b"JS" | b"AA" | b"OpenAction" | b"XFA") || is_active(value))
                || ["JavaScript", "Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "Hide", "SetOCGState", "Rendition"]
                    .iter()
                    .any(|action| dictionary.is_name("S", action))
        }
        _ => false,
    }
}
