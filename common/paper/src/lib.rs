//! Documents that we write ourselves: tagged PDF/A with embedded fonts. The same facts give the same bytes.

mod copy;
mod flow;
mod receipt;
mod sheet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use krilla::metadata::DateTime;

pub use copy::{NoCopy, copy};
pub use receipt::{NoReceipt, receipt};
pub use sheet::{Align, Faces, PAGE, Sheet, Style, Weight};

/// A time as a PDF tells it.
pub fn date(at: Timestamp) -> DateTime {
    let at = at.to_zoned_datetime(TimeZone::UTC);
    DateTime::new(at.year().unsigned_abs())
        .month(at.month().unsigned_abs())
        .day(at.day().unsigned_abs())
        .hour(at.hour().unsigned_abs())
        .minute(at.minute().unsigned_abs())
        .second(at.second().unsigned_abs())
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
