//! The logical structure (ISO 32000-2, 14.7): a Form element for each widget, so that PDF/UA is kept (ISO 14289-1, 7.18.4).

use crate::reader::syntax::{Dictionary, Object, parse};
use crate::reader::{File, dictionary};
use crate::refusal::Refusal;
use crate::writer::{Change, Revision, array, text};

/// Deepest number tree.
const DEEPEST: usize = 32;

/// The structure of a tagged document.
pub struct Structure {
    root: u32,
    /// First key of the parent tree that is free.
    next_key: i64,
}

/// A widget that gets an element.
pub struct TaggedWidget {
    /// Its object number.
    pub widget: u32,
    /// Its page's.
    pub page: u32,
}

/// A new page with marked content, numbered from 0.
pub struct MarkedPage {
    /// Its object number.
    pub page: u32,
    /// How many.
    pub count: usize,
}

/// An element of the document.
struct Parent {
    number: u32,
    /// What its children say of their namespace.
    namespace: Vec<u8>,
}

impl Structure {
    /// The structure; `None` when the document is not tagged.
    pub fn of(file: &File<'_>) -> Result<Option<Self>, Refusal> {
        let (catalog_number, catalog) = file.catalog()?;
        // Elements point back to it, so it can only be an indirect object.
        let root = dictionary(&catalog, catalog_number)?.get("StructTreeRoot").and_then(|root| root.reference());
        let Some(root) = root else { return Ok(None) };
        let source = file.object(root)?;
        let source = dictionary(&source, root)?;
        let above = match source.source("ParentTree") {
            Some(tree) => highest_key(file, &file.resolve(tree)?, 0)?.map_or(0, |key| key.saturating_add(1)),
            None => 0,
        };
        let stated = source.integer("ParentTreeNextKey").unwrap_or(0);
        Ok(Some(Self { root, next_key: above.max(stated) }))
    }

    /// The /StructParent of the widget at `index` of those that [`Structure::add`] gets.
    pub fn struct_parent(&self, index: usize) -> i64 {
        self.next_key.saturating_add(i64::try_from(index).unwrap_or(i64::MAX))
    }

    /// Adds an element for each widget, at the end of the document.
    pub fn add(&self, revision: &mut Revision<'_, '_>, file: &File<'_>, widgets: &[TaggedWidget]) -> Result<(), Refusal> {
        let parent = self.parent(file)?;
        let mut elements = Vec::with_capacity(widgets.len());
        let mut entries = Vec::new();
        for (index, TaggedWidget { widget, page }) in widgets.iter().enumerate() {
            let element = revision.allocate();
            let Parent { number, namespace } = &parent;
            let body = format!("<</Type/StructElem/S/Form/P {number} 0 R/Pg {page} 0 R/K<</Type/OBJR/Obj {widget} 0 R/Pg {page} 0 R>>");
            revision.put(element, [body.as_bytes(), namespace, b">>"].concat())?;
            entries.extend_from_slice(format!(" {} {element} 0 R", self.struct_parent(index)).as_bytes());
            elements.push(element);
        }
        self.attach(revision, file, &parent, &elements, (&entries, widgets.len()))
    }

    /// Adds a paragraph for each marked content of new pages, at the end of the document.
    pub fn add_paragraphs(
        &self,
        revision: &mut Revision<'_, '_>,
        file: &File<'_>,
        pages: &[MarkedPage],
        language: &str,
    ) -> Result<(), Refusal> {
        let parent = self.parent(file)?;
        let language = text::string(language);
        let mut elements = Vec::new();
        let mut entries = Vec::new();
        for (index, MarkedPage { page, count }) in pages.iter().enumerate() {
            let first = elements.len();
            for mark in 0..*count {
                let element = revision.allocate();
                let Parent { number, namespace } = &parent;
                let body = format!("<</Type/StructElem/S/P/P {number} 0 R/Pg {page} 0 R/K {mark}/Lang");
                revision.put(element, [body.as_bytes(), &language, namespace, b">>"].concat())?;
                elements.push(element);
            }
            let of_page = array::references(elements.get(first..).unwrap_or_default());
            entries.extend_from_slice(&[format!(" {} [", self.struct_parent(index)).as_bytes(), &of_page, b"]"].concat());
        }
        self.attach(revision, file, &parent, &elements, (&entries, pages.len()))
    }

    /// The element that new ones go into.
    fn parent(&self, file: &File<'_>) -> Result<Parent, Refusal> {
        let root_source = file.object(self.root)?;
        let number = document_element(file, &dictionary(&root_source, self.root)?)?.unwrap_or(self.root);
        let source = file.object(number)?;
        // Of PDF 2.0: an element is in its parent's namespace.
        let namespace = dictionary(&source, number)?.source("NS").map(|namespace| [b"/NS ", namespace].concat()).unwrap_or_default();
        Ok(Parent { number, namespace })
    }

