//! The built-in font, DejaVu Sans, cut down to the glyphs that are shown: outlines without hinting, a few bytes each.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kurbo::BezPath;
use rustybuzz::Face;
use rustybuzz::ttf_parser::{GlyphId, OutlineBuilder};
use write_fonts::FontBuilder;
use write_fonts::tables::glyf::{GlyfLocaBuilder, Glyph as Outline, SimpleGlyph};
use write_fonts::tables::head::Head;
use write_fonts::tables::hhea::Hhea;
use write_fonts::tables::hmtx::Hmtx;
use write_fonts::tables::loca::LocaFormat;
use write_fonts::tables::maxp::Maxp;
use write_fonts::tables::vmtx::LongMetric;

use super::Deflater;
use super::shape::{Glyph, shape};
use crate::Digest;
use crate::refusal::Refusal;
use crate::writer::Revision;
use crate::writer::text::{number, utf16};

/// The built-in font, whose tables are read once.
static FACE: LazyLock<Option<Face<'static>>> = LazyLock::new(|| Face::from_slice(dejavu::sans::regular(), 0));

/// The built-in font and what has been shown with it.
pub struct Font {
    face: &'static Face<'static>,
    /// Number in the subset by number in the built-in font; .notdef is there always.
    subset: BTreeMap<u16, u16>,
    /// The first text that each glyph of the subset shows.
    texts: BTreeMap<u16, String>,
}

/// A line with its glyphs.
pub struct Line {
    glyphs: Vec<Glyph>,
    text: String,
}

fn unusable() -> Refusal {
    Refusal::TooComplex { what: "the built-in font can't be used" }
}

impl Font {
    pub fn new() -> Result<Self, Refusal> {
        let face = FACE.as_ref().ok_or_else(unusable)?;
        Ok(Self { face, subset: BTreeMap::from([(0, 0)]), texts: BTreeMap::new() })
    }

    /// Lays out `text` and takes its glyphs into the subset.
    pub fn line(&mut self, text: &str) -> Line {
        let glyphs = shape(self.face, text);
        for glyph in &glyphs {
            let next = u16::try_from(self.subset.len()).unwrap_or(u16::MAX);
            let id = *self.subset.entry(glyph.id).or_insert(next);
            if !glyph.text.is_empty() {
                self.texts.entry(id).or_insert_with(|| glyph.text.clone());
            }
        }
        Line { glyphs, text: text.to_owned() }
    }

    /// Thousandths of the font size.
    fn thousandths(&self, units: i32) -> f64 {
        f64::from(units) * 1_000.0 / f64::from(self.face.units_per_em())
    }

    /// Width of a line at a font size of 1 000.
    pub fn width(&self, line: &Line) -> f64 {
        self.thousandths(line.glyphs.iter().map(|glyph| glyph.advance).sum())
    }

    /// The operators that show `line` at font size `size`, with the text matrix set.
    pub fn show(&self, line: &Line, size: f64) -> String {
        let mut elements = String::new();
        let mut operators = String::new();
        let mut hex = String::new();
        let flush = |hex: &mut String, elements: &mut String| {
            if !hex.is_empty() {
                elements.push_str(&format!("<{hex}>"));
                hex.clear();
            }
        };
        let mut rise = 0;
        for glyph in &line.glyphs {
            let (right, up) = glyph.offset;
            if up != rise {
                flush(&mut hex, &mut elements);
                operators.push_str(&format!("[{elements}]TJ {} Ts\n", number(self.thousandths(up) * size / 1_000.0)));
                elements.clear();
                rise = up;
            }
            let mut shift = |units: i32, hex: &mut String| {
                if units != 0 {
                    flush(hex, &mut elements);
                    elements.push_str(&number(-self.thousandths(units)));
                }
            };
            shift(right, &mut hex);
            hex.push_str(&format!("{:04X}", self.subset.get(&glyph.id).copied().unwrap_or(0)));
            shift(glyph.advance - self.advance(glyph.id) - right, &mut hex);
        }
        flush(&mut hex, &mut elements);
        operators.push_str(&format!("[{elements}]TJ\n"));
        if rise != 0 {
            operators.push_str("0 Ts\n");
        }
        let read: String = line.glyphs.iter().map(|glyph| self.text(glyph.id)).collect();
        if read == line.text { operators } else { format!("/Span<</ActualText{}>>BDC\n{operators}EMC\n", utf16(&line.text)) }
    }

    fn advance(&self, id: u16) -> i32 {
        self.face.glyph_hor_advance(GlyphId(id)).unwrap_or(0).into()
    }

    /// What a reader takes the glyph for.
    fn text(&self, id: u16) -> &str {
        let text = self.subset.get(&id).and_then(|id| self.texts.get(id));
        text.map_or("\u{25cc}", String::as_str)
    }

