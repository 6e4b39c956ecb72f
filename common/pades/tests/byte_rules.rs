//! The bytes of a revision, rule by rule: what decides whether a reader shows "signed". The rules are numbered in
//! CONFORMANCE.md.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use pades::{NewField, Prepared, Rect, Refusal, SignatureField, Visibility};
use support::{classic, hybrid, page, parameters, stream_document};

const FORM: &str = "<</FT/Tx/T(name)/Type/Annot/Subtype/Widget/Rect[72 600 200 620]/F 4/P 3 0 R>>";

fn prepared(input: &[u8]) -> Prepared {
    pades::prepare(input, &parameters()).unwrap()
}

/// The revision as text, a void CMS in its place.
fn update(input: &[u8]) -> String {
    text(&prepared(input))
}

fn text(prepared: &Prepared) -> String {
    let latin1 = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
    format!("\n{}<{}>{}", latin1(&prepared.before), "0".repeat(2 * prepared.capacity), latin1(&prepared.after))
}

/// Numbers of the objects that a revision writes.
fn written(update: &str) -> Vec<u32> {
    let lines = update.lines().filter_map(|line| line.strip_suffix(" 0 obj"));
    lines.map(|number| number.parse().unwrap()).collect()
}

fn object(update: &str, number: u32) -> &str {
    let (_, rest) = update.split_once(&format!("\n{number} 0 obj\n")).unwrap_or_else(|| panic!("no object {number} in {update}"));
    rest.split_once("\nendobj").unwrap().0
}

fn trailer(update: &str) -> &str {
    update.rsplit_once("trailer").unwrap().1
}

#[test]
fn a_table_has_entries_of_20_bytes() {
    let update = update(&classic(&[]));
    let table = update.split_once("\nxref\n").unwrap().1.split_once("trailer").unwrap().0;
    let mut entries = 0;
    for line in table.split_inclusive('\n').filter(|line| line.trim_end().ends_with('n')) {
        assert_eq!(line.len(), 20, "{line:?}");
        assert!(line.ends_with(" n \n"));
        entries += 1;
    }
    assert_eq!(entries, written(&update).len());
}

#[test]
fn a_table_follows_a_table_and_a_stream_a_stream() {
    let update_of_table = update(&classic(&[]));
    assert!(update_of_table.contains("\nxref\n") && !update_of_table.contains("/Type/XRef"));
    let update_of_stream = update(&stream_document());
    assert!(!update_of_stream.contains("\nxref\n") && update_of_stream.contains("/Type/XRef"));
}

#[test]
fn a_hybrid_reference_gets_a_table_without_the_stale_stream() {
    let update = update(&hybrid());
    assert!(update.contains("\nxref\n") && !update.contains("XRefStm") && !update.contains("/Type/XRef"));
}

#[test]
fn the_trailer_is_carried_on_and_nothing_is_invented() {
    let input = support::with_trailer(&[], "/Info 5 0 R/ID[<0102><0304>]/Kept(as it is)");
    let update = update(&input);
    for entry in ["/Root 1 0 R", "/Info 5 0 R", "/ID [<0102><0304>]", "/Kept (as it is)", "/Prev "] {
        assert!(trailer(&update).contains(entry), "{entry}: {}", trailer(&update));
    }
    assert!(!trailer(&self::update(&classic(&[]))).contains("/ID"));
}

#[test]
fn new_objects_are_numbered_above_all_others() {
    // /Size says less than the table holds: what the table holds counts.
    let input = support::with_trailer(&[], "");
    let input = String::from_utf8(input).unwrap().replace("/Size 5", "/Size 2");
    let update = update(input.as_bytes());
    let new: Vec<u32> = written(&update).into_iter().filter(|number| *number > 3).collect();
    assert_eq!(new.first(), Some(&5));
    assert!(trailer(&update).contains(&format!("/Size {}", new.last().unwrap() + 1)), "{}", trailer(&update));
}

#[test]
fn a_cross_reference_stream_counts_itself() {
    let update = update(&stream_document());
    let last = *written(&update).last().unwrap();
    let stream = object(&update, last);
    assert!(stream.contains(&format!("/Size {}", last + 1)), "{stream}");
    let index = stream.split_once("/Index[").unwrap().1.split_once(']').unwrap().0;
    let index: Vec<u32> = index.split(' ').map(|number| number.parse().unwrap()).collect();
    assert!(index.chunks(2).any(|run| run[0] <= last && last < run[0] + run[1]), "{index:?}");
}

#[test]
fn bytes_before_the_header_are_refused() {
    let junk = [b"\n".as_slice(), &classic(&[])].concat();
    assert_eq!(pades::prepare(&junk, &parameters()), Err(Refusal::NotPdf));
}

