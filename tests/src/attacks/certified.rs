//! Attacks on certified documents: evil annotations and sneaky signatures, at every level of permission.

use pades::validate::Code;

use super::Attack;
use super::base::{CATALOG, FIELD, PAGE, certify};
use super::update::{object, size, stream, update, with_last_element};
use crate::notary::Notary;

pub fn attacks(notary: &Notary) -> Vec<Attack> {
    let changed = |name, pdf| Attack::new(name, Code::ChangedAfterSigning, pdf);
    let mut attacks = Vec::new();
    for (level, names) in [
        (1, ["eaa-p1-free-text", "eaa-p1-stamp", "eaa-p1-redact", "ssa-p1-visible-signature"]),
        (2, ["eaa-p2-free-text", "eaa-p2-stamp", "eaa-p2-redact", "ssa-p2-visible-signature"]),
        (3, ["eaa-p3-free-text", "eaa-p3-stamp", "eaa-p3-redact", "ssa-p3-visible-signature"]),
    ] {
        let certified = certify(notary, level);
        for (name, subtype) in names.into_iter().zip(["FreeText", "Stamp", "Redact"]) {
            attacks.push(changed(name, annotated(&certified, subtype)));
        }
        attacks.push(changed(names[3], sneaky(&certified)));
    }
    attacks.push(changed("certified-p1-form-filled", filled(&certify(notary, 1))));
    attacks.push(changed(
        "certified-p2-signed-then-form-filled",
        filled(&notary.sign_field(&certify(notary, 2), field(), pades::Visibility::Invisible)),
    ));
    attacks.push(changed("certified-p2-permissions-removed", {
        let certified = certify(notary, 2);
        let catalog = object(&certified, CATALOG);
        let from = catalog.find("/Perms<<").unwrap();
        let to = from + catalog[from..].find(">>").unwrap() + 2;
        update(&certified, &[(CATALOG, format!("{}{}", &catalog[..from], &catalog[to..]))])
    }));
    attacks
}

fn field() -> pades::SignatureField {
    pades::SignatureField::New(pades::NewField { name: "Signature".to_owned(), label: "Underskrift".to_owned() })
}

/// With an annotation over the amount.
pub fn annotated(pdf: &[u8], subtype: &str) -> Vec<u8> {
    let new = size(pdf);
    let appearance = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 400 40]/Resources<</Font<</F1 7 0 R>>>>",
        "1 g 0 0 400 40 re f 0 g BT /F1 18 Tf 2 10 Td (9 999 kr) Tj ET",
    );
    let annotation =
        format!("<</Type/Annot/Subtype/{subtype}/Rect[60 690 460 730]/F 4/DA(/F1 18 Tf)/Contents(9 999 kr)/AP<</N {} 0 R>>>>", new + 1);
    let page = with_last_element(&object(pdf, PAGE), "/Annots", &format!("{new} 0 R"));
    update(pdf, &[(new, annotation), (new + 1, appearance), (PAGE, page)])
}

/// With a signature field over the amount, unsigned, that shows something.
pub fn sneaky(pdf: &[u8]) -> Vec<u8> {
    let new = size(pdf);
    let appearance = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 400 40]/Resources<</Font<</F1 7 0 R>>>>",
        "1 g 0 0 400 40 re f 0 g BT /F1 18 Tf 2 10 Td (9 999 kr) Tj ET",
    );
    let widget = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Sneaky)/F 4/P 3 0 R/Rect[60 690 460 730]/AP<</N {} 0 R>>>>", new + 1);
    let reference = format!("{new} 0 R");
    let page = with_last_element(&object(pdf, PAGE), "/Annots", &reference);
    let catalog = with_last_element(&object(pdf, CATALOG), "/Fields", &reference);
    update(pdf, &[(new, widget), (new + 1, appearance), (PAGE, page), (CATALOG, catalog)])
}

/// With the text field filled in, and an appearance of its own.
pub fn filled(pdf: &[u8]) -> Vec<u8> {
    let new = size(pdf);
    let appearance =
        stream("/Type/XObject/Subtype/Form/BBox[0 0 128 20]/Resources<</Font<</F1 7 0 R>>>>", "BT /F1 10 Tf 2 5 Td (Eva) Tj ET");
    let field = object(pdf, FIELD).replace("/V(Asa)", "/V(Eva)").replace("/N 12 0 R", &format!("/N {new} 0 R"));
    update(pdf, &[(FIELD, field), (new, appearance)])
}
