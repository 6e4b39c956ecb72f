//! One page of paper: text of a size and weight at a place, rules and bands, and the tags that tell those who listen what
//! each piece is. Lengths are points from the upper left.

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag};
use krilla::text::{Font, TextDirection};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// A4.
pub const PAGE: (f32, f32) = (595.28, 841.89);

/// The page's two faces.
pub struct Faces {
    regular: Face,
    bold: Face,
}

struct Face {
    font: Font,
    data: &'static [u8],
}

impl Faces {
    /// DejaVu Sans; `None` when it can't be read.
    pub fn load() -> Option<Self> {
        let face = |data: &'static [u8]| Some(Face { font: Font::new(data.to_vec().into(), 0)?, data });
        Some(Self { regular: face(dejavu::sans::regular())?, bold: face(dejavu::sans::bold())? })
    }
}

/// How text looks.
#[derive(Clone, Copy)]
pub struct Style {
    pub size: f32,
    pub weight: Weight,
    pub ink: rgb::Color,
}

#[derive(Clone, Copy)]
pub enum Weight {
    Regular,
    Bold,
}

/// Which end of the text stands at the given place.
#[derive(Clone, Copy)]
pub enum Align {
    Left,
    Right,
}

/// Something to draw on.
pub struct Sheet<'a> {
    pub surface: Surface<'a>,
    pub faces: &'a Faces,
}

impl Sheet<'_> {
    /// Text with its baseline at (`x`, `y`), to be put into the tag tree.
    pub fn text(&mut self, (x, y): (f32, f32), align: Align, style: Style, text: &str) -> Identifier {
        let identifier = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        self.draw((x, y), align, style, text);
        self.surface.end_tagged();
        identifier
    }

    /// Text outside the reading order: what stands on every sheet of paper.
    pub fn furniture(&mut self, at: (f32, f32), align: Align, style: Style, text: &str) {
        self.artifact(ArtifactType::PaginationOther, |sheet| sheet.draw(at, align, style, text));
    }

    /// A horizontal line.
    pub fn rule(&mut self, from: (f32, f32), to_x: f32, width: f32, ink: rgb::Color) {
        let mut path = PathBuilder::new();
        path.move_to(from.0, from.1);
        path.line_to(to_x, from.1);
        let Some(path) = path.finish() else { return };
        self.artifact(ArtifactType::Layout, |sheet| {
            sheet.surface.set_fill(None);
            sheet.surface.set_stroke(Some(Stroke { paint: ink.into(), width, ..Stroke::default() }));
            sheet.surface.draw_path(&path);
            sheet.surface.set_stroke(None);
        });
    }

    /// A filled rectangle.
    pub fn band(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), ink: rgb::Color) {
        let mut path = PathBuilder::new();
        if let Some(rect) = Rect::from_xywh(x, y, width, height) {
            path.push_rect(rect);
        }
        let Some(path) = path.finish() else { return };
        self.artifact(ArtifactType::Layout, |sheet| {
            sheet.surface.set_fill(Some(Fill { paint: ink.into(), ..Fill::default() }));
            sheet.surface.draw_path(&path);
        });
    }

    fn artifact(&mut self, kind: ArtifactType, draw: impl FnOnce(&mut Self)) {
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
        draw(self);
        self.surface.end_tagged();
    }

    fn draw(&mut self, (x, y): (f32, f32), align: Align, style: Style, text: &str) {
        let face = match style.weight {
            Weight::Regular => &self.faces.regular,
            Weight::Bold => &self.faces.bold,
        };
        let x = match align {
            Align::Left => x,
            Align::Right => x - face.width(text) * style.size,
        };
        self.surface.set_fill(Some(Fill { paint: style.ink.into(), ..Fill::default() }));
        self.surface.draw_text(Point::from_xy(x, y), face.font.clone(), style.size, text, false, TextDirection::LeftToRight);
    }
}

impl Face {
    /// Width of `text` at font size 1.
    fn width(&self, text: &str) -> f32 {
        let Ok(font) = FontRef::new(self.data) else { return 0.0 };
        let (charmap, metrics) = (font.charmap(), font.glyph_metrics(Size::new(1.0), LocationRef::default()));
        text.chars().filter_map(|character| metrics.advance_width(charmap.map(character)?)).sum()
    }
}
