//! Changes that no rule permits behind a signature, one in each place where a document can be changed.

use pades::validate::Code;

use super::Attack;
use super::base::{CATALOG, CONTENT, FIELD, INFORMATION, LAYER, LINK, METADATA, PAGE, PAGES};
use super::certified::{annotated, filled};
use super::update::{object, patched, remapped, size, stream, update};

pub fn attacks(signed: &[u8]) -> Vec<Attack> {
    let changed = |name, pdf| Attack::new(name, Code::ChangedAfterSigning, pdf);
    let patch = |name, number, from: &str, to: &str| changed(name, patched(signed, number, from, to));
    let new = size(signed);
    let add = |to: &str| {
        update(signed, &[(CATALOG, object(signed, CATALOG).replace("/Metadata", &format!("{to}/Metadata"))), (new, "<<>>".to_owned())])
    };
    let script = format!("/OpenAction {new} 0 R");
    let opening = update(
        signed,
        &[
            (CATALOG, object(signed, CATALOG).replace("/Metadata", &format!("{script}/Metadata"))),
            (new, "<</S/JavaScript/JS(app.alert\\(1\\))>>".to_owned()),
        ],
    );
    vec![
        patch("page-rotated", PAGE, "/MediaBox", "/Rotate 180/MediaBox"),
        patch("page-box-changed", PAGE, "[0 0 595 842]", "[0 300 595 842]"),
        patch("page-cropped", PAGE, "/MediaBox", "/CropBox[0 0 99 99]/MediaBox"),
        patch("page-user-unit", PAGE, "/MediaBox", "/UserUnit 2/MediaBox"),
        patch("page-resources-changed", PAGE, "/F1 7 0 R", "/F1 8 0 R"),
        patch("page-content-removed", PAGE, "/Contents 5 0 R", "/Contents null"),
        patch("page-action-added", PAGE, "/MediaBox", "/AA<</O<</S/Named/N/Print>>>>/MediaBox"),
        patch("pages-reordered", PAGES, "[3 0 R 4 0 R]", "[4 0 R 3 0 R]"),
        patch("pages-removed", PAGES, "[3 0 R 4 0 R]/Count 2", "[3 0 R]/Count 1"),
        Attack::new("pages-doubled", Code::UpdateStructure, patched(signed, PAGES, "[3 0 R 4 0 R]/Count 2", "[3 0 R 4 0 R 3 0 R]/Count 3")),
        patch("pages-inherited-rotation", PAGES, "/Count 2", "/Count 2/Rotate 90"),
        patch("annotation-removed", PAGE, " 8 0 R", ""),
        patch("annotation-link-changed", LINK, "https://example.se/", "https://example.com/"),
        changed("annotation-added", annotated(signed, "FreeText")),
        patch("layer-renamed", LAYER, "Lager", "Annat"),
        patch("layer-hidden", CATALOG, "/D<<", "/D<</OFF[10 0 R]"),
        changed("metadata-changed", update(signed, &[(METADATA, stream("/Type/Metadata/Subtype/XML", "<x/>"))])),
        patch("information-title-changed", INFORMATION, "(Arvode)", "(Annat)"),
        patch("information-producer-changed-alone", INFORMATION, "(Prov)", "(Annat)"),
        patch("field-value-changed", FIELD, "/V(Asa)", "/V(Eva)"),
        patch("field-made-read-only", FIELD, "/FT/Tx", "/FT/Tx/Ff 1"),
        changed("field-filled-with-new-appearance", filled(signed)),
        patch("form-asks-for-appearances", CATALOG, "/SigFlags 3", "/SigFlags 3/NeedAppearances true"),
        changed("script-added", opening),
        changed("names-added", add(&format!("/Names {new} 0 R"))),
        changed("viewer-preferences-added", add("/ViewerPreferences<</HideToolbar true>>")),
        changed("catalog-language-changed", add("/Lang(en)")),
        changed("catalog-replaced", {
            let other = update(signed, &[(new, object(signed, CATALOG))]);
            let trailer = crate::attacks::update::rfind(&other, b"/Root 1 0 R").unwrap();
            let pointed = format!("/Root {new} 0 R");
            [&other[..trailer], pointed.as_bytes(), &other[trailer + 11..]].concat()
        }),
        changed("object-freed", remapped(signed, &format!("{CONTENT} 1\n0000000000 00001 f \n"))),
        changed("object-unused", update(signed, &[(new, "<</Prepared true>>".to_owned())])),
        changed("content-recycled-as-dictionary", update(signed, &[(CONTENT, "<<>>".to_owned())])),
    ]
}
