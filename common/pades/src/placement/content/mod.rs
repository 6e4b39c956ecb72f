//! What a page's content paints, as boxes that are never too small (ISO 32000-2, 8 and 9). Nothing is drawn: paths,
//! images, shadings and lines of text become the rectangles around them.

mod painter;
mod resources;
mod state;
mod text;

use std::collections::HashMap;

use painter::Painter;
use state::State;

use super::grid::Grid;
use crate::reader::pages::Page;
use crate::reader::syntax::{Dictionary, Object, parse};
use crate::reader::{File, dictionary};
use crate::refusal::Refusal;

/// Most bytes of one page's content.
const LARGEST: usize = 32 << 20;

/// The content can't be followed: it may paint anywhere.
pub struct Unknown;

impl From<Refusal> for Unknown {
    fn from(_: Refusal) -> Self {
        Self
    }
}

/// Takes what the content of `page` paints.
pub fn take(file: &File<'_>, page: &Page, grid: &mut Grid) -> Result<(), Unknown> {
    let source = file.object(page.number)?;
    let page_dictionary = dictionary(&source, page.number)?;
    let Some(contents) = page_dictionary.source("Contents") else { return Ok(()) };
    let mut data = Vec::new();
    let number = |source: &[u8]| parse(source).and_then(|reference| reference.reference()).ok_or(Unknown);
    match parse(&file.resolve(contents)?) {
        Some(Object::Array(parts)) => {
            for part in parts {
                data.extend(file.stream(number(part)?)?);
                data.push(b'\n');
                if data.len() > LARGEST {
                    return Err(Unknown);
                }
            }
        }
        _ => data = file.stream(number(contents)?)?,
    }
    let resources = inherited_resources(file, &page_dictionary)?;
    let mut painter = Painter { file, grid, operators: 0, metrics: HashMap::new() };
    painter.content(&data, &resources, State::new(page.visible), 0)
}

fn inherited_resources(file: &File<'_>, page: &Dictionary<'_>) -> Result<Vec<u8>, Unknown> {
    if let Some(resources) = page.source("Resources") {
        return Ok(file.resolve(resources)?.into_owned());
    }
    let mut parent = page.get("Parent").and_then(|parent| parent.reference());
    for _ in 0..file.document.limits.depth {
        let Some(number) = parent else { break };
        let source = file.object(number)?;
        let node = dictionary(&source, number)?;
        if let Some(resources) = node.source("Resources") {
            return Ok(file.resolve(resources)?.into_owned());
        }
        parent = node.get("Parent").and_then(|parent| parent.reference());
    }
    Ok(b"<<>>".to_vec())
}
