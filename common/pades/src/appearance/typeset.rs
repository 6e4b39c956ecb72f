//! Paragraphs on pages of their own, in the font of the visible signature.

use super::Deflater;
use super::font::{Font, Line};
use crate::refusal::Refusal;
use crate::writer::Revision;
use crate::writer::text::number;

/// Distance from the page's edges.
const MARGIN: f64 = 56.0;
/// Line height by font size.
const LEADING: f64 = 1.45;
/// Most pages.
const MOST_PAGES: usize = 100;

/// A paragraph to be set.
pub struct Paragraph<'t> {
    /// Its text.
    pub text: &'t str,
    /// Font size.
    pub size: f64,
}

/// Paragraphs set on pages.
pub struct Typeset {
    font: Font,
    pages: Vec<Page>,
}

/// A page: what of each paragraph stands on it.
#[derive(Default)]
pub struct Page(Vec<String>);

impl Typeset {
    /// Breaks `paragraphs` into lines and pages of `size`.
    pub fn new<'t>(paragraphs: impl Iterator<Item = Paragraph<'t>>, size: (f64, f64)) -> Result<Self, Refusal> {
        let mut font = Font::new()?;
        let mut pages = vec![Page::default()];
        let mut y = size.1 - MARGIN;
        for Paragraph { text, size: points } in paragraphs {
            let mut operators = String::new();
            for line in lines(&mut font, text, points, size.0 - 2.0 * MARGIN) {
                if y - points * LEADING < MARGIN {
                    last(&mut pages).extend((!operators.is_empty()).then(|| std::mem::take(&mut operators)));
                    if pages.len() == MOST_PAGES {
                        return Err(Refusal::TooComplex { what: "note" });
                    }
                    pages.push(Page::default());
                    y = size.1 - MARGIN;
                }
                y -= points * LEADING;
                operators.push_str(&format!("/F0 {} Tf 1 0 0 1 {} {} Tm\n", number(points), number(MARGIN), number(y)));
                operators.push_str(&font.show(&line, points));
            }
            last(&mut pages).push(operators);
            y -= points * 0.8;
        }
        Ok(Self { font, pages })
    }

    /// Adds the font, and gives the resources that each page's content needs.
    pub fn put_resources(&self, revision: &mut Revision<'_, '_>) -> Result<String, Refusal> {
        let font = self.font.put(revision, &mut Deflater::new())?;
        Ok(format!("<</Font<</F0 {font} 0 R>>/ColorSpace<</G[/CalGray<</WhitePoint[0.9505 1 1.089]/Gamma 2.2>>]>>>>"))
    }

    /// The pages.
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }
}

impl Page {
    /// How many marked contents it has.
    pub fn marks(&self) -> usize {
        self.0.len()
    }

    /// Its content, compressed; each paragraph is marked for the structure when there is one.
    pub fn content(&self, marked: bool) -> Vec<u8> {
        let mut content = String::new();
        for (mark, operators) in self.0.iter().enumerate() {
            let text = format!("BT /G cs 0 sc\n{operators}ET\n");
            content.push_str(&if marked { format!("/P<</MCID {mark}>>BDC\n{text}EMC\n") } else { text });
        }
        Deflater::new().deflate(content.as_bytes())
    }
}

fn last(pages: &mut [Page]) -> &mut Vec<String> {
    // There is always one.
    let end = pages.len() - 1;
    &mut pages[end].0
}

/// Lines of at most `width`, broken between words, and within a word that is longer than a line.
fn lines(font: &mut Font, text: &str, size: f64, width: f64) -> Vec<Line> {
    let fits = |font: &mut Font, text: &str| {
        let line = font.line(text);
        font.width(&line) * size / 1_000.0 <= width
    };
    let mut texts = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(font, &longer) {
            line = longer;
            continue;
        }
        texts.extend((!line.is_empty()).then(|| std::mem::take(&mut line)));
        for character in word.chars() {
            line.push(character);
            if !fits(font, &line) && line.chars().nth(1).is_some() {
                line.pop();
                texts.push(std::mem::replace(&mut line, character.to_string()));
            }
        }
    }
    texts.push(line);
    texts.iter().map(|text| font.line(text)).collect()
}