    /// Hangs new elements into the tree, and `count` new `entries` into the parent tree.
    fn attach(
        &self,
        revision: &mut Revision<'_, '_>,
        file: &File<'_>,
        parent: &Parent,
        elements: &[u32],
        (entries, count): (&[u8], usize),
    ) -> Result<(), Refusal> {
        let root_source = file.object(self.root)?;
        let root = dictionary(&root_source, self.root)?;
        let parent = parent.number;
        let parent_source = file.object(parent)?;
        let parent_dictionary = dictionary(&parent_source, parent)?;
        let next_key = self.struct_parent(count);
        let mut changes = vec![("ParentTreeNextKey", Some(next_key.to_string().into_bytes()))];
        changes.extend(self.add_to_parent_tree(revision, file, &root, entries, count)?);
        let kids = array::append(revision, file, &parent_dictionary, "K", elements)?.map(|kids| ("K", Some(kids)));
        if parent == self.root {
            changes.extend(kids);
        } else if let Some(kids) = kids {
            revision.patch(parent, &[kids])?;
        }
        revision.patch(self.root, &changes)
    }

    /// The keys are higher than all others: they go behind a flat tree's numbers, or into a last leaf of a deep one.
    fn add_to_parent_tree(
        &self,
        revision: &mut Revision<'_, '_>,
        file: &File<'_>,
        root: &Dictionary<'_>,
        entries: &[u8],
        count: usize,
    ) -> Result<Option<Change<'static>>, Refusal> {
        let Some(source) = root.source("ParentTree") else {
            return Ok(Some(("ParentTree", Some([b"<</Nums[", entries, b"]>>"].concat()))));
        };
        let number = parse(source).and_then(|tree| tree.reference());
        let tree = file.resolve(source)?;
        let tree = dictionary(&tree, self.root)?;
        let change = if tree.source("Kids").is_some() {
            let leaf = revision.allocate();
            let limits = format!("<</Limits[{} {}]/Nums[", self.next_key, self.struct_parent(count.saturating_sub(1)));
            revision.put(leaf, [limits.as_bytes(), entries, b"]>>"].concat())?;
            array::append(revision, file, &tree, "Kids", &[leaf])?.map(|kids| ("Kids", kids))
        } else {
            array::append_source(revision, file, &tree, "Nums", entries)?.map(|numbers| ("Nums", numbers))
        };
        let Some((name, value)) = change else { return Ok(None) };
        match number {
            Some(number) => revision.patch(number, &[(name, Some(value))]).map(|()| None),
            None => Ok(Some(("ParentTree", Some(crate::writer::patched(&tree, &[(name, Some(value))]))))),
        }
    }
}

/// The one Document element below the root.
fn document_element(file: &File<'_>, root: &Dictionary<'_>) -> Result<Option<u32>, Refusal> {
    let Some(kids) = root.source("K") else { return Ok(None) };
    let alone = |source: &[u8]| parse(source).and_then(|kid| kid.reference());
    let number = match parse(&file.resolve(kids)?) {
        Some(Object::Array(kids)) => match kids.as_slice() {
            [kid] => alone(kid),
            _ => None,
        },
        _ => alone(kids),
    };
    let Some(number) = number else { return Ok(None) };
    let element = file.object(number)?;
    Ok(matches!(parse(&element), Some(Object::Dictionary(element)) if element.is_name("S", "Document")).then_some(number))
}

/// Keys are sorted: the last one of the last leaf.
fn highest_key(file: &File<'_>, node: &[u8], depth: usize) -> Result<Option<i64>, Refusal> {
    let malformed = Refusal::Malformed { object: 0, what: "the parent tree" };
    let Some(Object::Dictionary(node)) = parse(node) else { return Err(malformed) };
    if depth > DEEPEST {
        return Err(Refusal::TooComplex { what: "parent tree" });
    }
    let array = |name| node.source(name).map(|array| file.resolve(array)).transpose();
    if let Some(kids) = array("Kids")? {
        let Some(Object::Array(kids)) = parse(&kids) else { return Err(malformed) };
        return match kids.last() {
            Some(last) => highest_key(file, &file.resolve(last)?, depth + 1),
            None => Ok(None),
        };
    }
    let Some(numbers) = array("Nums")? else { return Ok(None) };
    let Some(Object::Array(numbers)) = parse(&numbers) else { return Err(malformed) };
    let key = numbers.len().checked_sub(2).and_then(|at| numbers.get(at)).map(|key| parse(key).and_then(|key| key.integer()));
    key.map(|key| key.ok_or(malformed)).transpose()
}
