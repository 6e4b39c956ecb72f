//! Everything that the signing pages say. The texts are in `text/sv.json` and `text/en.json`: each one is a method here,
//! and what stands in braces is an argument of it, in alphabetical order.

use std::fmt::Display;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sigill_core::sign_request::Language;

/// The texts of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(pub Language);

include!(concat!(env!("OUT_DIR"), "/text.rs"));

impl Text {
    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        self.0.tag()
    }

    /// Bytes for people.
    pub fn size(self, bytes: u64) -> String {
        match bytes {
            0..1_000_000 => self.document_kilobytes(bytes.div_ceil(1_000)),
            _ => self.document_megabytes(bytes % 1_000_000 / 100_000, bytes / 1_000_000),
        }
    }

    /// How many pages.
    pub fn pages(self, count: usize) -> String {
        match count {
            1 => self.document_page().to_owned(),
            _ => self.document_pages(count),
        }
    }

    /// Swedish time, to the minute.
    pub fn moment(self, at: Timestamp) -> String {
        let local = at.to_zoned_datetime(TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC));
        let month = self.months().split(' ').nth(usize::from(local.month().unsigned_abs()) - 1).unwrap_or_default();
        self.date(local.day(), month, local.strftime("%H:%M"), local.year())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_pages_and_moments_are_written_as_people_write_them() {
        let (sv, en) = (Text(Language::Sv), Text(Language::En));
        assert_eq!((sv.size(12_001), sv.size(3_270_000), en.size(3_270_000)), ("13 kB".into(), "3,2 MB".into(), "3.2 MB".into()));
        assert_eq!((sv.pages(1), sv.pages(2), en.pages(2)), ("1 sida".into(), "2 sidor".into(), "2 pages".into()));
        let newyear: Timestamp = "2026-12-31T23:30:00Z".parse().unwrap_or_default();
        assert_eq!(sv.moment(newyear), "1 januari 2027 kl. 00:30");
        assert_eq!(en.moment(newyear), "1 January 2027 at 00:30 (Swedish time)");
        for text in [sv, en] {
            assert_eq!(text.months().split(' ').count(), 12);
        }
    }
}
