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
/// Stands for a character that the faces do not have: without it the document would not be PDF/A.
const UNKNOWN: char = '\u{fffd}';

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

    fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// `text` in lines of at most `width`, broken between words, and within a word that is longer than a line. Each
    /// character is one that the faces have.
    pub fn lines(&self, style: Style, width: f32, text: &str) -> Vec<String> {
        let face = self.face(style.weight);
        let text = face.printable(text);
        let fits = |line: &str| face.width(line) * style.size <= width;
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if fits(&longer) {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for character in word.chars() {
                line.push(character);
                if !fits(&line) && line.chars().nth(1).is_some() {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, character.to_string()));
                }
            }
        }
        lines.push(line);
        lines
    }
}

/// How text looks.
#[derive(Clone, Copy)]
pub struct Style {
    /// Points.
    pub size: f32,
    /// Which face.
    pub weight: Weight,
    /// Its colour.
    pub ink: rgb::Color,
}

/// Which of the two faces.
#[derive(Clone, Copy)]
pub enum Weight {
    /// For reading.
    Regular,
    /// For headings and what matters.
    Bold,
}

/// Which end of the text stands at the given place.
#[derive(Clone, Copy)]
pub enum Align {
    /// The left one.
    Left,
    /// The right one.
    Right,
}

/// Something to draw on.
pub struct Sheet<'a> {
    /// The page.
    pub surface: Surface<'a>,
    /// Its faces.
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
        let face = self.faces.face(style.weight);
        let text = face.printable(text);
        let x = match align {
            Align::Left => x,
            Align::Right => x - face.width(&text) * style.size,
        };
        self.surface.set_fill(Some(Fill { paint: style.ink.into(), ..Fill::default() }));
        self.surface.draw_text(Point::from_xy(x, y), face.font.clone(), style.size, &text, false, TextDirection::Auto);
    }
}

impl Face {
    /// Width of `text` at font size 1.
    fn width(&self, text: &str) -> f32 {
        let Ok(font) = FontRef::new(self.data) else { return 0.0 };
        let (charmap, metrics) = (font.charmap(), font.glyph_metrics(Size::new(1.0), LocationRef::default()));
        text.chars().filter_map(|character| metrics.advance_width(charmap.map(character)?)).sum()
    }

    /// `text` with a sign in place of what the face can't show: what controls its direction or has no glyph.
    fn printable(&self, text: &str) -> String {
        let Ok(font) = FontRef::new(self.data) else { return String::new() };
        let charmap = font.charmap();
        let shows = |character: char| {
            let invisible = character.is_control()
                || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
            let private = matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
            !invisible && !private && charmap.map(character).is_some()
        };
        text.chars()
            .map(|character| {
                if shows(character) {
                    character
                } else if character.is_whitespace() {
                    ' '
                } else {
                    UNKNOWN
                }
            })
            .collect()
    }
}
