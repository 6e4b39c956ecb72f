//! The document under attack: two pages, a form field, a link, a layer, metadata, information.

use super::update::{find, size, stream};
use crate::notary::Notary;
use crate::pdf::classic;

/// Object numbers of the base document.
pub const CATALOG: u32 = 1;
pub const PAGES: u32 = 2;
pub const PAGE: u32 = 3;
pub const CONTENT: u32 = 5;
pub const FIELD: u32 = 6;
pub const FONT: u32 = 7;
pub const LINK: u32 = 8;
pub const METADATA: u32 = 9;
pub const LAYER: u32 = 10;
pub const INFORMATION: u32 = 11;
pub const FIELD_APPEARANCE: u32 = 12;

const XMP: &str = "<?xpacket begin=\"\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"/></x:xmpmeta><?xpacket end=\"w\"?>";

/// What is signed.
pub fn base() -> Vec<u8> {
    with_catalog("")
}

/// The same with further entries of the catalog.
pub fn with_catalog(entries: &str) -> Vec<u8> {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 7 0 R>>/Properties<</L 10 0 R>>>>";
    let pdf = classic(&[
        format!(
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/DA(/F1 0 Tf)/DR<</Font<</F1 7 0 R>>>>>>/Metadata 9 0 R/OCProperties<</OCGs[10 0 R]/D<</Order[10 0 R]>>>>{entries}>>"
        ),
        "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>".to_owned(),
        format!("{page}/Contents 5 0 R/Annots[6 0 R 8 0 R]>>"),
        format!("{page}>>"),
        stream("", "BT /F1 18 Tf 72 700 Td (Arvode: 1 600 kr) Tj ET /OC /L BDC BT /F1 9 Tf 72 600 Td (Lager) Tj ET EMC"),
        "<</FT/Tx/T(name)/Type/Annot/Subtype/Widget/Rect[72 640 200 660]/F 4/P 3 0 R/V(Asa)/AP<</N 12 0 R>>>>".to_owned(),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        "<</Type/Annot/Subtype/Link/Rect[300 700 400 720]/Border[0 0 0]/F 4/A<</S/URI/URI(https://example.se/)>>>>".to_owned(),
        stream("/Type/Metadata/Subtype/XML", XMP),
        "<</Type/OCG/Name(Lager)>>".to_owned(),
        "<</Title(Arvode)/Producer(Prov)>>".to_owned(),
        stream("/Type/XObject/Subtype/Form/BBox[0 0 128 20]/Resources<</Font<</F1 7 0 R>>>>", "BT /F1 10 Tf 2 5 Td (Asa) Tj ET"),
    ]);
    crate::pdf::replaced(&pdf, "/Root 1 0 R", "/Root 1 0 R/Info 11 0 R")
}

/// `base` certified with permission `level` (1 to 3): an invisible certification signature, written by hand.
pub fn certify(notary: &Notary, level: u8) -> Vec<u8> {
    let base = base();
    let (signature, widget) = (size(&base), size(&base) + 1);
    let catalog = super::update::object(&base, CATALOG)
        .replace("/Fields[6 0 R]", &format!("/SigFlags 3/Fields[6 0 R {widget} 0 R]"))
        .replace("/Metadata", &format!("/Perms<</DocMDP {signature} 0 R>>/Metadata"));
    let hole = "0".repeat(12_000);
    let time = crate::notary::now().strftime("D:%Y%m%d%H%M%SZ");
    let value = format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M({time})/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P {level}/V/1.2>>>>]/ByteRange[0 0000000000 0000000000 0000000000]/Contents<{hole}>>>"
    );
    let field = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Certification)/F 132/Rect[0 0 0 0]/P 3 0 R/V {signature} 0 R>>");
    let mut pdf = super::update::update(&base, &[(CATALOG, catalog), (signature, value), (widget, field)]);
    let first = find(&pdf, format!("<{hole}>").as_bytes()).unwrap();
    let second = first + hole.len() + 2;
    let range = format!("{:<46}", format!("/ByteRange[0 {first} {second} {}]", pdf.len() - second));
    let at = find(&pdf, b"/ByteRange[0 0000000000").unwrap();
    pdf[at..at + 46].copy_from_slice(range.as_bytes());
    let digest = pades::Digest::of(&[&pdf[..first], &pdf[second..]].concat());
    let cms: String = notary.cms(&digest.into()).iter().map(|byte| format!("{byte:02x}")).collect();
    pdf[first + 1..first + 1 + cms.len()].copy_from_slice(cms.as_bytes());
    pdf
}
