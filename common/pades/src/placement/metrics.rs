//! How far a font's characters move the pen; never less than they do.

use std::collections::HashMap;

use super::content::Unknown;
use crate::reader::syntax::{Object, parse};
use crate::reader::{File, dictionary};

/// Widths in units of the font size.
pub enum Metrics {
    /// A byte a character.
    Simple { first: usize, widths: Vec<f64>, missing: f64 },
    /// Two bytes a character.
    Composite { widths: HashMap<u16, f64>, default: f64 },
}

impl Metrics {
    /// Those of the font behind `source`.
    pub fn of(file: &File<'_>, source: &[u8]) -> Result<Self, Unknown> {
        let font = file.resolve(source)?;
        let font = dictionary(&font, 0)?;
        if font.is_name("Subtype", "Type0") {
            let descendants = file.resolve(font.source("DescendantFonts").ok_or(Unknown)?)?;
            let Some(Object::Array(descendants)) = parse(&descendants) else { return Err(Unknown) };
            let descendant = file.resolve(descendants.first().ok_or(Unknown)?)?;
            let descendant = dictionary(&descendant, 0)?;
            let default = descendant.get("DW").and_then(|width| width.number()).unwrap_or(1_000.0) / 1_000.0;
            let widths = descendant.source("W").map(|widths| file.resolve(widths)).transpose()?;
            let widths = composite(file, widths.as_deref().unwrap_or(b"[]"))?;
            return match font.get("Encoding") {
                Some(Object::Name(name)) if name.as_ref() == b"Identity-H" => Ok(Self::Composite { widths, default }),
                Some(Object::Name(name)) if name.ends_with(b"-V") => Err(Unknown),
                Some(Object::Reference(encoding)) if dictionary(&file.object(encoding)?, encoding)?.integer("WMode") == Some(1) => {
                    Err(Unknown)
                }
                // Characters are a byte long at least.
                _ => Ok(Self::Simple { first: 0, widths: Vec::new(), missing: widths.into_values().fold(default, f64::max) }),
            };
        }
        if font.is_name("Subtype", "Type3") {
            // Its glyphs may paint far from their widths.
            return Err(Unknown);
        }
        let widths = font.source("Widths").map(|widths| file.resolve(widths)).transpose()?;
        let Some(widths) = widths else {
            // One of the standard fonts: no letter is wider.
            return Ok(Self::Simple { first: 0, widths: Vec::new(), missing: 1.0 });
        };
        let first = font.integer("FirstChar").and_then(|first| usize::try_from(first).ok()).unwrap_or(0);
        let Some(Object::Array(widths)) = parse(&widths) else { return Err(Unknown) };
        let widths =
            widths.into_iter().map(|width| Ok(parse(&file.resolve(width)?).and_then(|width| width.number()).ok_or(Unknown)? / 1_000.0));
        Ok(Self::Simple { first, widths: widths.collect::<Result<_, Unknown>>()?, missing: 1.0 })
    }

    /// The width of each character, and whether word spacing applies to it.
    pub fn characters<'s>(&'s self, bytes: &'s [u8]) -> Box<dyn Iterator<Item = (f64, bool)> + 's> {
        match self {
            Self::Simple { first, widths, missing } => Box::new(bytes.iter().map(move |byte| {
                let width = usize::from(*byte).checked_sub(*first).and_then(|index| widths.get(index));
                (width.copied().unwrap_or(*missing), *byte == b' ')
            })),
            Self::Composite { widths, default } => Box::new(bytes.chunks(2).map(move |pair| {
                let code = pair.iter().fold(0, |code, byte| code << 8 | u16::from(*byte));
                (widths.get(&code).copied().unwrap_or(*default), false)
            })),
        }
    }
}

/// `c [w1 w2 …]` and `first last w` (9.7.4.3).
fn composite(file: &File<'_>, source: &[u8]) -> Result<HashMap<u16, f64>, Unknown> {
    let Some(Object::Array(elements)) = parse(source) else { return Err(Unknown) };
    let mut found = HashMap::new();
    let mut rest = elements.as_slice();
    let number = |source: &[u8]| parse(source).and_then(|number| number.number()).ok_or(Unknown);
    while let [first, second, after @ ..] = rest {
        let start = number(first)? as u16;
        let second = file.resolve(second)?;
        if let Some(Object::Array(widths)) = parse(&second) {
            for (code, width) in (start..=u16::MAX).zip(widths) {
                found.insert(code, number(&file.resolve(width)?)? / 1_000.0);
            }
            rest = after;
        } else {
            let [width, after @ ..] = after else { return Err(Unknown) };
            let width = number(width)? / 1_000.0;
            found.extend((start..=number(&second)? as u16).map(|code| (code, width)));
            rest = after;
        }
    }
    Ok(found)
}
