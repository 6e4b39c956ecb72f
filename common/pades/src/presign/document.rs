//! What the catalog, the form, the pages and the metadata give away.

use super::objects::is_filled;
use super::{Findings, Item};
use crate::form;
use crate::inspect::pdfa_claim;
use crate::reader::pages::pages;
use crate::reader::syntax::{Object, parse};
use crate::reader::{File, dictionary};
use crate::refusal::Refusal;

/// Largest and smallest edge of a page that readers show (ISO 32000-2, annex C).
const EDGES: std::ops::RangeInclusive<f64> = 3.0..=14_400.0;
/// Field flag ReadOnly (12.7.4.1).
const READ_ONLY: i64 = 1;

pub fn check(file: &File<'_>, findings: &mut Findings) -> Result<(), Refusal> {
    let (root, source) = file.catalog()?;
    let catalog = dictionary(&source, root)?;
    if let Some(action) = catalog.source("OpenAction") {
        // An array is a place in the document.
        let action = file.resolve(action)?;
        if matches!(parse(&action), Some(Object::Dictionary(action)) if !action.is_name("S", "GoTo")) {
            findings.add(Item::ActiveAction, None, root);
        }
    }
    if is_filled(file, catalog.source("AF"))? || catalog.source("Collection").is_some() {
        findings.add(Item::EmbeddedFiles, None, root);
    }
    layers(file, catalog.source("OCProperties"), root, findings)?;
    fields(file, catalog.source("AcroForm"), root, findings)?;
    for (index, page) in pages(file)?.iter().enumerate() {
        let source = file.object(page.number)?;
        let unit = dictionary(&source, page.number)?.get("UserUnit").and_then(|unit| unit.number()).unwrap_or(1.0);
        if unit != 1.0 || !EDGES.contains(&page.visible.width) || !EDGES.contains(&page.visible.height) {
            findings.add(Item::OddGeometry, Some(index + 1), page.number);
        }
    }
    metadata(file, catalog.get("Metadata").and_then(|metadata| metadata.reference()), findings)?;
    if pdfa_claim(file)?.is_some() {
        let forbidden =
            [Item::FontsNotEmbedded, Item::Javascript, Item::ExternalContent, Item::ActiveMedia, Item::DynamicForm, Item::Metadata];
        if forbidden.into_iter().any(|item| findings.has(item)) {
            findings.add(Item::PdfaClaim, None, root);
        }
    }
    Ok(())
}

/// Only layers that are all on, and stay so (8.11.4.3).
fn layers(file: &File<'_>, properties: Option<&[u8]>, root: u32, findings: &mut Findings) -> Result<(), Refusal> {
    let Some(properties) = properties else { return Ok(()) };
    let properties = file.resolve(properties)?;
    let properties = dictionary(&properties, root)?;
    let default = file.resolve(properties.source("D").unwrap_or(b"<<>>"))?;
    let default = dictionary(&default, root)?;
    let base = default.get("BaseState").is_none_or(|state| state == Object::Name(b"ON".as_slice().into()));
    if !base
        || is_filled(file, default.source("OFF"))?
        || is_filled(file, default.source("AS"))?
        || is_filled(file, default.source("RBGroups"))?
        || is_filled(file, properties.source("Configs"))?
    {
        findings.add(Item::HiddenLayers, None, root);
    }
    Ok(())
}

fn fields(file: &File<'_>, form: Option<&[u8]>, root: u32, findings: &mut Findings) -> Result<(), Refusal> {
    let Some(form) = form else { return Ok(()) };
    let form = file.resolve(form)?;
    let form = dictionary(&form, root)?;
    if matches!(form.get("NeedAppearances"), Some(Object::Boolean(true))) || is_filled(file, form.source("CO"))? {
        findings.add(Item::DynamicForm, None, root);
    }
    for field in form::fields(file)?.into_iter().filter(|field| !field.signature) {
        let source = file.object(field.number)?;
        let flags = dictionary(&source, field.number)?.integer("Ff").unwrap_or(0);
        if flags & READ_ONLY == 0 {
            findings.add(Item::EditableFields, None, field.number);
            return Ok(());
        }
    }
    Ok(())
}

fn metadata(file: &File<'_>, number: Option<u32>, findings: &mut Findings) -> Result<(), Refusal> {
    let Some(number) = number else { return Ok(()) };
    let packet = file.stream(number)?;
    // Without document type and entities: the parser refuses them.
    let sound = std::str::from_utf8(&packet).is_ok_and(|text| roxmltree::Document::parse(text.trim_end_matches(['\0', ' ', '\n'])).is_ok());
    if !sound {
        findings.add(Item::Metadata, None, number);
    }
    Ok(())
}
