//! Where a visible signature goes: upright as the page is shown, clear of other annotations.

use crate::geometry::Rect;
use crate::prepare::Visibility;
use crate::reader::lexer::{Object, parse};
use crate::reader::pages::{Page, Wanted, page, rect};
use crate::reader::{File, dictionary};
use crate::refusal::Refusal;

/// Size of an automatically placed signature.
const WIDTH: f64 = 235.0;
const HEIGHT: f64 = 62.0;
/// Distance from the page's edges and between signatures.
const MARGIN: f64 = 42.0;
const GAP: f64 = 12.0;

/// Where a signature field goes.
#[derive(Clone, Debug)]
pub enum Place {
    /// Nowhere on this page.
    Invisible(Page),
    /// To be seen.
    Visible(Placed),
}

impl Place {
    /// Object number of the page.
    pub fn page(&self) -> u32 {
        match self {
            Self::Invisible(page) => page.number,
            Self::Visible(placed) => placed.page,
        }
    }
}

/// A place on a page.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    /// Object number of the page.
    pub page: u32,
    /// The widget's /Rect, in the page's own coordinates.
    pub rect: Rect,
    /// The appearance's width and height, as it is read.
    pub size: (f64, f64),
    /// The appearance's /Matrix: turns with the page.
    pub matrix: &'static str,
}

impl Placed {
    /// `rect` of `page`, upright.
    pub fn on(page: &Page, rect: Rect) -> Self {
        let size = if page.rotation.is_multiple_of(180) { (rect.width, rect.height) } else { (rect.height, rect.width) };
        Self { page: page.number, rect, size, matrix: matrix(page.rotation) }
    }
}

/// Places for `count` fields.
pub fn places(file: &File<'_>, visibility: Visibility, count: usize) -> Result<Vec<Place>, Refusal> {
    match visibility {
        Visibility::Invisible => Ok(vec![Place::Invisible(page(file, Wanted::First)?); count]),
        Visibility::Automatic => {
            let page = page(file, Wanted::Last)?;
            automatic(&page, &mut annotations(file, &page)?, count)
        }
        Visibility::At { page: number, rect } => {
            let page = page(file, Wanted::Number(number))?;
            if rect.width <= 0.0 || rect.height <= 0.0 || !page.visible.contains(&rect) {
                return Err(Refusal::OutsidePage { page: number });
            }
            let mut taken = annotations(file, &page)?;
            taken.push(rect);
            let mut places = vec![Place::Visible(Placed::on(&page, rect))];
            if count > 1 {
                places.extend(automatic(&page, &mut taken, count - 1)?);
            }
            Ok(places)
        }
    }
}

/// Free places in the lower part of the page, left to right and upwards.
fn automatic(page: &Page, taken: &mut Vec<Rect>, count: usize) -> Result<Vec<Place>, Refusal> {
    let (shown_width, shown_height) = shown_size(page);
    let width = WIDTH.min(shown_width - 2.0 * GAP).max(1.0);
    let margin = MARGIN.min((shown_width - width) / 2.0);
    let columns = (((shown_width - 2.0 * margin + GAP) / (width + GAP)) as usize).max(1);
    let rows = (((shown_height - 2.0 * margin + GAP) / (HEIGHT + GAP)) as usize).max(1);
    let slots = (0..rows).flat_map(|row| (0..columns).map(move |column| (row as f64, column as f64)));
    let mut places = Vec::with_capacity(count);
    for (row, column) in slots {
        let shown = Rect { x: margin + column * (width + GAP), y: margin + row * (HEIGHT + GAP), width, height: HEIGHT };
        let rect = turn(page, &shown);
        if places.len() < count && taken.iter().all(|taken| taken.intersection(&rect).is_none()) {
            places.push(Place::Visible(Placed::on(page, rect)));
            taken.push(rect);
        }
    }
    if places.len() == count { Ok(places) } else { Err(Refusal::NoFreePlace) }
}

fn shown_size(page: &Page) -> (f64, f64) {
    let Rect { width, height, .. } = page.visible;
    if page.rotation.is_multiple_of(180) { (width, height) } else { (height, width) }
}

/// From coordinates as the page is shown to its own.
fn turn(page: &Page, shown: &Rect) -> Rect {
    let visible = &page.visible;
    let (x, y, width, height) = match page.rotation {
        90 => (visible.width - shown.top(), shown.x, shown.height, shown.width),
        180 => (visible.width - shown.right(), visible.height - shown.top(), shown.width, shown.height),
        270 => (shown.y, visible.height - shown.right(), shown.height, shown.width),
        _ => (shown.x, shown.y, shown.width, shown.height),
    };
    Rect { x: visible.x + x, y: visible.y + y, width, height }
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
