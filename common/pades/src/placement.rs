//! Where a visible signature goes: upright as the page is shown, clear of other annotations.

use crate::geometry::Rect;
use crate::reader::lexer::{Object, parse};
use crate::reader::pages::{Page, rect};
use crate::reader::{File, dictionary};
use crate::refusal::Refusal;

/// Size of an automatically placed signature.
const WIDTH: f64 = 235.0;
const HEIGHT: f64 = 62.0;
/// Distance from the page's edges and between signatures.
const MARGIN: f64 = 42.0;
const GAP: f64 = 12.0;

/// A place on a page.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    /// The widget's /Rect, in the page's own coordinates.
    pub rect: Rect,
    /// The appearance's width and height, as it is read.
    pub size: (f64, f64),
    /// The appearance's /Matrix: turns with the page.
    pub matrix: &'static str,
}

/// A free place in the lower part of the page, left to right and upwards.
pub fn automatic(file: &File<'_>, page: &Page) -> Result<Placed, Refusal> {
    let taken = annotations(file, page)?;
    let (shown_width, shown_height) = shown_size(page);
    let width = WIDTH.min(shown_width - 2.0 * GAP).max(1.0);
    let margin = MARGIN.min((shown_width - width) / 2.0);
    let columns = (((shown_width - 2.0 * margin + GAP) / (width + GAP)) as usize).max(1);
    let rows = (((shown_height - 2.0 * margin + GAP) / (HEIGHT + GAP)) as usize).max(1);
    let slots = (0..rows).flat_map(|row| (0..columns).map(move |column| (row as f64, column as f64)));
    for (row, column) in slots {
        let shown = Rect { x: margin + column * (width + GAP), y: margin + row * (HEIGHT + GAP), width, height: HEIGHT };
        let placed = turn(page, &shown);
        if taken.iter().all(|taken| taken.intersection(&placed.rect).is_none()) {
            return Ok(placed);
        }
    }
    Err(Refusal::TooComplex { what: "no free place for a signature" })
}

/// The place that was asked for, in the page's own coordinates.
pub fn at(page: &Page, number: usize, rect: &Rect) -> Result<Placed, Refusal> {
    if rect.width <= 0.0 || rect.height <= 0.0 || !page.visible.contains(rect) {
        return Err(Refusal::OutsidePage { page: number });
    }
    let size = if page.rotation.is_multiple_of(180) { (rect.width, rect.height) } else { (rect.height, rect.width) };
    Ok(Placed { rect: *rect, size, matrix: matrix(page.rotation) })
}

fn shown_size(page: &Page) -> (f64, f64) {
    let Rect { width, height, .. } = page.visible;
    if page.rotation.is_multiple_of(180) { (width, height) } else { (height, width) }
}

/// From coordinates as the page is shown to its own.
fn turn(page: &Page, shown: &Rect) -> Placed {
    let visible = &page.visible;
    let (x, y, width, height) = match page.rotation {
        90 => (visible.width - shown.top(), shown.x, shown.height, shown.width),
        180 => (visible.width - shown.right(), visible.height - shown.top(), shown.width, shown.height),
        270 => (shown.y, visible.height - shown.right(), shown.height, shown.width),
        _ => (shown.x, shown.y, shown.width, shown.height),
    };
    let rect = Rect { x: visible.x + x, y: visible.y + y, width, height };
    Placed { rect, size: (shown.width, shown.height), matrix: matrix(page.rotation) }
}

fn matrix(rotation: u32) -> &'static str {
    match rotation {
        90 => "[0 1 -1 0 0 0]",
        180 => "[-1 0 0 -1 0 0]",
        270 => "[0 -1 1 0 0 0]",
        _ => "[1 0 0 1 0 0]",
    }
}

fn annotations(file: &File<'_>, page: &Page) -> Result<Vec<Rect>, Refusal> {
    let source = file.object(page.number)?;
    let Some(annotations) = dictionary(&source, page.number)?.source("Annots") else {
        return Ok(Vec::new());
    };
    let annotations = file.resolve(annotations)?;
    let Some(Object::Array(elements)) = parse(&annotations) else {
        return Err(Refusal::Malformed { object: page.number, what: "Annots is not an array" });
    };
    let mut rects = Vec::new();
    for element in elements {
        let annotation = file.resolve(element)?;
        if let Some(Object::Dictionary(annotation)) = parse(&annotation) {
            rects.extend(rect(file, &annotation, "Rect")?);
        }
    }
    Ok(rects)
}
