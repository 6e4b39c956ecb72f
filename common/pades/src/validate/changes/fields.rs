//! Changes to the form: fields that are added, signed, filled in (ISO 32000-2, 12.7).

use super::{ChangeKind, Comparison};
use crate::form::Field;
use crate::geometry::Rect;
use crate::reader::dictionary;
use crate::reader::pages::{Page, rect};
use crate::reader::syntax::{Dictionary, Object, parse};
use crate::refusal::Refusal;

/// A new field may cover this part of its page.
const LARGEST_PART: f64 = 0.25;
/// What a new signature field and its widget may say.
const FIELD_ENTRIES: [&str; 28] = [
    "Type",
    "Subtype",
    "FT",
    "T",
    "TU",
    "TM",
    "F",
    "Ff",
    "Rect",
    "P",
    "V",
    "AP",
    "MK",
    "DA",
    "Q",
    "DR",
    "StructParent",
    "BS",
    "Border",
    "H",
    "Lock",
    "SV",
    "M",
    "NM",
    "C",
    "Lang",
    "AS",
    "Contents",
];

/// Compares the forms: `catalog` refers to them.
pub fn form(comparison: &mut Comparison<'_, '_>, catalog: u32, old: Option<&[u8]>, new: Option<&[u8]>) -> Result<(), Refusal> {
    if new.is_none() {
        if old.is_some() {
            comparison.note(ChangeKind::FormField, catalog);
        }
        return Ok(());
    }
    let number = old.and_then(parse).and_then(|form| form.reference());
    let replaced = new.and_then(parse).and_then(|form| form.reference()).is_some_and(|new| number.is_some_and(|old| old != new));
    if replaced {
        comparison.note(ChangeKind::FormField, catalog);
    }
    if let Some(number) = number.filter(|number| comparison.overwritten.contains(number)) {
        comparison.explain_for(number, catalog);
    }
    let holder = number.unwrap_or(catalog);
    let before = comparison.old.file.resolve(old.unwrap_or(b"<<>>"))?;
    let after = comparison.new.file.resolve(new.unwrap_or(b"<<>>"))?;
    let (before, after) = (dictionary(&before, holder)?, dictionary(&after, holder)?);
    for (name, old, new) in comparison.differences(&before, &after) {
        let flags = |source: Option<&[u8]>| source.and_then(parse).and_then(|flags| flags.integer()).unwrap_or(0);
        match name.as_str() {
            "Fields" => {}
            "SigFlags" if flags(old) & !flags(new) == 0 && flags(new) & !3 == flags(old) & !3 => {}
            "DR" => comparison.grown(ChangeKind::SignatureField, ChangeKind::FormField, old, new, holder)?,
            "DA" if old.is_none() => {}
            _ => comparison.note(ChangeKind::FormField, holder),
        }
    }
    match comparison.appended(holder, before.source("Fields"), after.source("Fields"))? {
        None => comparison.note(ChangeKind::FormField, holder),
        Some(added) => added.into_iter().try_for_each(|number| new_field(comparison, number))?,
    }
    let fields: &[Field] = &comparison.old.fields;
    fields.iter().try_for_each(|field| existing(comparison, field))
}

fn new_field(comparison: &mut Comparison<'_, '_>, number: u32) -> Result<(), Refusal> {
    let source = comparison.new.file.object(number)?;
    let field = dictionary(&source, number)?;
    let known = field.entries().all(|(name, _)| FIELD_ENTRIES.iter().any(|entry| entry.as_bytes() == name));
    let name = comparison.new.fields.iter().find(|field| field.number == number).map(|field| field.name.as_str());
    let taken = comparison.old.fields.iter().any(|field| Some(field.name.as_str()) == name);
    if !comparison.added.contains(&number) || !field.is_name("FT", "Sig") || !known || taken {
        comparison.note(ChangeKind::FormField, number);
        return Ok(());
    }
    let area = rect(&comparison.new.file, &field, "Rect")?.filter(|rect| rect.width > 0.0 && rect.height > 0.0);
    let visible = area.is_some() && shows(&field);
    match field.source("V") {
        // Anybody can have a timestamp: it proves a time and may show nothing.
        Some(value) if visible && is_timestamp(comparison, value)? => comparison.note(ChangeKind::AnnotationAdded, number),
        Some(value) => signed(comparison, number, value)?,
        // One that is to be signed later has nothing to show.
        None if visible && !is_blank(comparison, &field) => comparison.note(ChangeKind::AnnotationAdded, number),
        None => {}
    }
    comparison.note(if visible { ChangeKind::VisibleSignatureField } else { ChangeKind::SignatureField }, number);
    Ok(())
}

/// Whether a value is a document timestamp.
fn is_timestamp(comparison: &Comparison<'_, '_>, value: &[u8]) -> Result<bool, Refusal> {
    let value = comparison.new.file.resolve(value)?;
    Ok(matches!(parse(&value), Some(Object::Dictionary(value)) if value.is_name("SubFilter", "ETSI.RFC3161")))
}

