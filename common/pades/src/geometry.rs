use serde::{Deserialize, Serialize};

/// A rectangle in points, from the lower left.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Lower edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    pub(crate) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(crate) fn top(&self) -> f64 {
        self.y + self.height
    }

    /// What both cover; `None` when they do not meet.
    pub(crate) fn intersection(&self, other: &Self) -> Option<Self> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let (width, height) = (self.right().min(other.right()) - x, self.top().min(other.top()) - y);
        (width > 0.0 && height > 0.0).then_some(Self { x, y, width, height })
    }

    pub(crate) fn contains(&self, other: &Self) -> bool {
        self.x <= other.x && self.y <= other.y && other.right() <= self.right() && other.top() <= self.top()
    }
}
