//! Which parts of a page are taken, on a coarse grid.

use crate::geometry::Rect;

/// Cells a side: on A4 one is 3.3 points high.
const CELLS: usize = 256;

/// A page divided into cells; one is taken when anything touches it.
pub struct Grid {
    area: Rect,
    taken: Vec<bool>,
}

impl Grid {
    /// Nothing of `area` is taken.
    pub fn free(area: Rect) -> Self {
        Self { area, taken: vec![false; CELLS * CELLS] }
    }

    /// Takes all that `rect` touches.
    pub fn take(&mut self, rect: &Rect) {
        let [columns, rows] = self.cells(rect);
        for row in rows {
            if let Some(cells) = self.taken.get_mut(row * CELLS + columns.start..row * CELLS + columns.end) {
                cells.fill(true);
            }
        }
    }

    /// Whether nothing touches `rect`.
    pub fn is_free(&self, rect: &Rect) -> bool {
        let [columns, mut rows] = self.cells(rect);
        rows.all(|row| {
            self.taken.get(row * CELLS + columns.start..row * CELLS + columns.end).is_some_and(|cells| cells.iter().all(|taken| !taken))
        })
    }

    fn cells(&self, rect: &Rect) -> [std::ops::Range<usize>; 2] {
        let range = |from: f64, to: f64, start: f64, length: f64| {
            let cell = |at: f64| (at - start) / length * CELLS as f64;
            // Casting saturates, and takes what is no number for 0.
            let (from, to) = (cell(from).floor() as usize, cell(to).ceil() as usize);
            from.min(CELLS)..to.min(CELLS)
        };
        [range(rect.x, rect.right(), self.area.x, self.area.width), range(rect.y, rect.top(), self.area.y, self.area.height)]
    }
}
