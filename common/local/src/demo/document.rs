//! The claim as a document: one page of tagged PDF/A-2u with embedded fonts, with room for two signatures at the bottom.

use std::num::NonZeroU16;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use krilla::color::rgb;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::tagging::{TableHeaderScope, Tag, TagGroup, TagTree};
use krilla::{Document, SerializeSettings};
use sigill_paper::{Align, Faces, PAGE, Sheet, Style, Weight, date};

use super::claim::{FeeClaim, HOURLY_FEE, KILOMETRE, kronor, person};

/// Margins, where automatically placed signatures begin too.
const LEFT: f32 = 42.0;
const RIGHT: f32 = PAGE.0 - LEFT;
/// Columns of the table and which end of the text stands there: what, when, how much, at what price, amount.
const COLUMNS: [(f32, Align); 5] =
    [(LEFT + 8.0, Align::Left), (262.0, Align::Left), (398.0, Align::Right), (468.0, Align::Right), (RIGHT - 8.0, Align::Right)];
const ROW: f32 = 22.0;
/// Where the signatures' part begins; two automatically placed ones fit side by side below.
const SIGNATURES: f32 = PAGE.1 - 150.0;
const SECOND_SIGNATURE: f32 = 289.0;

/// The document was not made.
#[derive(Debug, thiserror::Error)]
#[error("the document was not made: {0}")]
pub struct NotMade(pub(super) String);

/// The claim of one month to `organisation` under the e-service's `reference`, made at `now`.
pub fn fee_claim_pdf(organisation: &str, reference: &str, claim: &FeeClaim, now: Timestamp) -> Result<Vec<u8>, NotMade> {
    let failed = |what: &str| NotMade(what.to_owned());
    let configuration = ConfigurationBuilder::new().with_archival_validator(Archival::A2_U).finish();
    let configuration = configuration.map_err(|_| failed("configuration"))?;
    let mut document = Document::new_with(SerializeSettings { configuration, enable_tagging: true, ..SerializeSettings::default() });
    let metadata = Metadata::new().title(format!("Arvodesräkning {}", claim.period)).language("sv".to_owned());
    document.set_metadata(metadata.creator("Arvodesräkning".to_owned()).creation_date(date(now)));
    let faces = Faces::load().ok_or_else(|| failed("font"))?;
    let mut page = document.start_page_with(PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| failed("page"))?);
    let writer = Writer { sheet: Sheet { surface: page.surface(), faces: &faces }, tags: TagTree::new().with_lang(Some("sv".into())) };
    let tags = writer.write(organisation, reference, claim, now);
    page.finish();
    document.set_tag_tree(tags);
    document.finish().map_err(|error| NotMade(format!("{error:?}")))
}

fn style(size: f32, weight: Weight) -> Style {
    Style { size, weight, ink: rgb::Color::new(0x1d, 0x2a, 0x1f) }
}

fn soft(size: f32) -> Style {
    Style { ink: rgb::Color::new(0x4c, 0x59, 0x4b), ..style(size, Weight::Regular) }
}

fn accent() -> rgb::Color {
    rgb::Color::new(0x23, 0x52, 0x2c)
}

/// `18900101-9802`.
fn grouped(number: &str) -> String {
    let (day, rest) = number.split_at_checked(8).unwrap_or((number, ""));
    format!("{day}-{rest}")
}

struct Writer<'a> {
    sheet: Sheet<'a>,
    tags: TagTree,
}

/// Which part of the table a row is.
#[derive(Clone, Copy, PartialEq)]
enum Row {
    Header,
    Item,
    Sum,
}

