//! What operators leave behind for those that follow.

use crate::geometry::{Matrix, Rect};

/// The graphics state, as far as it moves or hides things.
#[derive(Clone)]
pub struct State {
    pub matrix: Matrix,
    pub clip: Rect,
    pub line_width: f64,
    pub white: bool,
    pub font: Option<(Vec<u8>, f64)>,
    pub character_space: f64,
    pub word_space: f64,
    pub scale: f64,
    pub leading: f64,
    pub rise: f64,
    pub mode: i64,
}

impl State {
    pub fn new(clip: Rect) -> Self {
        Self {
            matrix: Matrix::IDENTITY,
            clip,
            line_width: 1.0,
            white: false,
            font: None,
            character_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
        }
    }
}

/// The bounds of a path, in the page's own coordinates.
#[derive(Default)]
pub struct Path {
    pub bounds: Option<Rect>,
    pub clips: bool,
}

impl Path {
    pub fn points(&mut self, matrix: &Matrix, points: &[(f64, f64)]) {
        for (x, y) in points {
            let (x, y) = matrix.apply(*x, *y);
            let point = Rect { x, y, width: 0.0, height: 0.0 };
            self.bounds = Some(self.bounds.map_or(point, |bounds| bounds.union(&point)));
        }
    }
}
