//! The visible signature: a few lines of text in an embedded subset of DejaVu Sans. Colours are calibrated grey, so
//! that they mean the same in every document and keep PDF/A whatever its output intent.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use skrifa::instance::{LocationRef, Size};
use skrifa::raw::TableProvider;
use skrifa::{FontRef, MetadataProvider};
use subsetter::GlyphRemapper;

use crate::placement::Placed;
use crate::refusal::Refusal;
use crate::writer::Revision;
use crate::writer::text::number;

/// What a visible signature says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// Line by line; the first one is larger.
    pub lines: Vec<String>,
}

/// Space between border and text.
const PADDING: f64 = 7.0;
/// Largest font sizes, of the first line and the others.
const SIZES: (f64, f64) = (11.0, 8.0);
/// Line height by font size.
const LEADING: f64 = 1.3;

/// Adds an appearance without content, for fields that are invisible or not signed yet: PDF/A wants one all the same.
pub fn put_empty(revision: &mut Revision<'_, '_>, (width, height): (f64, f64)) -> Result<u32, Refusal> {
    // Compressed, though empty: EU DSS takes a new /Filter for a change of something else than the field.
    let entries = format!("/Type/XObject/Subtype/Form/BBox[0 0 {} {}]/Resources<<>>/Filter/FlateDecode", number(width), number(height));
    revision.put_stream(&entries, &deflate(b""))
}

/// Adds the appearance with its font and gives the form XObject's number.
pub fn put(revision: &mut Revision<'_, '_>, appearance: &Appearance, placed: &Placed) -> Result<u32, Refusal> {
    let font = Font::subset(&appearance.lines)?;
    let font_number = font.put(revision)?;
    let (width, height) = placed.size;
    let data = content(&font, &appearance.lines, width, height);
    let entries = format!(
        "/Type/XObject/Subtype/Form/BBox[0 0 {} {}]/Matrix{}/Resources<</Font<</F0 {font_number} 0 R>>/ColorSpace<</G[/CalGray<</WhitePoint[0.9505 1 1.089]/Gamma 2.2>>]>>>>/Filter/FlateDecode",
        number(width),
        number(height),
        placed.matrix
    );
    revision.put_stream(&entries, &deflate(&data))
}

fn content(font: &Font, lines: &[String], width: f64, height: f64) -> Vec<u8> {
    let weights: f64 = lines.iter().enumerate().map(|(index, _)| size_of(index) * LEADING).sum();
    let tallest = ((height - 2.0 * PADDING) / weights).min(1.0);
    let room = width - 2.0 * PADDING;
    let mut out = format!("q /G CS 0.55 SC 0.75 w 0.375 0.375 {} {} re S Q\nBT /G cs 0 sc\n", number(width - 0.75), number(height - 0.75));
    let mut y = height - PADDING;
    for (index, line) in lines.iter().enumerate() {
        let size = size_of(index) * tallest;
        let natural = font.width(line) * size / 1_000.0;
        let fitted = if natural > room { size * room / natural } else { size };
        y -= size * LEADING;
        let baseline = y + size * (LEADING - 1.0);
        out.push_str(&format!(
            "/F0 {} Tf 1 0 0 1 {} {} Tm <{}> Tj\n",
            number(fitted),
            number(PADDING),
            number(baseline),
            font.encode(line)
        ));
    }
    out.push_str("ET");
    out.into_bytes()
}

fn size_of(index: usize) -> f64 {
    if index == 0 { SIZES.0 } else { SIZES.1 }
}

/// A subset of the built-in font, with the glyphs that some lines need.
struct Font {
    /// Glyph number in the subset and advance in thousandths of the font size.
    glyphs: BTreeMap<char, (u16, f64)>,
    program: Vec<u8>,
    /// Glyphs in the program, with parts of composed ones.
    count: usize,
    bounds: [f64; 4],
    ascent: f64,
    descent: f64,
}