#[test]
fn a_page_named_twice_is_refused() {
    let input = String::from_utf8(classic(&[])).unwrap().replace("/Kids[3 0 R]", "/Kids[3 0 R 3 0 R]");
    let input = support::reindexed(&input);
    assert!(matches!(pades::inspect(&input), Err(Refusal::Malformed { .. })), "{:?}", pades::inspect(&input));
}

#[test]
fn a_stream_without_a_dictionary_is_refused() {
    for value in ["null", "[3 0 R]", "(<<>>)", "7 0 R", "<3C3C>"] {
        let input = classic(&[("/Annots 5 0 R", "", &format!("{value} stream\n<</S/JavaScript>>\nendstream"))]);
        let what = "a stream without a dictionary";
        assert_eq!(pades::presign::check(&input), Err(Refusal::Malformed { object: 5, what }), "{value}");
    }
    assert_eq!(pades::presign::check(&classic(&[("/Kept 5 0 R", "", "<</Length 0>>stream\n\nendstream")])), Ok(Vec::new()));
}

#[test]
fn only_what_changes_is_written() {
    let update = update(&classic(&[("/Annots[5 0 R]", "/AcroForm<</Fields[5 0 R]/DR<</Font<<>>>>>>", FORM)]));
    // Catalog and page; signature, widget, appearance.
    let old: Vec<u32> = written(&update).into_iter().filter(|number| *number < 6).collect();
    assert_eq!(old, [1, 3]);
    assert!(object(&update, 1).contains("/DR <</Font<<>>>>"));
}

#[test]
fn what_is_indirect_stays_so_and_what_is_direct_too() {
    let indirect =
        classic(&[("/Annots 6 0 R", "/AcroForm 7 0 R", FORM), ("", "", "[5 0 R]"), ("", "", "<</Fields 8 0 R>>"), ("", "", "[5 0 R]")]);
    let update = update(&indirect);
    assert_eq!(written(&update).into_iter().filter(|number| *number < 9).collect::<Vec<_>>(), [6, 7, 8]);
    assert!(object(&update, 6).starts_with("[5 0 R ") && object(&update, 8).starts_with("[5 0 R "));
}

#[test]
fn untouched_entries_keep_their_text() {
    let update = update(&page("/MediaBox[0 0 595.275590551 841.88976378]/Odd#20Name 123456789.25/UserUnit +1.50"));
    for entry in ["/MediaBox [0 0 595.275590551 841.88976378]", "/Odd#20Name 123456789.25", "/UserUnit +1.50"] {
        assert!(object(&update, 3).contains(entry), "{entry}: {}", object(&update, 3));
    }
}

#[test]
fn the_byte_range_leaves_out_exactly_the_contents() {
    let input = classic(&[]);
    let prepared = prepared(&input);
    let whole = support::complete(&input, &prepared);
    let [zero, first, second, length] = prepared.byte_range.map(|value| usize::try_from(value).unwrap());
    assert_eq!((zero, second + length), (0, whole.len()));
    assert!(whole[first] == b'<' && whole[second - 1] == b'>' && whole[..first].ends_with(b"/Contents "));
    assert!(whole[first + 1..second - 1].iter().all(u8::is_ascii_hexdigit) && (second - first).is_multiple_of(2));
    assert!(whole.ends_with(b"%%EOF\n"));
    let stated = format!("/ByteRange[0 {first} {second} {length}]");
    assert!(whole.windows(stated.len()).any(|window| window == stated.as_bytes()));
}

#[test]
fn the_byte_range_has_room_for_ten_digits() {
    let update = update(&classic(&[]));
    let place = update.split_once("/ByteRange").unwrap().1.split_once("/Contents").unwrap().0;
    assert_eq!(place.len(), "[0 0000000000 0000000000 0000000000]".len());
    assert!(place.trim_end().ends_with(']'), "padding stands behind the array: {place:?}");
}

#[test]
fn the_signature_dictionary_is_that_of_pades_and_an_object_of_its_own() {
    for input in [classic(&[]), stream_document()] {
        let update = update(&input);
        let signature = update.split("\nendobj").find(|object| object.contains("/ByteRange")).unwrap();
        assert!(signature.trim_start().split_once(" 0 obj\n<<").is_some(), "{signature}");
        for entry in ["/Type/Sig", "/Filter/Adobe.PPKLite", "/SubFilter/ETSI.CAdES.detached", "/M(D:20261118", "Z)"] {
            assert!(signature.contains(entry), "{entry}: {signature}");
        }
        assert!(!signature.contains("/Cert"), "{signature}");
    }
}

