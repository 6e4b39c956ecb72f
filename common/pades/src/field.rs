//! The signature field: made now, alone or with those of later signers, or there already.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::appearance::{self, Appearance};
use crate::form::{self, Field, SignatureOrder};
use crate::page_tree;
use crate::permission::{self, Permissions};
use crate::placement::{Place, PlacePage, Placed, Places};
use crate::reader::pages::{self, Page, rect};
use crate::reader::syntax::{Object, parse};
use crate::reader::{File, dictionary};
use crate::refusal::Refusal;
use crate::tags::{Structure, TaggedWidget};
use crate::writer::{Change, Revision, array, text};

/// Which field takes the signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum SignatureField {
    /// A new one. A number behind its name makes it unique.
    New(NewField),
    /// An empty one of the document, by its fully qualified name. It shows where its widget is.
    Existing {
        /// Its name.
        name: String,
    },
    /// One of several that are made together when the first of them is signed, so that every later signature changes
    /// nothing but its own field. Readers and validators doubt fields that appear behind a signature.
    OneOf {
        /// The name of the one to be signed now.
        name: String,
        /// All that are still to be signed, in the order of their places; `name` is among them.
        all: Vec<NewField>,
    },
}

/// A field to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewField {
    /// /T, unique in the document and without a full stop.
    pub name: String,
    /// /TU: what it is, for those who hear the document.
    pub label: String,
}

/// What is to be done to get a field that can take the signature.
pub enum Target {
    /// Make some, and sign the first one named.
    Make {
        /// Names are unique.
        fields: Vec<NewField>,
        /// Index of the one to be signed.
        own: usize,
    },
    /// Sign an empty one.
    Fill(Field),
}

impl Target {
    /// Finds the field that `choice` means.
    pub fn find(fields: &[Field], choice: &SignatureField) -> Result<Self, Refusal> {
        let named = |name: &str| fields.iter().find(|field| field.name == name);
        let fill = |field: &Field| match (field.signature, field.value) {
            (true, None) => Ok(Self::Fill(field.clone())),
            (true, Some(_)) => Err(Refusal::FieldSigned),
            (false, _) => Err(Refusal::FieldMissing),
        };
        match choice {
            SignatureField::New(NewField { name, label }) => {
                let name = form::unique_name(fields, name);
                Ok(Self::Make { fields: vec![NewField { name, label: label.clone() }], own: 0 })
            }
            SignatureField::Existing { name } => fill(named(name).ok_or(Refusal::FieldMissing)?),
            SignatureField::OneOf { name, all } => match named(name) {
                Some(field) => fill(field),
                None => {
                    let missing: Vec<NewField> = all.iter().filter(|field| named(&field.name).is_none()).cloned().collect();
                    let own = missing.iter().position(|field| field.name == *name).ok_or(Refusal::FieldMissing)?;
                    Ok(Self::Make { fields: missing, own })
                }
            },
        }
    }
}

/// Makes `fields` at `places`; the one at `own` gets `value` and `appearance`. Gives the changes to the catalog.
pub fn make(
    revision: &mut Revision<'_, '_>,
    file: &File<'_>,
    order: SignatureOrder,
    fields: &[NewField],
    places: &Places,
    own: &Signed<'_>,
) -> Result<Vec<Change<'static>>, Refusal> {
    let appended = places.appended.map(|size| (revision.allocate(), size));
    // Later, new elements would look like a change of the document.
    let structure = if order == SignatureOrder::First { Structure::of(file)? } else { None };
    let mut numbers = Vec::with_capacity(fields.len());
    let mut tagged = Vec::new();
    let mut pages: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (index, (field, place)) in fields.iter().zip(&places.places).enumerate() {
        let widget = revision.allocate();
        let page = match place.page() {
            PlacePage::Existing(number) => number,
            PlacePage::Appended => appended.map_or(0, |(number, _)| number),
        };
        let (rect, appearance) = match place {
            Place::Invisible(page) => {
                let rect = if structure.is_some() { out_of_sight(page) } else { "[0 0 0 0]".to_owned() };
                (rect, appearance::put_empty(revision, (0.0, 0.0))?)
            }
            Place::Visible(placed) if index == own.index => (rectangle(placed), own.appearance(revision, placed)?),
            Place::Visible(placed) => (rectangle(placed), appearance::put_empty(revision, placed.size)?),
        };
        let mut body =
            format!("<</Type/Annot/Subtype/Widget/FT/Sig/F 132/Rect{rect}/P {page} 0 R/AP<</N {appearance} 0 R>>/T").into_bytes();
        body.extend_from_slice(&text::string(&field.name));
        body.extend_from_slice(b"/TU");
        body.extend_from_slice(&text::string(&field.label));
        if let (Some(structure), Place::Visible(_)) = (&structure, place) {
            body.extend_from_slice(format!("/StructParent {}", structure.struct_parent(tagged.len())).as_bytes());
            tagged.push(TaggedWidget { widget, page });
        }
        if index == own.index {
            body.extend_from_slice(format!("/V {} 0 R", own.value).as_bytes());
        }
        body.extend_from_slice(b">>");
        revision.put(widget, body)?;
        numbers.push(widget);
        pages.entry(page).or_default().push(widget);
    }
    for (page, widgets) in pages {
        if let Some((_, size)) = appended.filter(|(number, _)| *number == page) {
            append_page(revision, file, page, size, &widgets)?;
            continue;
        }
        let source = file.object(page)?;
        let dictionary = dictionary(&source, page)?;
        let mut changes = Vec::new();
        changes.extend(array::append(revision, file, &dictionary, "Annots", &widgets)?.map(|annotations| ("Annots", Some(annotations))));
        // Widgets are reached in the order of the structure (ISO 14289-1, 7.18.3).
        if structure.is_some() && !dictionary.is_name("Tabs", "S") {
            changes.push(("Tabs", Some(b"/S".to_vec())));
        }
        if !changes.is_empty() {
            revision.patch(page, &changes)?;
        }
    }
    if let Some(structure) = structure.filter(|_| !tagged.is_empty()) {
        structure.add(revision, file, &tagged)?;
    }
    form::add_fields(revision, file, &numbers, order)
}

