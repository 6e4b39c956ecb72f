//! What a revision changed, by what the changed objects are for. Whatever no rule explains is unexplained.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::field_changes;
use super::metadata::same_but_for_writing;
use super::references::{References, TRAILER, collect};
use super::same::{same, same_object};
use super::stage::Stage;
use super::store;
use crate::reader::pages::pages;
use crate::reader::syntax::{Dictionary, Object, parse};
use crate::reader::{Entry, dictionary};
use crate::refusal::Refusal;

/// A change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// What it is.
    pub kind: ChangeKind,
    /// Number of the object; 0 for the trailer.
    pub object: u32,
    /// Whether the policy permits it there.
    pub permitted: bool,
}

/// The kinds of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// A field was signed.
    Signature,
    /// A document timestamp was added.
    DocumentTimestamp,
    /// A signature field that shows nothing was added.
    SignatureField,
    /// A signature field that shows on a page was added.
    VisibleSignatureField,
    /// A new field lies over another annotation.
    OverlappingField,
    /// A new field covers a large part of its page.
    CoveringField,
    /// Certificates or revocation data were added to the store.
    ValidationData,
    /// Validation data were removed or replaced.
    ValidationDataRemoved,
    /// Developer extensions were named.
    Extensions,
    /// The version was raised.
    Version,
    /// Structure elements for new fields were added.
    Structure,
    /// The metadata were changed.
    Metadata,
    /// The metadata were changed in what tells of the writing alone.
    MetadataOfWriting,
    /// Producer or time in the document information were changed.
    Information,
    /// A form field was filled in.
    FormFilling,
    /// A form field was otherwise changed, or one was added or removed.
    FormField,
    /// A signature was changed, replaced or removed.
    SignatureAltered,
    /// An annotation was added.
    AnnotationAdded,
    /// An annotation was changed or removed.
    AnnotationChanged,
    /// Content, size, rotation or resources of a page.
    Page,
    /// Pages were added, removed or reordered.
    PageTree,
    /// Layers (optional content).
    Layers,
    /// Actions, scripts, names or destinations.
    Actions,
    /// Anything else in the catalog.
    Catalog,
    /// Anything in the trailer that has to stay.
    Trailer,
    /// An object that was in use was freed.
    Freed,
    /// An object came to be where there was only a reference to it.
    DanglingReference,
    /// Something with a script or an action was added.
    ActiveContent,
    /// An object was added that nothing uses.
    Unused,
    /// An object was replaced, and no rule explains it.
    Unexplained,
}

impl ChangeKind {
    /// In a few words.
    pub fn description(self) -> &'static str {
        match self {
            Self::Signature => "a field was signed",
            Self::DocumentTimestamp => "a document timestamp was added",
            Self::SignatureField => "a signature field was added",
            Self::VisibleSignatureField => "a visible signature field was added",
            Self::OverlappingField => "a new field lies over another annotation",
            Self::CoveringField => "a new field covers a large part of its page",
            Self::ValidationData => "validation data were added",
            Self::ValidationDataRemoved => "validation data were removed or replaced",
            Self::Extensions => "extensions were named",
            Self::Version => "the version was raised",
            Self::Structure => "structure elements were added",
            Self::Metadata => "the metadata were changed",
            Self::MetadataOfWriting => "producer or time in the metadata were changed",
            Self::Information => "the document information was changed",
            Self::FormFilling => "a form field was filled in",
            Self::FormField => "a form field was changed, added or removed",
            Self::SignatureAltered => "a signature was changed, replaced or removed",
            Self::AnnotationAdded => "an annotation was added",
            Self::AnnotationChanged => "an annotation was changed or removed",
            Self::Page => "content, size or resources of a page were changed",
            Self::PageTree => "pages were added, removed or reordered",
            Self::Layers => "layers were changed",
            Self::Actions => "actions or destinations were changed",
            Self::Catalog => "the catalog was changed",
            Self::Trailer => "the trailer was changed",
            Self::Freed => "an object that was in use was freed",
            Self::DanglingReference => "an object came to be where there was only a reference to it",
            Self::ActiveContent => "a script or an action was added",
            Self::Unused => "an object was added that nothing uses",
            Self::Unexplained => "an object was replaced",
        }
    }
}

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
    explained: BTreeSet<u32>,
    found: BTreeSet<(ChangeKind, u32)>,
}

/// An entry of a dictionary that is not the same: its name, old and new source.
pub type Difference<'d> = (String, Option<&'d [u8]>, Option<&'d [u8]>);

/// The result of a comparison.
pub struct Changes {
    /// What and where.
    pub found: BTreeSet<(ChangeKind, u32)>,
    /// All objects that are other ones than before or were not in use before.
    pub touched: Vec<u32>,
}

/// Compares two stages that follow each other.
pub fn compare(old: &Stage<'_>, new: &Stage<'_>, references: &References) -> Result<Changes, Refusal> {
    let mut comparison = Comparison::start(old, new, references)?;
    comparison.trailer();
    comparison.catalog()?;
    comparison.pages()?;
    comparison.added_objects()?;
    let unexplained: Vec<u32> = comparison.overwritten.difference(&comparison.explained).copied().collect();
    for number in unexplained {
        let kind = comparison.describe(number);
        comparison.note(kind, number);
    }
    Ok(Changes { found: comparison.found, touched: comparison.overwritten.union(&comparison.added).copied().collect() })
}

impl<'s, 'a> Comparison<'s, 'a> {
    fn start(old: &'s Stage<'a>, new: &'s Stage<'a>, references: &'s References) -> Result<Self, Refusal> {
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

    fn trailer(&mut self) {
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

    fn catalog(&mut self) -> Result<(), Refusal> {
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
        field_changes::form(self, root, old.source("AcroForm"), new.source("AcroForm"))?;
        store::compare(self, root, old.source("DSS"), new.source("DSS"))
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

    /// Every page as it was, but for annotations of new fields.
    fn pages(&mut self) -> Result<(), Refusal> {
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
                        if placed.get(&annotation) != Some(&1) || !field_changes::is_new_widget(self, annotation, page.number) {
                            self.note(ChangeKind::AnnotationAdded, annotation);
                        } else {
                            field_changes::place(self, annotation, page)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Everything new is used by something that is explained, and does nothing by itself.
    fn added_objects(&mut self) -> Result<(), Refusal> {
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
    fn describe(&self, number: u32) -> ChangeKind {
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
