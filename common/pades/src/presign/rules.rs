//! What a single dictionary gives away, wherever it is (ISO 32000-2, 12.5, 12.6, 8.10, 9.8).

use super::{Findings, Item};
use crate::reader::syntax::{Dictionary, Object};

/// Actions that change the document, start something or leave it (12.6.4). A link to a place in the document or to the
/// web does not.
const ACTIONS: [&str; 14] = [
    "Launch",
    "SubmitForm",
    "ImportData",
    "ResetForm",
    "Hide",
    "SetOCGState",
    "Rendition",
    "Movie",
    "Sound",
    "RichMediaExecute",
    "GoTo3DView",
    "Trans",
    "GoToE",
    "GoToR",
];
/// Annotations that play, or that cover what is below.
const MEDIA: [&str; 8] = ["Screen", "Movie", "Sound", "RichMedia", "3D", "Redact", "Watermark", "TrapNet"];
/// Kinds of font whose program has to be in the file.
const FONTS: [&str; 5] = ["Type1", "MMType1", "TrueType", "CIDFontType0", "CIDFontType2"];
/// Annotation flags (12.5.3): Invisible, Hidden, NoView, ToggleNoView.
const HIDDEN: i64 = 1 | 2 | 32 | 256;

pub fn dictionary(found: &Dictionary<'_>, object: u32, page: Option<usize>, findings: &mut Findings) {
    let has = |name: &str| found.source(name).is_some();
    let is = |name: &str, values: &[&str]| values.iter().any(|value| found.is_name(name, value));
    if has("JS") || found.is_name("S", "JavaScript") || has("JavaScript") {
        findings.add(Item::Javascript, page, object);
    }
    let element = found.is_name("Type", "StructElem");
    if has("AA") || !element && is("S", &ACTIONS) {
        findings.add(Item::ActiveAction, page, object);
    }
    let stream = has("Length");
    let form = found.is_name("Subtype", "Form");
    if stream && (has("FFilter") || matches!(found.get("F"), Some(Object::String(_) | Object::Dictionary(_))))
        || form && has("Ref")
        || found.is_name("Subtype", "PS")
        || has("OPI")
        || found.is_name("Subtype", "Image") && has("Alternates")
    {
        findings.add(Item::ExternalContent, page, object);
    }
    if has("EF") || found.is_name("Type", "EmbeddedFile") || found.is_name("Subtype", "FileAttachment") {
        findings.add(Item::EmbeddedFiles, page, object);
    }
    if has("Rect") && has("Subtype") {
        annotation(found, object, page, findings);
    }
    if found.is_name("Type", "Font") && is("Subtype", &FONTS) && !has("FontDescriptor") || is_bare_descriptor(found) {
        findings.add(Item::FontsNotEmbedded, page, object);
    }
    if found.is_name("Type", "OCMD") && has("VE") || found.is_name("Type", "OCG") && usage_differs(found) {
        findings.add(Item::HiddenLayers, page, object);
    }
}

fn annotation(found: &Dictionary<'_>, object: u32, page: Option<usize>, findings: &mut Findings) {
    if MEDIA.iter().any(|kind| found.is_name("Subtype", kind)) {
        findings.add(Item::ActiveMedia, page, object);
    }
    // A pop-up shows what its annotation says when somebody asks for it; a signature field need not show at all.
    let exempt = found.is_name("Subtype", "Popup") || found.is_name("FT", "Sig");
    if !exempt && found.integer("F").unwrap_or(0) & HIDDEN != 0 {
        findings.add(Item::HiddenAnnotations, page, object);
    }
}

fn is_bare_descriptor(found: &Dictionary<'_>) -> bool {
    let program = ["FontFile", "FontFile2", "FontFile3"].iter().any(|name| found.source(name).is_some());
    found.is_name("Type", "FontDescriptor") && !program
}

/// Whether a layer shows otherwise on screen, in print or in an export (8.11.4.4).
fn usage_differs(layer: &Dictionary<'_>) -> bool {
    let Some(Object::Dictionary(usage)) = layer.get("Usage") else { return layer.source("Usage").is_some() };
    [("View", "ViewState"), ("Print", "PrintState"), ("Export", "ExportState")].into_iter().any(|(name, state)| match usage.get(name) {
        Some(Object::Dictionary(found)) => found.is_name(state, "OFF"),
        _ => false,
    })
}
