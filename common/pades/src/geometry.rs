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

    /// Between two opposite corners.
    pub(crate) fn between(a: (f64, f64), b: (f64, f64)) -> Self {
        Self { x: a.0.min(b.0), y: a.1.min(b.1), width: (a.0 - b.0).abs(), height: (a.1 - b.1).abs() }
    }

    /// The smallest one around both.
    pub(crate) fn union(&self, other: &Self) -> Self {
        Self::between((self.x.min(other.x), self.y.min(other.y)), (self.right().max(other.right()), self.top().max(other.top())))
    }

    /// With `margin` more on every side.
    pub(crate) fn grown(&self, margin: f64) -> Self {
        Self { x: self.x - margin, y: self.y - margin, width: self.width + 2.0 * margin, height: self.height + 2.0 * margin }
    }
}

/// A transformation `[a b c d e f]` (ISO 32000-2, 8.3.3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Matrix(pub [f64; 6]);

impl Matrix {
    pub(crate) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(crate) fn translation(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// This one first, then `next`.
    pub(crate) fn then(&self, next: &Self) -> Self {
        let ([a, b, c, d, e, f], [p, q, r, s, t, u]) = (self.0, next.0);
        Self([a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u])
    }

    pub(crate) fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// The smallest rectangle around what `rect` becomes.
    pub(crate) fn bounds(&self, rect: &Rect) -> Rect {
        let corners = [(rect.x, rect.y), (rect.right(), rect.y), (rect.x, rect.top()), (rect.right(), rect.top())];
        let [first, rest @ ..] = corners.map(|(x, y)| self.apply(x, y));
        let point = |(x, y)| Rect { x, y, width: 0.0, height: 0.0 };
        rest.into_iter().fold(point(first), |bounds, corner| bounds.union(&point(corner)))
    }

    /// How much longer it makes a length at most.
    pub(crate) fn expansion(&self) -> f64 {
        let [a, b, c, d, ..] = self.0;
        a.abs().max(b.abs()) + c.abs().max(d.abs())
    }
}
