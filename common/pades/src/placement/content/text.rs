//! Text: the boxes around its lines (9.4).

use super::Unknown;
use super::painter::Painter;
use super::state::State;
use crate::geometry::{Matrix, Rect};
use crate::placement::metrics::Metrics;
use crate::reader::syntax::{Dictionary, Object, parse};

/// What letters have above and below their baseline, by font size.
const ASCENT: f64 = 1.1;
const DESCENT: f64 = 0.4;

impl Painter<'_, '_, '_> {
    /// The font's source, with its metrics known.
    pub fn font(&mut self, resources: &Dictionary<'_>, name: &[u8]) -> Result<Vec<u8>, Unknown> {
        let key = self.resource(resources, "Font", name)?.into_owned();
        if !self.metrics.contains_key(&key) {
            let metrics = Metrics::of(self.file, &key)?;
            self.metrics.insert(key.clone(), metrics);
        }
        Ok(key)
    }

    pub fn show(&mut self, operand: &Object<'_>, state: &State, line: &Matrix, text: &mut Matrix) -> Result<(), Unknown> {
        match operand {
            Object::String(bytes) => self.show_string(bytes, state, line, text),
            Object::Array(elements) => elements.iter().try_for_each(|element| match parse(element) {
                Some(Object::String(bytes)) => self.show_string(&bytes, state, line, text),
                Some(other) => {
                    let (_, size) = state.font.as_ref().ok_or(Unknown)?;
                    let back = other.number().ok_or(Unknown)? / 1_000.0 * size * state.scale;
                    *text = Matrix::translation(-back, 0.0).then(text);
                    Ok(())
                }
                None => Err(Unknown),
            }),
            _ => Err(Unknown),
        }
    }

    fn show_string(&mut self, bytes: &[u8], state: &State, line: &Matrix, text: &mut Matrix) -> Result<(), Unknown> {
        let (font, size) = state.font.as_ref().ok_or(Unknown)?;
        let metrics = self.metrics.get(font).ok_or(Unknown)?;
        let advance: f64 = metrics
            .characters(bytes)
            .map(|(width, space)| (width * size + state.character_space + if space { state.word_space } else { 0.0 }) * state.scale)
            .sum();
        let after = Matrix::translation(advance, 0.0).then(text);
        // Modes 3 and 7 paint nothing: text behind a scanned page.
        if !matches!(state.mode, 3 | 7) && !bytes.is_empty() {
            // Widths may be too large, so this may stand further left, but not left of the line's start.
            let around = |at: &Matrix| {
                let bounds = Rect::between((0.0, state.rise - DESCENT * size), (0.0, state.rise + ASCENT * size));
                at.then(&state.matrix).bounds(&bounds)
            };
            self.take(&around(line).union(&around(text)).union(&around(&after)), state);
        }
        *text = after;
        Ok(())
    }
}
