//! Trailer, document information, catalog and metadata.

use super::metadata::same_but_for_writing;
use super::references::TRAILER;
use super::{ChangeKind, Comparison, fields};
use crate::reader::dictionary;
use crate::refusal::Refusal;
use crate::validate::store;

impl Comparison<'_, '_> {
    pub fn trailer(&mut self) {
        const BY_REVISION: [&str; 10] = ["Size", "Prev", "XRefStm", "Type", "W", "Index", "Length", "Filter", "DecodeParms", "DL"];
        let (old, new) = (self.old.file.xref.trailer(), self.new.file.xref.trailer());
        for (name, before, after) in self.differences(&old, &new) {
            match name.as_str() {
                name if BY_REVISION.contains(&name) => {}
                // Its second part tells revisions apart (14.4).
                "ID" => {}
                "Info" if before.is_none() && self.tells_of_writing(after) => self.note(ChangeKind::Information, TRAILER),
                _ => self.note(ChangeKind::Trailer, TRAILER),
            }
        }
        if new.source("XRefStm").is_some() || new.integer("Size") < old.integer("Size") {
            self.note(ChangeKind::Trailer, TRAILER);
        }
        if let Some(number) = old.get("Info").and_then(|info| info.reference())
            && self.overwritten.contains(&number)
        {
            self.information(number);
        }
    }

    /// Whether a new document information says nothing but what writers add by themselves.
    fn tells_of_writing(&self, information: Option<&[u8]>) -> bool {
        let Ok(information) = self.new.file.resolve(information.unwrap_or(b"null")) else { return false };
        let Ok(information) = dictionary(&information, TRAILER) else { return false };
        information.entries().all(|(name, _)| matches!(name, b"ModDate" | b"Producer" | b"CreationDate"))
    }

    /// Of the document information only what writers keep up to date by themselves.
    fn information(&mut self, number: u32) {
        let (Ok(old), Ok(new)) = (self.old.file.object(number), self.new.file.object(number)) else { return };
        let (Ok(old), Ok(new)) = (dictionary(&old, number), dictionary(&new, number)) else { return };
        if self.differences(&old, &new).iter().all(|(name, ..)| matches!(name.as_str(), "ModDate" | "Producer")) {
            self.explain_for(number, TRAILER);
            self.note(ChangeKind::Information, number);
        }
    }

    pub fn catalog(&mut self) -> Result<(), Refusal> {
        let ((root, old), (_, new)) = (self.old.file.catalog()?, self.new.file.catalog()?);
        let (old, new) = (dictionary(&old, root)?, dictionary(&new, root)?);
        self.explain(root);
        for (name, before, after) in self.differences(&old, &new) {
            match name.as_str() {
                // Looked at below, for what they refer to may be other ones though they are the same.
                "AcroForm" | "DSS" => {}
                "Extensions" => self.grown(ChangeKind::Extensions, ChangeKind::Catalog, before, after, root)?,
                "Version" if before < after => self.note(ChangeKind::Version, root),
                "Metadata" if after.is_some() => self.note(ChangeKind::Metadata, root),
                "StructTreeRoot" | "Pages" => self.note(ChangeKind::PageTree, root),
                "OCProperties" => self.note(ChangeKind::Layers, root),
                "OpenAction" | "AA" | "Names" | "Dests" | "Outlines" => self.note(ChangeKind::Actions, root),
                _ => self.note(ChangeKind::Catalog, root),
            }
        }
        if let Some(number) = old.get("Metadata").and_then(|metadata| metadata.reference())
            && self.overwritten.contains(&number)
        {
            self.explain_for(number, root);
            let packets = self.old.file.stream(number).and_then(|old| Ok((old, self.new.file.stream(number)?)));
            let writing = packets.is_ok_and(|(old, new)| same_but_for_writing(&old, &new));
            self.note(if writing { ChangeKind::MetadataOfWriting } else { ChangeKind::Metadata }, number);
        }
        fields::form(self, root, old.source("AcroForm"), new.source("AcroForm"))?;
        store::compare(self, root, old.source("DSS"), new.source("DSS"))
    }
}
