//! Inputs that are large in one way each.

use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Objects in one object stream.
const TOGETHER: usize = 100;

/// Bytes that do not compress, the same each time.
struct Noise(u64);

impl Noise {
    fn fill(&mut self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            chunk.copy_from_slice(&self.0.to_le_bytes()[..chunk.len()]);
        }
    }
}

/// Writes objects from 1 on and counts.
struct Pdf {
    out: BufWriter<File>,
    at: u64,
    offsets: Vec<u64>,
}

impl Pdf {
    fn create(path: &Path) -> Result<Self> {
        let mut pdf = Self { out: BufWriter::new(File::create(path)?), at: 0, offsets: Vec::new() };
        pdf.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")?;
        Ok(pdf)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    fn object(&mut self, body: &str) -> Result<()> {
        self.offsets.push(self.at);
        let text = format!("{} 0 obj\n{body}\nendobj\n", self.offsets.len());
        self.write(text.as_bytes())
    }

    fn stream(&mut self, entries: &str, length: usize, fill: impl Fn(&mut Self) -> Result<()>) -> Result<()> {
        self.offsets.push(self.at);
        let text = format!("{} 0 obj\n<<{entries}/Length {length}>>\nstream\n", self.offsets.len());
        self.write(text.as_bytes())?;
        fill(self)?;
        self.write(b"\nendstream\nendobj\n")
    }

    fn finish(mut self) -> Result<()> {
        let start = self.at;
        let size = self.offsets.len() + 1;
        self.write(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes())?;
        for offset in std::mem::take(&mut self.offsets) {
            self.write(format!("{offset:010} 00000 n \n").as_bytes())?;
        }
        self.write(format!("trailer\n<</Size {size}/Root 1 0 R/ID[<00><01>]>>\nstartxref\n{start}\n%%EOF\n").as_bytes())?;
        self.out.flush()
    }
}

/// One page with four images of `bytes` in all.
pub fn images(path: &Path, bytes: usize) -> Result<()> {
    let mut pdf = Pdf::create(path)?;
    pdf.object("<</Type/Catalog/Pages 2 0 R>>")?;
    pdf.object("<</Type/Pages/Kids[3 0 R]/Count 1>>")?;
    pdf.object(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</A 5 0 R/B 6 0 R/C 7 0 R/D 8 0 R>>>>>>",
    )?;
    pdf.object("<</Length 29>>\nstream\nq 500 0 0 700 40 60 cm /A Do Q\nendstream")?;
    let (width, height) = (100, bytes / 4 / 300);
    for seed in 1..=4 {
        let entries = format!("/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceRGB/BitsPerComponent 8");
        pdf.stream(&entries, 300 * height, |pdf| {
            let mut noise = Noise(seed);
            let mut row = [0; 300];
            (0..height).try_for_each(|_| {
                noise.fill(&mut row);
                pdf.write(&row)
            })
        })?;
    }
    pdf.finish()
}

/// The objects of a document of `count`: pages with their contents, the rest dictionaries that nobody reads.
fn bodies(count: usize) -> impl Iterator<Item = String> {
    let pages = (count / 100).max(1);
    let first_filler = 4 + 2 * pages;
    (1..=count).map(move |number| match number {
        1 => "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        2 => {
            let kids: String = (0..pages).map(|page| format!("{} 0 R ", 4 + 2 * page)).collect();
            format!("<</Type/Pages/Count {pages}/Kids[{kids}]>>")
        }
        3 => "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        page if page < first_filler && page % 2 == 0 => {
            format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {} 0 R/Resources<</Font<</F1 3 0 R>>>>>>", page + 1)
        }
        content if content < first_filler => {
            let text = format!("BT /F1 12 Tf 72 720 Td (page object {content}) Tj ET");
            format!("<</Length {}>>\nstream\n{text}\nendstream", text.len())
        }
        filler => format!("<</Kind/Filler/N {filler}/Box[0 0 {}.5 {}]/T(string number {filler})>>", filler % 600, filler % 800),
    })
}

/// `count` objects behind a classic table.
pub fn objects(path: &Path, count: usize) -> Result<()> {
    let mut pdf = Pdf::create(path)?;
    bodies(count).try_for_each(|body| pdf.object(&body))?;
    pdf.finish()
}

/// The same in object streams, behind a cross-reference stream with a PNG predictor.
pub fn object_streams(path: &Path, count: usize) -> Result<()> {
    let mut pdf = Pdf::create(path)?;
    let (plain, packed): (Vec<_>, Vec<_>) =
        bodies(count).enumerate().map(|(index, body)| (index + 1, body)).partition(|(_, body)| body.contains("\nstream\n"));
    let mut entries = vec![[0; 3]; count + 1];
    for (number, body) in plain {
        entries[number] = [1, pdf.at, 0];
        let text = format!("{number} 0 obj\n{body}\nendobj\n");
        pdf.write(text.as_bytes())?;
    }
    for together in packed.chunks(TOGETHER) {
        let (mut index, mut data) = (String::new(), String::new());
        let number = entries.len();
        for (place, (object, body)) in together.iter().enumerate() {
            index.push_str(&format!("{object} {} ", data.len()));
            data.push_str(body);
            data.push('\n');
            entries[*object] = [2, number as u64, place as u64];
        }
        let compressed = deflate(format!("{index}{data}").as_bytes())?;
        entries.push([1, pdf.at, 0]);
        let (n, first, length) = (together.len(), index.len(), compressed.len());
        let head = format!("{number} 0 obj\n<</Type/ObjStm/N {n}/First {first}/Filter/FlateDecode/Length {length}>>\nstream\n");
        pdf.write(head.as_bytes())?;
        pdf.write(&compressed)?;
        pdf.write(b"\nendstream\nendobj\n")?;
    }
    let start = pdf.at;
    entries.push([1, start, 0]);
    let mut above = [0; 6];
    let mut rows = Vec::new();
    for [kind, second, third] in &entries {
        let mut row = [*kind as u8, 0, 0, 0, 0, *third as u8];
        row[1..5].copy_from_slice(&(*second as u32).to_be_bytes());
        rows.push(2);
        rows.extend(row.iter().zip(above).map(|(byte, above): (&u8, u8)| byte.wrapping_sub(above)));
        above = row;
    }
    let data = deflate(&rows)?;
    let (number, size, length) = (entries.len() - 1, entries.len(), data.len());
    let head = format!(
        "{number} 0 obj\n<</Type/XRef/Size {size}/W[1 4 1]/Root 1 0 R/ID[<00><01>]/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 6>>/Length {length}>>\nstream\n"
    );
    pdf.write(head.as_bytes())?;
    pdf.write(&data)?;
    pdf.write(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes())?;
    pdf.out.flush()
}

fn deflate(data: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data)?;
    encoder.finish()
}