impl Font {
    fn subset(lines: &[String]) -> Result<Self, Refusal> {
        let data = dejavu::sans::regular();
        let unusable = || Refusal::TooComplex { what: "the built-in font can't be used" };
        let font = FontRef::new(data).map_err(|_| unusable())?;
        let (size, location) = (Size::unscaled(), LocationRef::default());
        let metrics = font.metrics(size, location);
        let scale = 1_000.0 / f64::from(metrics.units_per_em);
        let advances = font.glyph_metrics(size, location);
        let charmap = font.charmap();
        let mut remapper = GlyphRemapper::new();
        let mut glyphs = BTreeMap::new();
        for character in lines.iter().flat_map(|line| line.chars()) {
            let glyph = charmap.map(character).filter(|glyph| glyph.to_u32() != 0).ok_or(Refusal::CharacterMissing)?;
            let advance = f64::from(advances.advance_width(glyph).unwrap_or_default()) * scale;
            let glyph = u16::try_from(glyph.to_u32()).map_err(|_| unusable())?;
            glyphs.insert(character, (remapper.remap(glyph), advance));
        }
        let program = subsetter::subset(data, 0, &remapper).map_err(|_| unusable())?;
        let count = FontRef::new(&program).and_then(|font| font.maxp()).map_err(|_| unusable())?.num_glyphs().into();
        let bounds = metrics.bounds.map_or([0.0; 4], |b| [b.x_min, b.y_min, b.x_max, b.y_max].map(|v| f64::from(v) * scale));
        let (ascent, descent) = (f64::from(metrics.ascent) * scale, f64::from(metrics.descent) * scale);
        Ok(Self { glyphs, program, count, bounds, ascent, descent })
    }

    fn width(&self, line: &str) -> f64 {
        line.chars().filter_map(|character| self.glyphs.get(&character)).map(|(_, advance)| advance).sum()
    }

    fn encode(&self, line: &str) -> String {
        line.chars().filter_map(|character| self.glyphs.get(&character)).map(|(glyph, _)| format!("{glyph:04X}")).collect()
    }

    /// Type 0 font over a CIDFontType2 (9.7), named by a tag that its characters decide.
    fn put(&self, revision: &mut Revision<'_, '_>) -> Result<u32, Refusal> {
        let tag = self.tag();
        let program = revision.put_stream(&format!("/Length1 {}/Filter/FlateDecode", self.program.len()), &deflate(&self.program))?;
        let cid_set = revision.put_stream("/Filter/FlateDecode", &deflate(&self.cid_set()))?;
        let descriptor = revision.allocate();
        let bounds = self.bounds.map(number).join(" ");
        revision.put(
            descriptor,
            format!(
                "<</Type/FontDescriptor/FontName/{tag}+DejaVuSans/Flags 4/FontBBox[{bounds}]/ItalicAngle 0/Ascent {}/Descent {}/CapHeight {}/StemV 80/FontFile2 {program} 0 R/CIDSet {cid_set} 0 R>>",
                number(self.ascent),
                number(self.descent),
                number(self.ascent)
            )
            .into_bytes(),
        )?;
        let mut widths: Vec<_> = self.glyphs.values().collect();
        widths.sort_by_key(|(glyph, _)| *glyph);
        widths.dedup_by_key(|(glyph, _)| *glyph);
        let widths: String = widths.iter().map(|(glyph, advance)| format!("{glyph}[{}]", number(*advance))).collect();
        let descendant = revision.allocate();
        revision.put(
            descendant,
            format!(
                "<</Type/Font/Subtype/CIDFontType2/BaseFont/{tag}+DejaVuSans/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor {descriptor} 0 R/DW 600/W[{widths}]/CIDToGIDMap/Identity>>"
            )
            .into_bytes(),
        )?;
        let unicode = revision.put_stream("/Filter/FlateDecode", &deflate(&self.to_unicode()))?;
        let font = revision.allocate();
        revision.put(
            font,
            format!(
                "<</Type/Font/Subtype/Type0/BaseFont/{tag}+DejaVuSans/Encoding/Identity-H/DescendantFonts[{descendant} 0 R]/ToUnicode {unicode} 0 R>>"
            )
            .into_bytes(),
        )?;
        Ok(font)
    }

    /// A bit for each glyph of the program (9.8.3.3): PDF/A-1 wants it.
    fn cid_set(&self) -> Vec<u8> {
        let mut bits = vec![0xff; self.count / 8];
        if !self.count.is_multiple_of(8) {
            bits.push(!(0xff >> (self.count % 8)));
        }
        bits
    }

    fn tag(&self) -> String {
        let characters: String = self.glyphs.keys().collect();
        crate::Digest::of(characters.as_bytes()).0.iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
    }

    fn to_unicode(&self) -> Vec<u8> {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        let entries: Vec<_> = self.glyphs.iter().collect();
        for hundred in entries.chunks(100) {
            map.push_str(&format!("{} beginbfchar\n", hundred.len()));
            for (character, (glyph, _)) in hundred {
                let mut units = [0; 2];
                let units: String = character.encode_utf16(&mut units).iter().map(|unit| format!("{unit:04X}")).collect();
                map.push_str(&format!("<{glyph:04X}> <{units}>\n"));
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend");
        map.into_bytes()
    }
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail.
    let _ = encoder.write_all(data);
    encoder.finish().unwrap_or_default()
}
