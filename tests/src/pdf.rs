//! Small inputs of every class, written by the letter.

/// Objects `1..` as a file with a classic table; object 1 is the catalog.
pub fn classic(objects: &[String]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
    }
    let xref = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    out.extend(format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n", objects.len() + 1).into_bytes());
    out
}

/// One page; `catalog` and `page` are further entries.
pub fn one_page(catalog: &str, page: &str) -> Vec<u8> {
    let content = "BT /F1 18 Tf 72 700 Td (Arvode) Tj ET";
    classic(&[
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.275590551 841.88976378]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>{page}>>"
        ),
        format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
        "<</FT/Tx/T(name)/Type/Annot/Subtype/Widget/Rect[72 600 200 620]/F 4/P 3 0 R>>".to_owned(),
    ])
}

/// `input` with the first `from` replaced, byte by byte.
pub fn replaced(input: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = input.windows(from.len()).position(|window| window == from.as_bytes()).expect("there is such text");
    [&input[..at], to.as_bytes(), &input[at + from.len()..]].concat()
}
