//! Signature fields: those that are there, those that are made together, and what earlier signatures permit.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use pades::{NewField, Rect, Refusal, SignatureField, SignatureParameters, Visibility, draft, inspect, prepare};
use support::{classic, complete, file, parameters};

const WIDGET: &str = "<</FT/Sig/T(Chef)/Type/Annot/Subtype/Widget/Rect[72 600 272 660]/F 4/P 3 0 R>>";
const VISIBLE: Visibility = Visibility::At { page: 1, rect: Rect { x: 10.0, y: 10.0, width: 200.0, height: 50.0 } };

fn existing(name: &str) -> SignatureParameters {
    SignatureParameters { field: SignatureField::Existing { name: name.to_owned() }, ..parameters() }
}

fn one_of(name: &str) -> SignatureParameters {
    let field = |name: &str| NewField { name: name.to_owned(), label: format!("Underskrift {name}") };
    let all = vec![field("A"), field("B"), field("C")];
    SignatureParameters { field: SignatureField::OneOf { name: name.to_owned(), all }, visibility: VISIBLE, ..parameters() }
}

/// A document whose form has `fields`, the first one object 5, with `further` objects and catalog entries.
fn form(fields: &str, objects: &[&str], catalog: &str) -> Vec<u8> {
    let catalog = format!("/AcroForm<</Fields[{fields}]>>{catalog}");
    let mut further: Vec<(&str, &str, &str)> = objects.iter().map(|object| ("", "", *object)).collect();
    if let Some(first) = further.first_mut() {
        *first = ("/Annots[5 0 R]", &catalog, first.2);
    }
    classic(&further)
}

/// A document with a signed field `Signed`, whose /Reference is `reference`, and the empty field `Chef`.
fn signed_with(reference: &str, catalog: &str) -> Vec<u8> {
    let signature = format!("<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>/SubFilter/x/Reference[{reference}]>>");
    form("5 0 R 6 0 R", &[WIDGET, "<</FT/Sig/T(Signed)/V 7 0 R>>", &signature], catalog)
}

fn transform(method: &str, parameters: &str) -> String {
    format!("<</TransformMethod/{method}/TransformParams<<{parameters}>>>>")
}

fn text(prepared: &pades::Prepared) -> String {
    String::from_utf8_lossy(&[prepared.before.as_slice(), &prepared.after].concat()).into_owned()
}

fn refusal(input: &[u8], parameters: &SignatureParameters) -> Option<Refusal> {
    draft(input, parameters).err()
}

#[test]
fn an_empty_field_is_signed_where_it_is() {
    let input = form("5 0 R", &[WIDGET], "");
    let prepared = prepare(&input, &existing("Chef")).unwrap();
    let update = text(&prepared);
    let widget = update.split_once("5 0 obj\n").unwrap().1.split_once("endobj").unwrap().0;
    for entry in ["/T (Chef)", "/Rect [72 600 272 660]", "/F 4", "/V ", "/AP "] {
        assert!(widget.contains(entry), "{entry}: {widget}");
    }
    assert!(update.contains("/BBox[0 0 200 60]") && !update.contains("3 0 obj"), "the page is not touched: {update}");
    let signed = complete(&input, &prepared);
    assert_eq!(inspect(&signed).unwrap().signatures[0].field_name, "Chef");
    assert_eq!(refusal(&signed, &existing("Chef")), Some(Refusal::FieldSigned));
}

#[test]
fn an_empty_field_may_have_its_widget_as_a_kid_on_a_rotated_page() {
    let kid = "<</Type/Annot/Subtype/Widget/Parent 5 0 R/Rect[72 600 132 800]/F 4>>";
    let input = classic(&[("/Annots[6 0 R]/Rotate 90", "/AcroForm<</Fields[5 0 R]>>", "<</FT/Sig/T(Chef)/Kids[6 0 R]>>"), ("", "", kid)]);
    let prepared = prepare(&input, &existing("Chef")).unwrap();
    let update = text(&prepared);
    assert!(update.contains("/BBox[0 0 200 60]/Matrix[0 1 -1 0 0 0]"), "{update}");
    let field = update.split_once("5 0 obj\n").unwrap().1.split_once("endobj").unwrap().0;
    assert!(field.contains("/V ") && !field.contains("/AP"), "{field}");
}

#[test]
fn only_an_empty_signature_field_can_be_named() {
    let input = form("5 0 R 6 0 R", &[WIDGET, "<</FT/Tx/T(Belopp)>>"], "");
    for name in ["Ingen", "Belopp", ""] {
        assert_eq!(refusal(&input, &existing(name)), Some(Refusal::FieldMissing), "{name}");
    }
}

#[test]
fn later_signers_find_their_fields_made_and_change_nothing_else() {
    let input = classic(&[]);
    let first = complete(&input, &prepare(&input, &one_of("B")).unwrap());
    let facts = inspect(&first).unwrap();
    assert_eq!((facts.signatures[0].field_name.as_str(), facts.empty_signature_fields), ("B", vec!["A".to_owned(), "C".to_owned()]));
    let second = prepare(&first, &one_of("C")).unwrap();
    let update = text(&second);
    let old: Vec<&str> = update.lines().filter_map(|line| line.strip_suffix(" 0 obj")).collect();
    let highest = inspect_size(&first);
    let rewritten: Vec<u32> = old.iter().map(|number| number.parse().unwrap()).filter(|number| *number < highest).collect();
    assert_eq!(rewritten.len(), 1, "only its own field: {update}");
    let both = complete(&first, &second);
    assert_eq!(inspect(&both).unwrap().empty_signature_fields, ["A"]);
    assert_eq!(refusal(&both, &one_of("B")), Some(Refusal::FieldSigned));
}