impl Writer<'_> {
    fn write(mut self, organisation: &str, reference: &str, claim: &FeeClaim, now: Timestamp) -> TagTree {
        self.letterhead(organisation, reference, now);
        self.facts(claim);
        let end = self.table(claim);
        self.assurance(end + 34.0);
        self.signatures(claim);
        self.tags
    }

    fn letterhead(&mut self, organisation: &str, reference: &str, now: Timestamp) {
        self.sheet.band((0.0, 0.0), (PAGE.0, 10.0), accent());
        self.sheet.furniture((LEFT, 48.0), Align::Left, style(12.0, Weight::Bold), organisation);
        let made = now.to_zoned_datetime(TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC)).strftime("%Y-%m-%d");
        for (index, line) in [format!("Datum {made}"), format!("Ärende {reference}"), "Sida 1 (1)".to_owned()].iter().enumerate() {
            self.sheet.furniture((RIGHT, 44.0 + 13.0 * index as f32), Align::Right, soft(8.5), line);
        }
        self.sheet.rule((LEFT, 84.0), RIGHT, 0.8, accent());
    }

    fn facts(&mut self, claim: &FeeClaim) {
        let title = self.sheet.text((LEFT, 128.0), Align::Left, style(24.0, Weight::Bold), "Arvodesräkning");
        let mut heading = TagGroup::new(Tag::Hn(NonZeroU16::MIN, None));
        heading.push(title);
        self.tags.push(heading);
        self.paragraph((LEFT, 148.0), soft(10.5), &format!("Ersättning till förtroendevald, {}", claim.period));
        let name = |number: &str| person(number).map_or_else(String::new, |person| person.name());
        let facts = [
            (LEFT, 186.0, "Förtroendevald", name(&claim.politician)),
            (SECOND_SIGNATURE, 186.0, "Personnummer", grouped(&claim.politician)),
            (LEFT, 222.0, "Godkänns av", name(&claim.approver)),
            (SECOND_SIGNATURE, 222.0, "Period", claim.period.clone()),
        ];
        for (x, y, label, value) in facts {
            let mut fact = TagGroup::new(Tag::P);
            fact.push(self.sheet.text((x, y), Align::Left, soft(8.5), label));
            fact.push(self.sheet.text((x, y + 14.0), Align::Left, style(11.0, Weight::Bold), &value));
            self.tags.push(fact);
        }
    }

    /// Gives where it ends.
    fn table(&mut self, claim: &FeeClaim) -> f32 {
        let mut table = TagGroup::new(Tag::Table);
        let mut y = 280.0;
        self.sheet.band((LEFT, y - 15.0), (RIGHT - LEFT, ROW), rgb::Color::new(0xe6, 0xee, 0xe3));
        table.push(self.row(y, Row::Header, ["Ersättning för", "Datum", "Antal", "À-pris", "Belopp"]));
        for meeting in &claim.meetings {
            y += ROW;
            let hours = format!("{},{} tim", meeting.tenths / 10, meeting.tenths % 10);
            let cells = [&meeting.body, &meeting.date, &hours, &kronor(HOURLY_FEE), &kronor(meeting.fee())];
            table.push(self.row(y, Row::Item, cells.map(String::as_str)));
            self.hairline(y);
        }
        let lost = kronor(claim.lost_earnings);
        let (distance, price, travel) = (format!("{} km", claim.kilometres), kronor(KILOMETRE), kronor(claim.travel()));
        for cells in [["Förlorad arbetsinkomst", "", "", "", lost.as_str()], ["Resor med egen bil", "", &distance, &price, &travel]] {
            y += ROW;
            table.push(self.row(y, Row::Item, cells));
            self.hairline(y);
        }
        y += ROW + 4.0;
        table.push(self.row(y, Row::Sum, ["Summa att betala ut", "", "", "", &kronor(claim.total())]));
        self.sheet.rule((LEFT, y + 8.0), RIGHT, 1.4, accent());
        self.tags.push(table);
        y + 8.0
    }

    fn hairline(&mut self, y: f32) {
        self.sheet.rule((LEFT, y + 7.0), RIGHT, 0.4, rgb::Color::new(0xb4, 0xbe, 0xb2));
    }

    fn row(&mut self, y: f32, part: Row, cells: [&str; 5]) -> TagGroup {
        let mut row = TagGroup::new(Tag::TR);
        let weight = if part == Row::Item { Weight::Regular } else { Weight::Bold };
        for (index, (cell, (x, align))) in cells.into_iter().zip(COLUMNS).enumerate() {
            let mut tagged = match (part, index) {
                (Row::Header, _) => TagGroup::new(Tag::TH(TableHeaderScope::Column)),
                (_, 0) => TagGroup::new(Tag::TH(TableHeaderScope::Row)),
                _ => TagGroup::new(Tag::TD),
            };
            // A cell without content would be left out, and the rest of its row would move.
            let content = if cell.is_empty() { "\u{a0}" } else { cell };
            tagged.push(self.sheet.text((x, y), align, style(9.5, weight), content));
            row.push(tagged);
        }
        row
    }

    fn assurance(&mut self, y: f32) {
        let lines = [
            "Den förtroendevalda försäkrar med sin underskrift att uppgifterna är riktiga.",
            "Den som godkänner intygar med sin underskrift att ersättningen ska betalas ut.",
        ];
        for (index, line) in lines.into_iter().enumerate() {
            self.paragraph((LEFT, y + 16.0 * index as f32), style(10.0, Weight::Regular), line);
        }
    }

    fn signatures(&mut self, claim: &FeeClaim) {
        let mut heading = TagGroup::new(Tag::Hn(NonZeroU16::MIN.saturating_add(1), None));
        heading.push(self.sheet.text((LEFT, SIGNATURES), Align::Left, style(12.0, Weight::Bold), "Underskrifter"));
        self.tags.push(heading);
        self.sheet.rule((LEFT, SIGNATURES + 9.0), RIGHT, 0.8, accent());
        for (x, role, number) in [(LEFT, "Förtroendevald", &claim.politician), (SECOND_SIGNATURE, "Godkänns av", &claim.approver)] {
            let name = person(number).map_or_else(String::new, |person| person.name());
            self.paragraph((x, SIGNATURES + 28.0), style(9.5, Weight::Regular), &format!("{role}: {name}"));
        }
        let footer = "Dokumentet skrivs under elektroniskt. Underskrifterna finns i filen och kan kontrolleras i den.";
        self.sheet.furniture((LEFT, PAGE.1 - 22.0), Align::Left, soft(8.0), footer);
    }

    fn paragraph(&mut self, at: (f32, f32), style: Style, text: &str) {
        let mut paragraph = TagGroup::new(Tag::P);
        paragraph.push(self.sheet.text(at, Align::Left, style, text));
        self.tags.push(paragraph);
    }
}
