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

/// One page with a photograph of as many bytes as make the whole `size` of them.
pub fn padded(size: usize) -> Vec<u8> {
    let with = |samples: usize| {
        let mut objects = vec![
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</Im 5 0 R>>>>>>".to_owned(),
            "<</Length 31>>\nstream\nq 500 0 0 700 40 60 cm /Im Do Q\nendstream".to_owned(),
        ];
        let image =
            format!("<</Type/XObject/Subtype/Image/Width {samples}/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length {samples}>>");
        objects.push(format!("{image}\nstream\n{}\nendstream", "\u{7}".repeat(samples)));
        classic(&objects)
    };
    let around = with(size).len() - size;
    with(size - around)
}

/// `input` with the first `from` replaced, byte by byte.
pub fn replaced(input: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = input.windows(from.len()).position(|window| window == from.as_bytes()).expect("there is such text");
    [&input[..at], to.as_bytes(), &input[at + from.len()..]].concat()
}

/// A hybrid-reference file (ISO 32000-2, 7.5.8.4): a form whose field is hidden in an object stream. The table says that
/// its object is free; the cross-reference stream that /XRefStm names knows better.
pub fn hybrid() -> Vec<u8> {
    let field = "<</FT/Tx/T(name)/Type/Annot/Subtype/Widget/Rect[72 600 200 620]/F 4/P 3 0 R>>";
    let mut out = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    let index = "4 0 ";
    for (number, object) in [
        (1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>".to_owned()),
        (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned()),
        (3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Annots[4 0 R]>>".to_owned()),
        (5, format!("<</Type/ObjStm/N 1/First {}/Length {}>>\nstream\n{index}{field}\nendstream", index.len(), index.len() + field.len())),
    ] {
        offsets.push(out.len());
        out.extend(format!("{number} 0 obj\n{object}\nendobj\n").into_bytes());
    }
    let stream = out.len();
    out.extend(b"6 0 obj\n<</Type/XRef/Size 7/W[1 2 1]/Index[4 1]/Length 4>>\nstream\n\x02\x00\x05\x00\nendstream\nendobj\n");
    let xref = out.len();
    out.extend(b"xref\n0 7\n0000000004 65535 f \n");
    for offset in &offsets[..3] {
        out.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    out.extend(b"0000000000 00000 f \n");
    for offset in [offsets[3], stream] {
        out.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    out.extend(format!("trailer\n<</Size 7/Root 1 0 R/XRefStm {stream}>>\nstartxref\n{xref}\n%%EOF\n").into_bytes());
    out
}
