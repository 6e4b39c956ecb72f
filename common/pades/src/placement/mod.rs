//! Where visible signatures go: upright as the page is shown, clear of what the page shows already.

mod content;
mod grid;
mod metrics;

use crate::geometry::Rect;
use crate::prepare::Visibility;
use crate::reader::pages::{Page, Wanted, page, rect};
use crate::reader::syntax::{Object, parse};
use crate::reader::{File, dictionary};
use crate::refusal::Refusal;
use grid::Grid;

/// Size of an automatically placed signature.
const WIDTH: f64 = 235.0;
const HEIGHT: f64 = 62.0;
/// Distance from the page's edges and between signatures.
const MARGIN: f64 = 42.0;
const GAP: f64 = 12.0;
/// A place that is not free is tried again this much higher.
const STEP: f64 = HEIGHT / 4.0;
/// A signature page of this size when the last page has no usual one.
const A4: (f64, f64) = (595.0, 842.0);
/// The longest side that a page can have (ISO 32000-1, annex C.2), in points where a unit is one.
const LONGEST_SIDE: f64 = 14_400.0;

/// Where a signature field goes.
#[derive(Clone, Debug)]
pub enum Place {
    /// Nowhere on this page.
    Invisible(Page),
    /// To be seen.
    Visible(Placed),
}

/// The page of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlacePage {
    /// One of the document, by its object number.
    Existing(u32),
    /// The signature page, which is made with the fields.
    Appended,
}

/// A place on a page.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    /// The page.
    pub page: PlacePage,
    /// The widget's /Rect, in the page's own coordinates.
    pub rect: Rect,
    /// The appearance's width and height, as it is read.
    pub size: (f64, f64),
    /// The appearance's /Matrix: turns with the page.
    pub matrix: &'static str,
}

impl Place {
    /// The page.
    pub fn page(&self) -> PlacePage {
        match self {
            Self::Invisible(page) => PlacePage::Existing(page.number),
            Self::Visible(placed) => placed.page,
        }
    }
}

impl Placed {
    /// `rect` of `page`, upright.
    pub fn on(page: &Page, rect: Rect) -> Self {
        let size = if page.rotation.is_multiple_of(180) { (rect.width, rect.height) } else { (rect.height, rect.width) };
        Self { page: PlacePage::Existing(page.number), rect, size, matrix: matrix(page.rotation) }
    }
}

/// Places for fields, and the size of the page that is appended for those on [`PlacePage::Appended`].
#[derive(Default)]
pub struct Places {
    /// In the order of the fields.
    pub places: Vec<Place>,
    /// Width and height.
    pub appended: Option<(f64, f64)>,
}

/// Whether the document may get one more page: not behind a signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum MorePages {
    Allowed,
    Forbidden,
}

/// Places for `count` fields.
pub fn places(file: &File<'_>, visibility: Visibility, count: usize, more: MorePages) -> Result<Places, Refusal> {
    let here = |places| Places { places, appended: None };
    match visibility {
        Visibility::Invisible => Ok(here(vec![Place::Invisible(page(file, Wanted::First)?); count])),
        Visibility::Automatic => {
            let page = page(file, Wanted::Last)?;
            let places = match occupied(file, &page)? {
                Some(mut grid) => free(&page, scale(file, &page)?, &mut grid, count),
                None => None,
            };
            match places {
                Some(places) => Ok(here(places)),
                None => signature_page(file, &page, count, more),
            }
        }
        Visibility::SignaturePage => signature_page(file, &page(file, Wanted::Last)?, count, more),
        Visibility::At { page: number, rect } => {
            let page = page(file, Wanted::Number(number))?;
            if rect.width <= 0.0 || rect.height <= 0.0 || !page.visible.contains(&rect) {
                return Err(Refusal::OutsidePage { page: number });
            }
            let mut places = vec![Place::Visible(Placed::on(&page, rect))];
            if count > 1 {
                let mut grid = occupied(file, &page)?.ok_or(Refusal::NoFreePlace)?;
                grid.take(&rect.grown(GAP));
                places.extend(free(&page, scale(file, &page)?, &mut grid, count - 1).ok_or(Refusal::NoFreePlace)?);
            }
            Ok(here(places))
        }
    }
}