#[test]
fn a_document_timestamp_says_nothing_else() {
    let input = classic(&[]);
    let draft = pades::draft_document_timestamp(&input, None, 16).unwrap();
    let update = text(&draft.close(&pades::Hashed::of(&input)));
    let stamp = update.split("\nendobj").find(|object| object.contains("/ByteRange")).unwrap();
    assert!(stamp.contains("/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161"), "{stamp}");
    for entry in ["/Name", "/Reason", "/Location", "/M("] {
        assert!(!stamp.contains(entry), "{entry}: {stamp}");
    }
}

#[test]
fn field_names_are_unique_as_a_whole_and_at_their_end() {
    let kids = [
        ("", "/AcroForm<</Fields[5 0 R 6 0 R]>>", "<</FT/Tx/T(Signature1)>>"),
        ("", "", "<</T(Parent)/Kids[7 0 R]>>"),
        ("", "", "<</FT/Tx/T(Signature2)/Parent 6 0 R>>"),
    ];
    assert!(update(&classic(&kids)).contains("/T(Signature3)"));
    let mut dotted = parameters();
    dotted.field = SignatureField::New(NewField { name: "a.b".to_owned(), label: String::new() });
    assert!(text(&pades::prepare(&classic(&[]), &dotted).unwrap()).contains("/T(a_b1)"));
}

#[test]
fn the_developer_extension_comes_with_the_first_signature_of_pdf_1_7_only() {
    let extension = "/Extensions <</ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>";
    assert!(!update(&classic(&[])).contains("/ESIC"));
    let newer = String::from_utf8(classic(&[])).unwrap().replace("%PDF-1.4", "%PDF-1.7").into_bytes();
    assert!(update(&newer).contains(extension));
    let raised = classic(&[("", "/Version/1.7", "null")]);
    assert!(update(&raised).contains(extension));
    let signed = support::complete(&newer, &prepared(&newer));
    assert!(!update(&signed).contains("/ESIC<<") || object(&update(&signed), 1).contains(extension), "it is carried on, not added");
    let two = String::from_utf8(classic(&[])).unwrap().replace("%PDF-1.4", "%PDF-2.0").into_bytes();
    assert!(!update(&two).contains("/ESIC"));
}

#[test]
fn the_form_says_that_there_are_signatures_and_wants_no_new_appearances() {
    let update = update(&classic(&[("", "/AcroForm<</Fields[5 0 R]/SigFlags 4/NeedAppearances true>>", FORM)]));
    assert!(object(&update, 1).contains("/SigFlags 7"), "{}", object(&update, 1));
    assert!(!update.contains("NeedAppearances"));
    assert!(self::update(&classic(&[])).contains("/SigFlags 3"));
}

#[test]
fn after_a_signature_new_appearances_are_not_touched() {
    let first =
        classic(&[("", "/AcroForm<</Fields[5 0 R]/SigFlags 3/NeedAppearances true>>", "<</FT/Sig/T(s)/V 6 0 R>>"), ("", "", "<<>>")]);
    assert!(object(&update(&first), 1).contains("/NeedAppearances true"));
}

#[test]
fn every_widget_prints_shows_and_does_nothing() {
    let mut visible = parameters();
    visible.visibility = Visibility::At { page: 1, rect: Rect { x: 10.0, y: 10.0, width: 200.0, height: 50.0 } };
    for parameters in [parameters(), visible] {
        let update = text(&pades::prepare(&classic(&[]), &parameters).unwrap());
        let widget = update.split("\nendobj").find(|object| object.contains("/Subtype/Widget")).unwrap();
        // Print and Locked; neither hidden nor invisible.
        assert!(widget.contains("/F 132") && widget.contains("/AP<</N ") && widget.contains("/TU"), "{widget}");
        for entry in ["/AA", "/A<", "/D ", "/R "] {
            assert!(!widget.contains(entry), "{entry}: {widget}");
        }
    }
}

#[test]
fn an_appearance_is_not_transparent() {
    let mut visible = parameters();
    visible.visibility = Visibility::At { page: 1, rect: Rect { x: 10.0, y: 10.0, width: 200.0, height: 50.0 } };
    let update = text(&pades::prepare(&classic(&[]), &visible).unwrap());
    for entry in ["/SMask", "/ca ", "/CA ", "/Group", "/DeviceRGB", "/DeviceGray", "LZW"] {
        assert!(!update.contains(entry), "{entry}");
    }
    assert!(update.contains("/FontFile2") && update.contains("/ToUnicode") && update.contains("/CIDSet"));
}
