//! From text to glyphs: directions (UAX #9), then marks, ligatures and kerning by the font's own rules.

use rustybuzz::{Direction, Face, UnicodeBuffer};
use unicode_bidi::BidiInfo;

/// Stands for a character that the font does not have. Nobody is kept from signing by a rare name: the text itself stays
/// as it is for all who search, copy or hear it.
const MISSING: char = '\u{25a1}';

/// A glyph on a line, left to right; lengths in font units.
pub struct Glyph {
    /// Its number in the built-in font.
    pub id: u16,
    /// How far it moves the pen.
    pub advance: i32,
    /// From the pen to its origin.
    pub offset: (i32, i32),
    /// The characters that it shows, in the order of the text; the second glyph of a cluster shows none.
    pub text: String,
}

/// The glyphs of `line` in the order of writing on paper.
pub fn shape(face: &Face<'_>, line: &str) -> Vec<Glyph> {
    let line: String = line.chars().filter(|character| !character.is_control()).collect();
    let directions = BidiInfo::new(&line, None);
    let mut glyphs = Vec::new();
    for paragraph in &directions.paragraphs {
        let (levels, runs) = directions.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let right_to_left = levels.get(run.start).is_some_and(|level| level.is_rtl());
            let text = line.get(run).unwrap_or_default();
            glyphs.extend(shape_run(face, text, if right_to_left { Direction::RightToLeft } else { Direction::LeftToRight }));
        }
    }
    glyphs
}

fn shape_run(face: &Face<'_>, text: &str, direction: Direction) -> Vec<Glyph> {
    let mut buffer = UnicodeBuffer::new();
    for (at, character) in text.char_indices() {
        let shown = if drawable(face, character) { character } else { MISSING };
        buffer.add(shown, u32::try_from(at).unwrap_or(u32::MAX));
    }
    buffer.set_direction(direction);
    buffer.guess_segment_properties();
    let shaped = rustybuzz::shape(face, &[], buffer);
    let mut starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut shown = Vec::new();
    let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).map(|(info, position)| {
        let start = info.cluster as usize;
        let end = starts.iter().copied().find(|next| *next > start).unwrap_or(text.len());
        let first = !shown.contains(&start);
        shown.push(start);
        Glyph {
            id: u16::try_from(info.glyph_id).unwrap_or(0),
            advance: position.x_advance,
            offset: (position.x_offset, position.y_offset),
            text: if first { text.get(start..end).unwrap_or_default().to_owned() } else { String::new() },
        }
    });
    glyphs.collect()
}

/// Whether the font can draw it: with a glyph, as a letter with marks that the shaper puts together, or with nothing.
fn drawable(face: &Face<'_>, character: char) -> bool {
    face.glyph_index(character).is_some()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}