/// /Size of the last trailer.
fn inspect_size(pdf: &[u8]) -> u32 {
    let text = String::from_utf8_lossy(pdf).into_owned();
    text.rsplit_once("/Size ").unwrap().1.split('/').next().unwrap().parse().unwrap()
}

#[test]
fn fields_made_together_do_not_overlap() {
    let input = classic(&[]);
    let update = text(&prepare(&input, &one_of("A")).unwrap());
    let rects: Vec<Vec<f64>> = update
        .split("/Rect[")
        .skip(1)
        .map(|rect| rect.split_once(']').unwrap().0.split(' ').map(|number| number.parse().unwrap()).collect())
        .collect();
    assert_eq!(rects.len(), 3);
    for (index, one) in rects.iter().enumerate() {
        for other in &rects[index + 1..] {
            assert!(one[2] <= other[0] || other[2] <= one[0] || one[3] <= other[1] || other[3] <= one[1], "{one:?} {other:?}");
        }
    }
}

#[test]
fn a_certification_without_changes_forbids_signatures() {
    for input in [
        signed_with("", &format!("/Perms<</DocMDP<</Reference[{}]>>>>", transform("DocMDP", "/P 1"))),
        signed_with(&transform("DocMDP", "/P 1"), ""),
    ] {
        assert_eq!(refusal(&input, &parameters()), Some(Refusal::SignatureForbidden));
        assert_eq!(inspect(&input).unwrap_err(), Refusal::SignatureForbidden);
    }
}

#[test]
fn a_certified_document_takes_signatures_that_do_not_look_like_changes() {
    for permission in ["/P 2", "/P 3", ""] {
        let certified = transform("DocMDP", permission);
        let input = signed_with(&certified, &format!("/Perms<</DocMDP<</Reference[{certified}]>>>>"));
        assert_eq!(refusal(&input, &parameters()), None, "invisible");
        assert_eq!(refusal(&input, &existing("Chef")), None, "existing");
        assert_eq!(refusal(&input, &SignatureParameters { visibility: VISIBLE, ..parameters() }), Some(Refusal::NewFieldForbidden));
    }
}

#[test]
fn a_field_that_an_earlier_signature_locks_is_not_signed() {
    for (lock, chef, new) in [
        ("/Action/All", false, false),
        ("/Action/Include/Fields[(Chef)]", false, true),
        ("/Action/Include/Fields[(Che)]", true, true),
        ("/Action/Exclude/Fields[(Chef)]", true, false),
        ("/Action/Exclude/Fields[(Annan)]", false, false),
    ] {
        let input = signed_with(&transform("FieldMDP", lock), "");
        let expected = |allowed: bool| (!allowed).then_some(Refusal::SignatureForbidden);
        assert_eq!(refusal(&input, &existing("Chef")), expected(chef), "{lock}");
        assert_eq!(refusal(&input, &SignatureParameters { visibility: VISIBLE, ..parameters() }), expected(new), "{lock}");
    }
}

#[test]
fn what_a_field_locks_its_signature_says_too() {
    let locking = WIDGET.replace("/F 4", "/F 4/Lock 6 0 R");
    let input = form("5 0 R", &[&locking, "<</Type/SigFieldLock/Action/Include/Fields[(Belopp)]>>"], "");
    let update = text(&prepare(&input, &existing("Chef")).unwrap());
    assert!(
        update.contains("/TransformMethod/FieldMDP/TransformParams<</Type/TransformParams/V/1.2/Action /Include/Fields [(Belopp)]>>"),
        "{update}"
    );
}

#[test]
fn what_a_field_demands_beyond_that_is_refused() {
    for (entry, object) in [("/Lock 6 0 R", "<</Action/All/P 1>>"), ("/SV 6 0 R", "<</Ff 2/SubFilter[/adbe.pkcs7.detached]>>")] {
        let input = form("5 0 R", &[&WIDGET.replace("/F 4", &format!("/F 4{entry}")), object], "");
        assert_eq!(refusal(&input, &existing("Chef")), Some(Refusal::FieldConstrained), "{entry}");
    }
    // What it only recommends is no demand.
    let input = form("5 0 R", &[&WIDGET.replace("/F 4", "/F 4/SV 6 0 R"), "<</Reasons[(Attest)]>>"], "");
    assert_eq!(refusal(&input, &existing("Chef")), None);
}

#[test]
fn usage_rights_would_be_voided() {
    assert_eq!(refusal(&signed_with("", "/Perms<</UR3 7 0 R>>"), &parameters()), Some(Refusal::SignatureForbidden));
}

#[test]
fn a_full_page_behind_a_signature_gets_no_further_page() {
    let covered = "1 0 0 rg 0 0 595 842 re f";
    let objects = |annotations: &str, form: &str| {
        file(
            &[
                format!("<</Type/Catalog/Pages 2 0 R{form}>>"),
                "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
                format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R{annotations}>>"),
                format!("<</Length {}>>\nstream\n{covered}\nendstream", covered.len()),
                "<</FT/Sig/T(Signed)/V 6 0 R>>".to_owned(),
                "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>/SubFilter/x>>".to_owned(),
            ],
            "",
        )
    };
    let automatic = SignatureParameters { visibility: Visibility::Automatic, ..parameters() };
    let unsigned = objects("", "");
    let signed = complete(&unsigned, &prepare(&unsigned, &automatic).unwrap());
    assert_eq!(inspect(&signed).unwrap().pages.len(), 2);
    assert_eq!(refusal(&objects("", "/AcroForm<</Fields[5 0 R]>>"), &automatic), Some(Refusal::NoFreePlace));
}
