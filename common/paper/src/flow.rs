//! Text that flows over as many pages as it needs: headings, paragraphs, and tables of facts with a label each.

use std::num::NonZeroU16;

use krilla::Document;
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::tagging::{Identifier, TableHeaderScope, Tag, TagGroup, TagTree};

use crate::sheet::{Align, Faces, PAGE, Sheet, Style, Weight};

const LEFT: f32 = 56.0;
const RIGHT: f32 = PAGE.0 - 56.0;
/// Where the values of facts begin.
const VALUES: f32 = 206.0;
const TOP: f32 = 68.0;
const BOTTOM: f32 = PAGE.1 - 64.0;

/// Something that flows.
pub enum Block {
    /// The document's title.
    Title(String),
    /// The heading of a part, also in the outline.
    Part(String),
    /// The heading of a table of facts.
    Name(String),
    /// A paragraph.
    Paragraph(String),
    /// Label and value of each fact.
    Facts(Vec<(String, String)>),
}

/// What stands on every page.
pub struct Furniture {
    /// Upper left.
    pub head: String,
    /// Lower left.
    pub foot: String,
    /// Lower right, of page `number` among `count`.
    pub page: fn(&Furniture, number: usize, count: usize) -> String,
    /// For `page`.
    pub text: sigill_web::text::Text,
}

pub fn ink() -> rgb::Color {
    rgb::Color::new(0x1b, 0x1f, 0x24)
}

fn soft() -> rgb::Color {
    rgb::Color::new(0x4a, 0x51, 0x5a)
}

fn rule() -> rgb::Color {
    rgb::Color::new(0x9a, 0xa3, 0xad)
}

fn style(size: f32, weight: Weight) -> Style {
    Style { size, weight, ink: ink() }
}

/// A line at its place.
struct Line {
    page: usize,
    at: (f32, f32),
    style: Style,
    text: String,
}

/// A piece of the reading order.
enum Piece {
    Heading {
        level: NonZeroU16,
        lines: Vec<Line>,
    },
    Paragraph(Vec<Line>),
    /// Label and value of each row.
    Table(Vec<(Vec<Line>, Vec<Line>)>),
}

/// Where the next line goes.
struct Cursor<'f> {
    faces: &'f Faces,
    page: usize,
    y: f32,
    rules: Vec<(usize, f32)>,
}

impl Cursor<'_> {
    /// `text` from here down; begins a new page unless `together` fits on this one.
    fn lines(&mut self, style: Style, (x, to): (f32, f32), lead: f32, text: &str, together: f32) -> Vec<Line> {
        if self.y + together > BOTTOM {
            self.next_page();
        }
        let mut lines = Vec::new();
        for text in self.faces.lines(style, to - x, text) {
            if self.y + lead > BOTTOM {
                self.next_page();
            }
            self.y += lead;
            lines.push(Line { page: self.page, at: (x, self.y), style, text });
        }
        lines
    }

    fn next_page(&mut self) {
        self.page += 1;
        self.y = TOP;
    }

    fn row(&mut self, label: &str, value: &str) -> (Vec<Line>, Vec<Line>) {
        let label_style = Style { size: 9.0, weight: Weight::Regular, ink: soft() };
        let value_style = style(10.0, Weight::Regular);
        let count = |style, from: f32, to: f32, text: &str| self.faces.lines(style, to - from, text).len() as f32;
        // A row stands on one page; both columns are short.
        let height = 13.5 * count(label_style, LEFT, VALUES - 12.0, label).max(count(value_style, VALUES, RIGHT, value)) + 4.0;
        if self.y + height > BOTTOM {
            self.next_page();
        }
        let (page, top) = (self.page, self.y);
        let label = self.lines(label_style, (LEFT, VALUES - 12.0), 13.5, label, 0.0);
        self.y = top;
        let value = self.lines(value_style, (VALUES, RIGHT), 13.5, value, 0.0);
        (self.page, self.y) = (page, top + height);
        (label, value)
    }

    fn piece(&mut self, block: &Block) -> Piece {
        let level = |number: u16| NonZeroU16::MIN.saturating_add(number - 1);
        match block {
            Block::Title(text) => {
                let lines = self.lines(style(22.0, Weight::Bold), (LEFT, RIGHT), 28.0, text, 0.0);
                self.y += 6.0;
                Piece::Heading { level: level(1), lines }
            }
            Block::Part(text) => {
                self.y += 14.0;
                // Not alone at the foot of a page.
                let lines = self.lines(style(14.0, Weight::Bold), (LEFT, RIGHT), 19.0, text, 90.0);
                self.y += 6.0;
                self.rules.push((self.page, self.y));
                self.y += 2.0;
                Piece::Heading { level: level(2), lines }
            }
            Block::Name(text) => {
                self.y += 8.0;
                let lines = self.lines(style(11.5, Weight::Bold), (LEFT, RIGHT), 16.0, text, 70.0);
                self.y += 2.0;
                Piece::Heading { level: level(3), lines }
            }
            Block::Paragraph(text) => {
                let lines = self.lines(style(10.0, Weight::Regular), (LEFT, RIGHT), 14.5, text, 0.0);
                self.y += 6.0;
                Piece::Paragraph(lines)
            }
            Block::Facts(facts) => Piece::Table(facts.iter().map(|(label, value)| self.row(label, value)).collect()),
        }
    }
}

