//! Shadow attacks: the author hides other content in the document, has it signed, and brings it out.

use pades::validate::Code;

use super::Attack;
use super::base::{CONTENT, FIELD, FIELD_APPEARANCE, FONT, PAGE, base};
use super::update::{find, object, remapped, size, stream, update};
use crate::notary::Notary;

/// Two contents in one file: the second one is used by nothing until a cross-reference points to it.
fn with_two_contents() -> Vec<u8> {
    let base = base();
    let new = size(&base);
    update(&base, &[(new, stream("", "BT /F1 18 Tf 72 700 Td (Arvode: 9 999 kr) Tj ET"))])
}

/// An image lies over what is to be seen later.
fn with_overlay() -> Vec<u8> {
    let base = base();
    let new = size(&base);
    let page = object(&base, PAGE)
        .replace("/Contents 5 0 R", &format!("/Contents[5 0 R {} 0 R]", new + 1))
        .replace("/Resources<<", &format!("/Resources<</XObject<</X {new} 0 R>>"));
    let white = stream("/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<>>", "1 g 60 690 400 40 re f");
    update(&base, &[(new, white), (new + 1, stream("", "/X Do")), (PAGE, page)])
}

/// A reference to an object that is not there yet, where the next signature would put one of its own.
fn with_dangling_reference() -> Vec<u8> {
    let base = base();
    let page = object(&base, PAGE).replace("/Contents 5 0 R", "/Contents[5 0 R 90 0 R]");
    update(&base, &[(PAGE, page)])
}

/// The documents before they are signed, and what the check before signing finds in them.
pub fn traps() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    vec![
        ("two contents, one used", "unused_content", with_two_contents()),
        ("two objects of one number", "unused_content", with_twins()),
        ("a reference to an object to come", "dangling_reference", with_dangling_reference()),
        ("a field whose value can be changed", "editable_fields", base()),
        ("a font from outside", "fonts_not_embedded", base()),
        (
            "another page in an earlier revision",
            "earlier_revisions",
            super::update::patched(&base(), PAGE, "/MediaBox", "/Rotate 90/MediaBox"),
        ),
    ]
}

/// Two objects of one number in one revision; the cross-reference knows one of them.
fn with_twins() -> Vec<u8> {
    let base = base();
    let twin = format!("\n{CONTENT} 0 obj\n{}\nendobj\n", stream("", "BT (9 999 kr) Tj ET"));
    let at = find(&base, b"xref\n0 13").unwrap();
    let moved = [&base[..at], twin.as_bytes(), &base[at..]].concat();
    crate::pdf::replaced(&moved, &format!("startxref\n{at}"), &format!("startxref\n{}", at + twin.len()))
}

pub fn attacks(notary: &Notary) -> Vec<Attack> {
    let changed = |name, pdf| Attack::new(name, Code::ChangedAfterSigning, pdf);
    let overlay = notary.sign(&with_overlay());
    let form = size(&base());
    let signed = notary.sign(&base());
    let two = notary.sign(&with_two_contents());
    let hidden = find(&two, format!("{form} 0 obj").as_bytes()).unwrap();
    // What the cross-reference points to has to bear the number.
    let twins = notary.sign(&with_twins());
    let twin = find(&twins, b"\n5 0 obj\n<</Length 19>>").unwrap() + 1;
    let dangling = notary.sign(&with_dangling_reference());
    vec![
        changed("shadow-hide-overlay-emptied", update(&overlay, &[(form, stream("/Type/XObject/Subtype/Form/BBox[0 0 0 0]", ""))])),
        changed("shadow-hide-overlay-freed", remapped(&overlay, &format!("{form} 1\n0000000000 00001 f \n"))),
        changed("shadow-hide-overlay-moved", super::update::patched(&overlay, form, "/BBox[0 0 595 842]", "/BBox[0 0 1 1]")),
        changed("shadow-replace-form-value", super::update::patched(&signed, FIELD, "/V(Asa)", "/V(Eva)")),
        changed(
            "shadow-replace-appearance",
            update(&signed, &[(FIELD_APPEARANCE, object(&signed, FIELD_APPEARANCE).replace("(Asa)", "(Eva)"))]),
        ),
        changed("shadow-replace-font", super::update::patched(&signed, FONT, "/BaseFont/Helvetica", "/BaseFont/Symbol")),
        changed("shadow-hide-and-replace-by-xref", remapped(&twins, &format!("{CONTENT} 1\n{twin:010} 00000 n \n"))),
        Attack::new(
            "shadow-xref-to-another-number",
            Code::UpdateStructure,
            remapped(&two, &format!("{CONTENT} 1\n{hidden:010} 00000 n \n")),
        ),
        changed("shadow-dangling-reference-filled", update(&dangling, &[(90, stream("", "BT (evil) Tj ET"))])),
    ]
}