/// What the page shows already; `None` when that can't be told.
fn occupied(file: &File<'_>, page: &Page) -> Result<Option<Grid>, Refusal> {
    let mut grid = Grid::free(page.visible);
    for annotation in annotations(file, page)? {
        grid.take(&annotation);
    }
    Ok(content::take(file, page, &mut grid).is_ok().then_some(grid))
}

/// User space units for a point: what is small on paper is to be larger.
fn scale(file: &File<'_>, page: &Page) -> Result<f64, Refusal> {
    let source = file.object(page.number)?;
    let unit = dictionary(&source, page.number)?.get("UserUnit").and_then(|unit| unit.number());
    Ok(unit.filter(|unit| *unit >= 1.0).map_or(1.0, |unit| 1.0 / unit))
}

/// Free places from the bottom of the page, left to right and upwards.
fn free(page: &Page, scale: f64, grid: &mut Grid, count: usize) -> Option<Vec<Place>> {
    let (shown_width, shown_height) = shown_size(page);
    if !(shown_width <= LONGEST_SIDE && shown_height <= LONGEST_SIDE) {
        return None;
    }
    let slots = Slots::of(shown_width, scale);
    let mut places = Vec::with_capacity(count);
    let mut bottom = slots.margin.min((shown_height - slots.height) / 2.0).max(0.0);
    while places.len() < count && bottom + slots.height <= shown_height {
        let mut found = false;
        for column in slots.columns() {
            let shown = Rect { x: column, y: bottom, width: slots.width, height: slots.height };
            let rect = turn(page, &shown);
            if places.len() < count && grid.is_free(&rect) {
                places.push(Place::Visible(Placed::on(page, rect)));
                found = true;
            }
        }
        bottom += if found { slots.height + slots.gap } else { STEP * scale };
    }
    (places.len() == count).then_some(places)
}

/// Signatures side by side on a page of some width.
struct Slots {
    width: f64,
    height: f64,
    margin: f64,
    gap: f64,
    count: usize,
}

impl Slots {
    fn of(page_width: f64, scale: f64) -> Self {
        let gap = GAP * scale;
        let width = (WIDTH * scale).min(page_width - 2.0 * gap).max(1.0);
        let margin = (MARGIN * scale).min((page_width - width) / 2.0).max(0.0);
        let count = (((page_width - 2.0 * margin + gap) / (width + gap)) as usize).max(1);
        Self { width, height: HEIGHT * scale, margin, gap, count }
    }

    fn columns(&self) -> impl Iterator<Item = f64> {
        (0..self.count).map(|column| self.margin + column as f64 * (self.width + self.gap))
    }
}

/// Places on a page of their own behind the last one, from the top.
fn signature_page(file: &File<'_>, last: &Page, count: usize, more: MorePages) -> Result<Places, Refusal> {
    if more == MorePages::Forbidden {
        return Err(Refusal::NoFreePlace);
    }
    let points = 1.0 / scale(file, last)?;
    let (width, height) = shown_size(last);
    let (width, height) = (width * points, height * points);
    let usual = |side: f64| (WIDTH + 2.0 * MARGIN..=LONGEST_SIDE).contains(&side);
    let (width, height) = if usual(width) && usual(height) { (width, height) } else { A4 };
    let slots = Slots::of(width, 1.0);
    let rows = (0..).map(|row| height - slots.margin - slots.height - f64::from(row) * (slots.height + slots.gap));
    let rects = rows.take_while(|bottom| *bottom >= 0.0).flat_map(|y| {
        let at = |x| Rect { x, y, width: slots.width, height: slots.height };
        slots.columns().map(at).collect::<Vec<_>>()
    });
    let places: Vec<Place> = rects
        .take(count)
        .map(|rect| Place::Visible(Placed { page: PlacePage::Appended, rect, size: (rect.width, rect.height), matrix: matrix(0) }))
        .collect();
    if places.len() < count {
        return Err(Refusal::NoFreePlace);
    }
    Ok(Places { places, appended: Some((width, height)) })
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
