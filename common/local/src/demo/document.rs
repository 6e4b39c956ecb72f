//! The claim as a document: PDF/A-2u with embedded fonts, with room for the signatures at the bottom.

use jiff::Timestamp;
use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::luma;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::Stroke;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};

use super::claim::{FeeClaim, kronor, person};

/// A4 in points.
const PAGE: (f32, f32) = (595.28, 841.89);
const LEFT: f32 = 56.0;
const RIGHT: f32 = 539.0;
/// Columns of the table: what, when, hours, amount.
const COLUMNS: [f32; 3] = [LEFT, 290.0, 390.0];

/// The document was not made.
#[derive(Debug, thiserror::Error)]
#[error("the document was not made: {0}")]
pub struct NotMade(String);

/// The claim of one month to `organisation`, made at `now`.
pub fn fee_claim_pdf(organisation: &str, claim: &FeeClaim, now: Timestamp) -> Result<Vec<u8>, NotMade> {
    let failed = |what: &str| NotMade(what.to_owned());
    let configuration = ConfigurationBuilder::new().with_archival_validator(Archival::A2_U).finish();
    let configuration = configuration.map_err(|_| failed("configuration"))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let title = format!("Arvodesräkning {}", claim.period);
    let metadata = Metadata::new().title(title.clone()).language("sv".to_owned()).creator("Arvodesräkning".to_owned());
    document.set_metadata(metadata.creation_date(date(now)));
    let regular = Font::new(dejavu::sans::regular().to_vec().into(), 0).ok_or_else(|| failed("font"))?;
    let bold = Font::new(dejavu::sans::bold().to_vec().into(), 0).ok_or_else(|| failed("font"))?;
    let mut page = document.start_page_with(PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| failed("page"))?);
    {
        let mut writer = Writer { surface: page.surface(), regular, bold, y: 72.0 };
        writer.claim(organisation, &title, claim, now);
    }
    page.finish();
    document.finish().map_err(|error| NotMade(format!("{error:?}")))
}

fn date(at: Timestamp) -> DateTime {
    let at = at.to_zoned_datetime(jiff::tz::TimeZone::UTC);
    DateTime::new(at.year().unsigned_abs())
        .month(at.month().unsigned_abs())
        .day(at.day().unsigned_abs())
        .hour(at.hour().unsigned_abs())
        .minute(at.minute().unsigned_abs())
        .second(at.second().unsigned_abs())
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

struct Writer<'a> {
    surface: Surface<'a>,
    regular: Font,
    bold: Font,
    y: f32,
}

/// How a line looks.
#[derive(Clone, Copy)]
enum Weight {
    Regular,
    Bold,
}

impl Writer<'_> {
    fn claim(&mut self, organisation: &str, title: &str, claim: &FeeClaim, now: Timestamp) {
        let name = |number: &str| person(number).map_or_else(String::new, |person| person.name());
        self.text(LEFT, 11.0, Weight::Regular, organisation);
        self.y += 34.0;
        self.text(LEFT, 21.0, Weight::Bold, title);
        self.y += 30.0;
        for (label, value) in [
            ("Förtroendevald", name(&claim.politician)),
            ("Godkänns av", name(&claim.approver)),
            ("Upprättad", now.strftime("%Y-%m-%d").to_string()),
        ] {
            self.text(LEFT, 10.0, Weight::Bold, label);
            self.text(170.0, 10.0, Weight::Regular, &value);
            self.y += 17.0;
        }
        self.y += 22.0;
        self.row(["Sammanträde", "Datum", "Timmar"], "Belopp", Weight::Bold);
        self.rule();
        for meeting in &claim.meetings {
            let hours = format!("{},{}", meeting.tenths / 10, meeting.tenths % 10);
            self.row([&meeting.body, &meeting.date, &hours], &kronor(meeting.fee()), Weight::Regular);
        }
        self.row(["Förlorad arbetsförtjänst", "", ""], &kronor(claim.lost_earnings), Weight::Regular);
        let distance = format!("{} km", claim.kilometres);
        self.row(["Resor med egen bil", "", &distance], &kronor(claim.travel()), Weight::Regular);
        self.rule();
        self.row(["Summa att betala ut", "", ""], &kronor(claim.total()), Weight::Bold);
        self.y += 28.0;
        self.text(LEFT, 10.0, Weight::Regular, "Jag försäkrar att uppgifterna är riktiga.");
        self.y = PAGE.1 - 120.0;
        self.text(LEFT, 9.0, Weight::Regular, "Underskrifter");
    }

    fn row(&mut self, cells: [&str; 3], amount: &str, weight: Weight) {
        for (x, cell) in COLUMNS.into_iter().zip(cells) {
            self.text(x, 10.0, weight, cell);
        }
        // The font's digits are equally wide, so a fixed width for each character sets amounts flush right.
        self.text(RIGHT - 6.4 * amount.chars().count() as f32, 10.0, weight, amount);
        self.y += 19.0;
    }

    fn rule(&mut self) {
        let mut path = PathBuilder::new();
        path.move_to(LEFT, self.y - 11.0);
        path.line_to(RIGHT, self.y - 11.0);
        if let Some(path) = path.finish() {
            self.surface.set_stroke(Some(Stroke { paint: luma::Color::new(110).into(), width: 0.7, ..Stroke::default() }));
            self.surface.draw_path(&path);
            self.surface.set_stroke(None);
        }
        self.y += 6.0;
    }

    fn text(&mut self, x: f32, size: f32, weight: Weight, text: &str) {
        if text.is_empty() {
            return;
        }
        let font = match weight {
            Weight::Regular => self.regular.clone(),
            Weight::Bold => self.bold.clone(),
        };
        self.surface.draw_text(Point::from_xy(x, self.y), font, size, text, false, TextDirection::LeftToRight);
    }
}
