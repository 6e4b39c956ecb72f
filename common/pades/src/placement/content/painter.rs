//! Goes through the operators (8.2, annex A) and takes what they paint.

use std::collections::HashMap;

use super::Unknown;
use super::state::{Path, State};
use crate::geometry::{Matrix, Rect};
use crate::placement::grid::Grid;
use crate::placement::metrics::Metrics;
use crate::reader::File;
use crate::reader::syntax::{Lexer, Object, Token, parse};

/// Most operators.
const MOST: usize = 1_000_000;

pub struct Painter<'p, 'f, 'a> {
    pub file: &'f File<'a>,
    pub grid: &'p mut Grid,
    pub operators: usize,
    /// By the source of a font.
    pub metrics: HashMap<Vec<u8>, Metrics>,
}

impl Painter<'_, '_, '_> {
    pub fn content(&mut self, data: &[u8], resources: &[u8], mut state: State, depth: usize) -> Result<(), Unknown> {
        let Some(Object::Dictionary(resources)) = parse(resources) else { return Err(Unknown) };
        let mut stack: Vec<State> = Vec::new();
        let mut path = Path::default();
        let (mut text, mut line) = (Matrix::IDENTITY, Matrix::IDENTITY);
        let mut operands: Vec<Object<'_>> = Vec::new();
        let mut lexer = Lexer::new(data, 0);
        while let Some(token) = lexer.token_of_content() {
            let operator = match token {
                Token::Operand(operand) if operands.len() < 64 => {
                    operands.push(operand);
                    continue;
                }
                Token::Operand(_) | Token::Unreadable => return Err(Unknown),
                Token::Operator(operator) => operator,
            };
            self.operators += 1;
            if self.operators > MOST {
                return Err(Unknown);
            }
            let numbers: Vec<f64> = operands.iter().filter_map(Object::number).collect();
            match (operator, numbers.as_slice()) {
                (b"q", _) => stack.push(state.clone()),
                (b"Q", _) => state = stack.pop().unwrap_or(state),
                (b"cm", &[a, b, c, d, e, f]) => state.matrix = Matrix([a, b, c, d, e, f]).then(&state.matrix),
                (b"w", &[width]) => state.line_width = width,
                (b"g", &[gray]) => state.white = gray >= 1.0,
                (b"rg", &[r, g, b]) => state.white = r >= 1.0 && g >= 1.0 && b >= 1.0,
                (b"k", &[c, m, y, k]) => state.white = c + m + y + k <= 0.0,
                (b"cs" | b"sc" | b"scn", _) => state.white = false,
                (b"m" | b"l", &[x, y]) => path.points(&state.matrix, &[(x, y)]),
                (b"c", &[a, b, c, d, e, f]) => path.points(&state.matrix, &[(a, b), (c, d), (e, f)]),
                (b"v" | b"y", &[a, b, c, d]) => path.points(&state.matrix, &[(a, b), (c, d)]),
                (b"re", &[x, y, w, h]) => path.points(&state.matrix, &[(x, y), (x + w, y), (x, y + h), (x + w, y + h)]),
                (b"W" | b"W*", _) => path.clips = true,
                (b"n" | b"f" | b"F" | b"f*" | b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*", _) => {
                    let path = std::mem::take(&mut path);
                    let strokes = matches!(operator, b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*");
                    if let Some(bounds) = path.bounds {
                        let margin = if strokes { state.line_width.abs() * state.matrix.expansion() } else { 0.0 };
                        // White on white paper; and it hides nothing that matters here.
                        if operator != b"n" && (strokes || !state.white) {
                            self.take(&bounds.grown(margin), &state);
                        }
                        if path.clips {
                            state.clip = state.clip.intersection(&bounds).unwrap_or(Rect { width: 0.0, height: 0.0, ..bounds });
                        }
                    }
                }
                (b"sh", _) => {
                    let clip = state.clip;
                    self.take(&clip, &state);
                }
                (b"Do", _) => match operands.first() {
                    Some(Object::Name(name)) => self.x_object(&resources, name, &state, depth)?,
                    _ => return Err(Unknown),
                },
                (b"BI", _) => {
                    lexer.skip_inline_image().ok_or(Unknown)?;
                    self.unit_square(&state);
                }
                (b"BT", _) => (text, line) = (Matrix::IDENTITY, Matrix::IDENTITY),
                (b"Tf", &[size]) => match operands.first() {
                    Some(Object::Name(name)) => state.font = Some((self.font(&resources, name)?, size)),
                    _ => return Err(Unknown),
                },
                (b"Tc", &[space]) => state.character_space = space,
                (b"Tw", &[space]) => state.word_space = space,
                (b"Tz", &[percent]) => state.scale = percent / 100.0,
                (b"TL", &[leading]) => state.leading = leading,
                (b"Ts", &[rise]) => state.rise = rise,
                (b"Tr", &[mode]) => state.mode = mode as i64,
                (b"gs", _) => self.graphics_state(&resources, operands.first(), &mut state)?,
                (b"Tm", &[a, b, c, d, e, f]) => {
                    line = Matrix([a, b, c, d, e, f]);
                    text = line;
                }
                (b"Td" | b"TD", &[x, y]) => {
                    if operator == b"TD" {
                        state.leading = -y;
                    }
                    line = Matrix::translation(x, y).then(&line);
                    text = line;
                }
                (b"T*" | b"Tj" | b"TJ" | b"'" | b"\"", numbers) => {
                    if let (b"\"", &[word, character]) = (operator, numbers) {
                        (state.word_space, state.character_space) = (word, character);
                    }
                    if matches!(operator, b"T*" | b"'" | b"\"") {
                        line = Matrix::translation(0.0, -state.leading).then(&line);
                        text = line;
                    }
                    if operator != b"T*" {
                        self.show(operands.last().ok_or(Unknown)?, &state, &line, &mut text)?;
                    }
                }
                _ => {}
            }
            operands.clear();
        }
        Ok(())
    }

    pub fn take(&mut self, bounds: &Rect, state: &State) {
        if let Some(seen) = bounds.grown(0.1).intersection(&state.clip) {
            self.grid.take(&seen);
        }
    }

    pub fn unit_square(&mut self, state: &State) {
        let bounds = state.matrix.bounds(&Rect { x: 0.0, y: 0.0, width: 1.0, height: 1.0 });
        self.take(&bounds, state);
    }
}