/// The signature page: nothing but signatures, behind the last page.
fn append_page(
    revision: &mut Revision<'_, '_>,
    file: &File<'_>,
    page: u32,
    (width, height): (f64, f64),
    widgets: &[u32],
) -> Result<(), Refusal> {
    let tree = pages::root(file)?;
    let [width, height] = [width, height].map(text::number);
    // What it could inherit it says itself.
    let body = format!(
        "<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {width} {height}]/CropBox[0 0 {width} {height}]/Rotate 0/Resources<<>>/Tabs/S/Annots["
    );
    revision.put(page, [body.as_bytes(), &array::references(widgets), b"]>>"].concat())?;
    page_tree::append(revision, file, &[page])
}

/// Signs an empty field: its value and its appearance, and nothing else of it. Gives the changes to the catalog.
pub fn fill(
    revision: &mut Revision<'_, '_>,
    file: &File<'_>,
    order: SignatureOrder,
    field: &Field,
    own: &Signed<'_>,
) -> Result<Vec<Change<'static>>, Refusal> {
    let [widget] = field.widgets[..] else {
        return Err(Refusal::Malformed { object: field.number, what: "a signature field without exactly one widget" });
    };
    let source = file.object(widget)?;
    let dictionary = dictionary(&source, widget)?;
    let area = rect(file, &dictionary, "Rect")?.filter(|rect| rect.width > 0.0 && rect.height > 0.0);
    let appearance = match area.filter(|_| own.appearance.is_some()) {
        Some(rect) => {
            let page = page_of(file, &pages::pages(file)?, widget, dictionary.get("P").and_then(|page| page.reference()))?;
            Some(own.appearance(revision, &Placed::on(&page, rect))?)
        }
        None if dictionary.source("AP").is_none() => Some(appearance::put_empty(revision, (0.0, 0.0))?),
        None => None,
    };
    let value = ("V", Some(format!("{} 0 R", own.value).into_bytes()));
    let appearance = appearance.map(|appearance| ("AP", Some(format!("<</N {appearance} 0 R>>").into_bytes())));
    if widget == field.number {
        revision.patch(widget, &[Some(value), appearance].into_iter().flatten().collect::<Vec<_>>())?;
    } else {
        revision.patch(field.number, &[value])?;
        if let Some(appearance) = appearance {
            revision.patch(widget, &[appearance])?;
        }
    }
    form::add_fields(revision, file, &[], order)
}

/// The signature that goes into a field.
pub struct Signed<'a> {
    /// Index among the new fields.
    pub index: usize,
    /// Object number of the signature dictionary.
    pub value: u32,
    /// What it shows.
    pub appearance: Option<&'a Appearance>,
}

impl Signed<'_> {
    fn appearance(&self, revision: &mut Revision<'_, '_>, placed: &Placed) -> Result<u32, Refusal> {
        match self.appearance {
            Some(appearance) => appearance::put(revision, appearance, placed),
            None => appearance::put_empty(revision, placed.size),
        }
    }
}

/// Whether earlier signatures permit `target`, and what its lock wants in the signature dictionary.
pub fn permitted(file: &File<'_>, permissions: &Permissions, target: &Target, places: &Places) -> Result<Option<Vec<u8>>, Refusal> {
    match target {
        Target::Make { fields, .. } => {
            for (field, place) in fields.iter().zip(&places.places) {
                match place {
                    Place::Visible(_) => permissions.check_new_visible(&field.name)?,
                    Place::Invisible(_) => permissions.check_existing(&field.name)?,
                }
            }
            Ok(None)
        }
        Target::Fill(field) => {
            permissions.check_existing(&field.name)?;
            permission::reference_of(file, field)
        }
    }
}

fn page_of(file: &File<'_>, pages: &[Page], widget: u32, stated: Option<u32>) -> Result<Page, Refusal> {
    if let Some(page) = pages.iter().find(|page| Some(page.number) == stated) {
        return Ok(page.clone());
    }
    for page in pages {
        let source = file.object(page.number)?;
        let annotations = dictionary(&source, page.number)?.source("Annots").map(|annotations| file.resolve(annotations)).transpose()?;
        if let Some(Object::Array(annotations)) = annotations.as_deref().and_then(parse)
            && annotations.iter().any(|annotation| parse(annotation).and_then(|annotation| annotation.reference()) == Some(widget))
        {
            return Ok(page.clone());
        }
    }
    Err(Refusal::Malformed { object: widget, what: "a widget on no page" })
}

fn rectangle(placed: &Placed) -> String {
    let rect = &placed.rect;
    let [left, bottom, right, top] = [rect.x, rect.y, rect.right(), rect.top()].map(text::number);
    format!("[{left} {bottom} {right} {top}]")
}

/// Without area and outside the page: PDF/UA exempts such a widget from the structure (ISO 14289-1, 7.18.1), and PDF/A
/// forbids to hide it.
fn out_of_sight(page: &Page) -> String {
    const FAR: f64 = 9_999.0;
    let [x, y] = [page.visible.x - FAR, page.visible.y - FAR].map(text::number);
    format!("[{x} {y} {x} {y}]")
}
