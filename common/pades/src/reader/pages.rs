//! The page tree (ISO 32000-2, 7.7.3).

use std::collections::HashSet;

use super::lexer::{Dictionary, Object, parse};
use super::{File, dictionary};
use crate::geometry::Rect;
use crate::refusal::Refusal;

/// Deepest page tree.
const DEEPEST: usize = 64;
/// Most pages.
const MOST: usize = 100_000;

/// A page: what signing needs of it.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its object number.
    pub number: u32,
    /// The visible box (CropBox within MediaBox).
    pub visible: Rect,
    /// Clockwise, 0, 90, 180 or 270.
    pub rotation: u32,
}

#[derive(Clone, Default)]
struct Inherited {
    media: Option<Rect>,
    crop: Option<Rect>,
    rotation: i64,
}

/// All pages, in order.
pub fn pages(file: &File<'_>) -> Result<Vec<Page>, Refusal> {
    let (root, catalog) = file.catalog()?;
    let catalog = dictionary(&catalog, root)?;
    let tree = catalog.get("Pages").and_then(|tree| tree.reference()).ok_or(Refusal::Malformed { object: root, what: "no Pages" })?;
    let mut pages = Vec::new();
    walk(file, tree, Inherited::default(), 0, &mut HashSet::new(), &mut pages)?;
    if pages.is_empty() { Err(Refusal::Malformed { object: tree, what: "no page" }) } else { Ok(pages) }
}

fn walk(
    file: &File<'_>,
    number: u32,
    mut inherited: Inherited,
    depth: usize,
    seen: &mut HashSet<u32>,
    pages: &mut Vec<Page>,
) -> Result<(), Refusal> {
    if depth > DEEPEST || pages.len() >= MOST {
        return Err(Refusal::TooComplex { what: "page tree" });
    }
    let malformed = |what| Refusal::Malformed { object: number, what };
    if !seen.insert(number) {
        return Err(malformed("the page tree names it twice"));
    }
    let source = file.object(number)?;
    let node = dictionary(&source, number)?;
    inherited.media = rect(file, &node, "MediaBox")?.or(inherited.media);
    inherited.crop = rect(file, &node, "CropBox")?.or(inherited.crop);
    inherited.rotation = node.integer("Rotate").unwrap_or(inherited.rotation);
    if node.is_name("Type", "Pages") {
        let kids = file.resolve(node.source("Kids").ok_or_else(|| malformed("no Kids"))?)?;
        let Some(Object::Array(kids)) = parse(&kids) else {
            return Err(malformed("Kids is not an array"));
        };
        for kid in kids {
            let kid = parse(kid).and_then(|kid| kid.reference()).ok_or_else(|| malformed("a kid is not a reference"))?;
            walk(file, kid, inherited.clone(), depth + 1, seen, pages)?;
        }
        return Ok(());
    }
    if !node.is_name("Type", "Page") {
        return Err(malformed("neither Pages nor Page"));
    }
    let media = inherited.media.ok_or_else(|| malformed("no MediaBox"))?;
    let visible = inherited.crop.map_or(Some(media), |crop| crop.intersection(&media)).ok_or_else(|| malformed("its boxes do not meet"))?;
    let rotation = u32::try_from(inherited.rotation.rem_euclid(360)).unwrap_or(0);
    if !rotation.is_multiple_of(90) {
        return Err(malformed("Rotate is not a multiple of 90"));
    }
    pages.push(Page { number, visible, rotation });
    Ok(())
}

/// A rectangle entry, normalised.
pub fn rect(file: &File<'_>, dictionary: &Dictionary<'_>, name: &str) -> Result<Option<Rect>, Refusal> {
    let Some(source) = dictionary.source(name) else {
        return Ok(None);
    };
    let source = file.resolve(source)?;
    let Some(Object::Array(elements)) = parse(&source) else {
        return Ok(None);
    };
    let mut numbers = Vec::with_capacity(4);
    for element in elements {
        let element = file.resolve(element)?;
        numbers.extend(parse(&element).and_then(|element| element.number()));
    }
    Ok(match numbers[..] {
        [a, b, c, d] => Some(Rect { x: a.min(c), y: b.min(d), width: (a - c).abs(), height: (b - d).abs() }),
        _ => None,
    })
}
