//! The page tree (ISO 32000-2, 7.7.3): one page by its way down, or all of them.

use std::collections::HashSet;

use super::syntax::{Dictionary, Object, parse};
use super::{File, dictionary};
use crate::geometry::Rect;
use crate::refusal::{Limit, Refusal};

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

/// Which page is wanted.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    First,
    Last,
    /// From 1.
    Number(usize),
}

/// All pages, in order. Finds a tree that a reader would have to repair.
pub fn pages(file: &File<'_>) -> Result<Vec<Page>, Refusal> {
    let tree = root(file)?;
    let mut pages = Vec::new();
    all(file, tree, Inherited::default(), 0, &mut HashSet::new(), &mut pages)?;
    if pages.is_empty() { Err(Refusal::Malformed { object: tree, what: "no page" }) } else { Ok(pages) }
}

/// One page; of the rest of the tree only what the way down to it needs is read.
pub fn page(file: &File<'_>, wanted: Wanted) -> Result<Page, Refusal> {
    let number = match wanted {
        Wanted::First | Wanted::Last => 1,
        Wanted::Number(number) => number,
    };
    let missing = Refusal::PageMissing { page: number };
    let mut skip = number.checked_sub(1).ok_or(missing.clone())?;
    descend(file, root(file)?, Inherited::default(), 0, wanted, &mut skip)?.ok_or(missing)
}

/// Object number of the page tree.
pub fn root(file: &File<'_>) -> Result<u32, Refusal> {
    let (root, catalog) = file.catalog()?;
    let catalog = dictionary(&catalog, root)?;
    catalog.get("Pages").and_then(|tree| tree.reference()).ok_or(Refusal::Malformed { object: root, what: "no Pages" })
}

fn all(
    file: &File<'_>,
    number: u32,
    inherited: Inherited,
    depth: usize,
    seen: &mut HashSet<u32>,
    pages: &mut Vec<Page>,
) -> Result<(), Refusal> {
    if !seen.insert(number) {
        return Err(Refusal::Malformed { object: number, what: "the page tree names it twice" });
    }
    match node(file, number, inherited, depth)? {
        Node::Page(page) if pages.len() < MOST => pages.push(page),
        Node::Page(_) => return Err(Refusal::TooComplex { what: "too many pages" }),
        Node::Pages { kids, inherited, .. } => {
            kids.into_iter().try_for_each(|kid| all(file, kid, inherited.clone(), depth + 1, seen, pages))?;
        }
    }
    Ok(())
}

/// The wanted page below `number`; `skip` pages are still to be left out before it.
fn descend(
    file: &File<'_>,
    number: u32,
    inherited: Inherited,
    depth: usize,
    wanted: Wanted,
    skip: &mut usize,
) -> Result<Option<Page>, Refusal> {
    let (kids, inherited) = match node(file, number, inherited, depth)? {
        Node::Page(page) if *skip == 0 => return Ok(Some(page)),
        Node::Page(_) => {
            *skip -= 1;
            return Ok(None);
        }
        Node::Pages { count: Some(count), .. } if matches!(wanted, Wanted::Number(_)) && count <= *skip => {
            *skip -= count;
            return Ok(None);
        }
        Node::Pages { kids, inherited, .. } => (kids, inherited),
    };
    let kids: &mut dyn Iterator<Item = u32> = match wanted {
        Wanted::First | Wanted::Number(_) => &mut kids.into_iter(),
        Wanted::Last => &mut kids.into_iter().rev(),
    };
    for kid in kids {
        if let Some(page) = descend(file, kid, inherited.clone(), depth + 1, wanted, skip)? {
            return Ok(Some(page));
        }
    }
    Ok(None)
}

#[derive(Clone, Default)]
struct Inherited {
    media: Option<Rect>,
    crop: Option<Rect>,
    rotation: i64,
}

enum Node {
    Page(Page),
    Pages { kids: Vec<u32>, count: Option<usize>, inherited: Inherited },
}

fn node(file: &File<'_>, number: u32, mut inherited: Inherited, depth: usize) -> Result<Node, Refusal> {
    if depth > file.document.limits.depth {
        return Err(Refusal::LimitExceeded { limit: Limit::Depth });
    }
    let malformed = |what| Refusal::Malformed { object: number, what };
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
        let kids = kids.into_iter().map(|kid| parse(kid).and_then(|kid| kid.reference()));
        let kids = kids.collect::<Option<_>>().ok_or_else(|| malformed("a kid is not a reference"))?;
        let count = node.integer("Count").and_then(|count| usize::try_from(count).ok());
        return Ok(Node::Pages { kids, count, inherited });
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
    Ok(Node::Page(Page { number, visible, rotation }))
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