/// Writes `blocks` into `document`, with tags and an outline.
pub fn write(document: &mut Document, faces: &Faces, blocks: &[Block], furniture: &Furniture) -> Option<()> {
    let mut cursor = Cursor { faces, page: 0, y: TOP, rules: Vec::new() };
    let pieces: Vec<Piece> = blocks.iter().map(|block| cursor.piece(block)).collect();
    let count = cursor.page + 1;
    let mut outline = Outline::new();
    // Line by line in the reading order, for each page the lines that stand on it.
    let lines: Vec<&Line> = pieces.iter().flat_map(Piece::lines).collect();
    let mut identifiers: Vec<Option<Identifier>> = lines.iter().map(|_| None).collect();
    for page in 0..count {
        let mut sheet_page = document.start_page_with(PageSettings::from_wh(PAGE.0, PAGE.1)?);
        let mut sheet = Sheet { surface: sheet_page.surface(), faces };
        let small = Style { size: 8.5, weight: Weight::Regular, ink: soft() };
        sheet.furniture((LEFT, 48.0), Align::Left, style(10.0, Weight::Bold), &furniture.head);
        sheet.furniture((LEFT, PAGE.1 - 36.0), Align::Left, small, &furniture.foot);
        sheet.furniture((RIGHT, PAGE.1 - 36.0), Align::Right, small, &(furniture.page)(furniture, page + 1, count));
        for (_, y) in cursor.rules.iter().filter(|(on, _)| *on == page) {
            sheet.rule((LEFT, *y), RIGHT, 0.8, rule());
        }
        for (line, identifier) in lines.iter().zip(&mut identifiers).filter(|(line, _)| line.page == page) {
            *identifier = Some(sheet.text(line.at, Align::Left, line.style, &line.text));
        }
        drop(sheet);
        sheet_page.finish();
    }
    let mut identifiers = identifiers.into_iter().flatten();
    let mut tags = TagTree::new().with_lang(Some(furniture.text.tag().into()));
    for piece in &pieces {
        if let Piece::Heading { level, lines } = piece
            && let Some(first) = lines.first().filter(|_| level.get() == 2)
        {
            outline.push_child(OutlineNode::new(
                joined(lines),
                XyzDestination::new(first.page, Point::from_xy(first.at.0, first.at.1 - 20.0)),
            ));
        }
        tags.push(piece.tag(&mut identifiers));
    }
    document.set_tag_tree(tags);
    document.set_outline(outline);
    Some(())
}

fn joined(lines: &[Line]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ")
}

impl Piece {
    /// In the reading order.
    fn lines(&self) -> Vec<&Line> {
        match self {
            Self::Heading { lines, .. } | Self::Paragraph(lines) => lines.iter().collect(),
            Self::Table(rows) => rows.iter().flat_map(|(label, value)| label.iter().chain(value)).collect(),
        }
    }

    /// The tag around its lines, which come next in `identifiers`.
    fn tag(&self, identifiers: &mut impl Iterator<Item = Identifier>) -> TagGroup {
        let mut filled = |mut group: TagGroup, lines: &[Line]| {
            identifiers.by_ref().take(lines.len()).for_each(|identifier| group.push(identifier));
            group
        };
        match self {
            Self::Heading { level, lines } => filled(TagGroup::new(Tag::Hn(*level, Some(joined(lines)))), lines),
            Self::Paragraph(lines) => filled(TagGroup::new(Tag::P), lines),
            Self::Table(rows) => {
                let mut table = TagGroup::new(Tag::Table);
                for (label, value) in rows {
                    let mut row = TagGroup::new(Tag::TR);
                    row.push(filled(TagGroup::new(Tag::TH(TableHeaderScope::Row)), label));
                    row.push(filled(TagGroup::new(Tag::TD), value));
                    table.push(row);
                }
                table
            }
        }
    }
}