    /// Type 0 font over a CIDFontType2 (9.7), named by a tag that its glyphs decide.
    pub fn put(&self, revision: &mut Revision<'_, '_>, deflater: &mut Deflater) -> Result<u32, Refusal> {
        let program = self.program()?;
        let tag: String = Digest::of(&program).0.iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect();
        let file = revision.put_stream(&format!("/Length1 {}/Filter/FlateDecode", program.len()), &deflater.deflate(&program))?;
        let cid_set = revision.put_stream("", &self.cid_set())?;
        let bounds = self.face.global_bounding_box();
        let bounds = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(|units| number(self.thousandths(units.into()))).join(" ");
        let [ascent, descent] = [self.face.ascender(), self.face.descender()].map(|units| number(self.thousandths(units.into())));
        let descriptor = revision.put_new(format!(
            "<</Type/FontDescriptor/FontName/{tag}+DejaVuSans/Flags 4/FontBBox[{bounds}]/ItalicAngle 0/Ascent {ascent}/Descent {descent}/CapHeight {ascent}/StemV 80/FontFile2 {file} 0 R/CIDSet {cid_set} 0 R>>"
        ))?;
        let widths: String = self.in_order().map(|id| number(self.thousandths(self.advance(id)))).collect::<Vec<_>>().join(" ");
        let unicode = revision.put_stream("/Filter/FlateDecode", &deflater.deflate(&self.to_unicode()))?;
        revision.put_new(format!(
            "<</Type/Font/Subtype/Type0/BaseFont/{tag}+DejaVuSans/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/{tag}+DejaVuSans/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor {descriptor} 0 R/W[0[{widths}]]/CIDToGIDMap/Identity>>]/ToUnicode {unicode} 0 R>>"
        ))
    }

    /// Numbers in the built-in font, in the order of the subset.
    fn in_order(&self) -> impl Iterator<Item = u16> {
        let by_subset: BTreeMap<u16, u16> = self.subset.iter().map(|(id, subset)| (*subset, *id)).collect();
        by_subset.into_values()
    }

    /// A TrueType program of the tables that ISO 32000-2, 9.9 wants.
    fn program(&self) -> Result<Vec<u8>, Refusal> {
        let mut outlines = GlyfLocaBuilder::new();
        let mut metrics = Vec::with_capacity(self.subset.len());
        let mut largest = (0, 0);
        for id in self.in_order() {
            let mut path = Path(BezPath::new());
            let bounds = self.face.outline_glyph(GlyphId(id), &mut path);
            let outline = match SimpleGlyph::from_bezpath(&path.0) {
                Ok(glyph) if bounds.is_some() => {
                    let points = glyph.contours.iter().map(|contour| contour.len()).sum::<usize>();
                    largest = (largest.0.max(points), largest.1.max(glyph.contours.len()));
                    Outline::Simple(glyph)
                }
                _ => Outline::Empty,
            };
            let side_bearing = bounds.map_or(0, |bounds| bounds.x_min);
            outlines.add_glyph(&outline).map_err(|_| unusable())?;
            metrics.push(LongMetric { advance: u16::try_from(self.advance(id)).unwrap_or(0), side_bearing });
        }
        let (glyf, loca, format) = outlines.build();
        let bounds = self.face.global_bounding_box();
        let narrow = |value: usize| Some(u16::try_from(value).unwrap_or(u16::MAX));
        let count = u16::try_from(self.subset.len()).map_err(|_| unusable())?;
        let head = Head {
            units_per_em: u16::try_from(self.face.units_per_em()).map_err(|_| unusable())?,
            x_min: bounds.x_min,
            y_min: bounds.y_min,
            x_max: bounds.x_max,
            y_max: bounds.y_max,
            index_to_loc_format: i16::from(matches!(format, LocaFormat::Long)),
            ..Head::default()
        };
        let hhea = Hhea {
            ascender: self.face.ascender().into(),
            descender: self.face.descender().into(),
            advance_width_max: metrics.iter().map(|metric| metric.advance).max().unwrap_or(0).into(),
            x_max_extent: bounds.x_max.into(),
            number_of_h_metrics: count,
            ..Hhea::default()
        };
        let maxp = Maxp {
            num_glyphs: count,
            max_points: narrow(largest.0),
            max_contours: narrow(largest.1),
            max_composite_points: Some(0),
            max_composite_contours: Some(0),
            max_zones: Some(2),
            max_twilight_points: Some(0),
            max_storage: Some(0),
            max_function_defs: Some(0),
            max_instruction_defs: Some(0),
            max_stack_elements: Some(0),
            max_size_of_instructions: Some(0),
            max_component_elements: Some(0),
            max_component_depth: Some(0),
        };
        let mut font = FontBuilder::new();
        let built = || -> Result<Vec<u8>, write_fonts::BuilderError> {
            font.add_table(&head)?.add_table(&hhea)?.add_table(&maxp)?;
            font.add_table(&Hmtx { h_metrics: metrics, left_side_bearings: Vec::new() })?.add_table(&glyf)?.add_table(&loca)?;
            Ok(font.build())
        };
        built().map_err(|_| unusable())
    }

    /// A bit for each glyph of the program (9.8.3.3): PDF/A-1 wants it.
    fn cid_set(&self) -> Vec<u8> {
        let count = self.subset.len();
        let mut bits = vec![0xff; count / 8];
        if !count.is_multiple_of(8) {
            bits.push(!(0xff >> (count % 8)));
        }
        bits
    }

    fn to_unicode(&self) -> Vec<u8> {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        let entries: Vec<_> = self.in_order().enumerate().skip(1).collect();
        for hundred in entries.chunks(100) {
            map.push_str(&format!("{} beginbfchar\n", hundred.len()));
            for (subset, id) in hundred {
                let units: String = self.text(*id).encode_utf16().map(|unit| format!("{unit:04X}")).collect();
                map.push_str(&format!("<{subset:04X}> <{units}>\n"));
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend");
        map.into_bytes()
    }
}

/// An outline as a path; TrueType has no cubic curves.
struct Path(BezPath);

impl OutlineBuilder for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to((f64::from(x), f64::from(y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to((f64::from(x), f64::from(y)));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to((f64::from(x1), f64::from(y1)), (f64::from(x), f64::from(y)));
    }

    fn curve_to(&mut self, _: f32, _: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.quad_to(x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close_path();
    }
}