/// Whether a field was signed soundly: its value is a signature of its own that was not there before.
fn signed(comparison: &mut Comparison<'_, '_>, field: u32, value: &[u8]) -> Result<(), Refusal> {
    let number = parse(value).and_then(|value| value.reference()).filter(|number| comparison.added.contains(number));
    let Some(number) = number else {
        comparison.note(ChangeKind::SignatureAltered, field);
        return Ok(());
    };
    let source = comparison.new.file.object(number)?;
    let timestamp = dictionary(&source, number)?.is_name("SubFilter", "ETSI.RFC3161");
    comparison.note(if timestamp { ChangeKind::DocumentTimestamp } else { ChangeKind::Signature }, field);
    Ok(())
}

fn existing(comparison: &mut Comparison<'_, '_>, field: &Field) -> Result<(), Refusal> {
    for number in std::iter::once(field.number).chain(field.widgets.iter().copied().filter(|widget| *widget != field.number)) {
        if !comparison.overwritten.contains(&number) {
            continue;
        }
        let (before, after) = (comparison.old.file.object(number)?, comparison.new.file.object(number)?);
        let (before, after) = (dictionary(&before, number)?, dictionary(&after, number)?);
        let differences = comparison.differences(&before, &after);
        let names = || differences.iter().map(|(name, ..)| name.as_str());
        comparison.explain(number);
        if field.signed() {
            comparison.note(ChangeKind::SignatureAltered, number);
        } else if field.signature && names().all(|name| matches!(name, "V" | "AP" | "F" | "M" | "AS")) {
            let value = after.source("V");
            let timestamp = value.map(|value| is_timestamp(comparison, value)).transpose()?.unwrap_or(false);
            if timestamp && names().any(|name| name == "AP") && shows(&after) {
                comparison.note(ChangeKind::AnnotationChanged, number);
            } else if let Some((_, _, Some(value))) = differences.iter().find(|(name, ..)| name == "V") {
                signed(comparison, number, value)?;
            }
        } else if !field.signature && names().all(|name| matches!(name, "V" | "AP" | "AS" | "I" | "M")) {
            comparison.note(ChangeKind::FormFilling, number);
        } else {
            comparison.note(ChangeKind::FormField, number);
        }
    }
    Ok(())
}

/// Whether `number` is the widget of a new signature field that belongs on `page`.
pub fn is_new_widget(comparison: &Comparison<'_, '_>, number: u32, page: u32) -> bool {
    let Ok(source) = comparison.new.file.object(number) else { return false };
    let Ok(widget) = dictionary(&source, number) else { return false };
    let known = comparison.old.fields.iter().any(|field| field.number == number);
    let field = comparison.new.fields.iter().any(|field| field.signature && field.number == number);
    let here = widget.get("P").is_none_or(|stated| stated.reference() == Some(page));
    field && !known && here && comparison.added.contains(&number) && widget.is_name("Subtype", "Widget")
}

/// Looks where a new widget lies on its page.
pub fn place(comparison: &mut Comparison<'_, '_>, number: u32, page: &Page) -> Result<(), Refusal> {
    let source = comparison.new.file.object(number)?;
    let widget = dictionary(&source, number)?;
    let area = rect(&comparison.new.file, &widget, "Rect")?.filter(|rect| rect.width > 0.0 && rect.height > 0.0);
    let Some(area) = area.filter(|_| shows(&widget)) else { return Ok(()) };
    let covered = area.intersection(&page.visible).map_or(0.0, |part| part.width * part.height);
    if covered > LARGEST_PART * page.visible.width * page.visible.height {
        comparison.note(ChangeKind::CoveringField, number);
    }
    let before = comparison.old.file.object(page.number)?;
    let Some(annotations) = dictionary(&before, page.number)?.source("Annots") else { return Ok(()) };
    let annotations = comparison.old.file.resolve(annotations)?;
    let Some(Object::Array(annotations)) = parse(&annotations) else { return Ok(()) };
    for annotation in annotations {
        let annotation = comparison.old.file.resolve(annotation)?;
        let Some(Object::Dictionary(annotation)) = parse(&annotation) else { continue };
        let other: Option<Rect> = rect(&comparison.old.file, &annotation, "Rect")?;
        if other.is_some_and(|other| other.intersection(&area).is_some()) && shows(&annotation) {
            comparison.note(ChangeKind::OverlappingField, number);
        }
    }
    Ok(())
}

/// Neither Hidden nor NoView.
fn shows(annotation: &Dictionary<'_>) -> bool {
    annotation.integer("F").unwrap_or(0) & (2 | 32) == 0
}

/// Whether an appearance draws nothing.
fn is_blank(comparison: &Comparison<'_, '_>, field: &Dictionary<'_>) -> bool {
    let Some(appearance) = field.source("AP") else { return true };
    let Ok(appearance) = comparison.new.file.resolve(appearance) else { return false };
    let Some(Object::Dictionary(appearance)) = parse(&appearance) else { return false };
    let normal = appearance.get("N").and_then(|normal| normal.reference());
    appearance.entries().all(|(name, _)| name == b"N")
        && normal.is_some_and(|normal| comparison.new.file.stream(normal).is_ok_and(|content| content.trim_ascii().is_empty()))
}
