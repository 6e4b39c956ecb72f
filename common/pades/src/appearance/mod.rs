//! The visible signature: a few lines of text in an embedded subset of DejaVu Sans, and perhaps a logo. Colours are
//! calibrated, so that they mean the same in every document and keep PDF/A whatever its output intent.

mod font;
mod logo;
mod shape;
mod typeset;

use flate2::{Compress, Compression, FlushCompress, Status};

pub use logo::{Logo, LogoError};
pub use typeset::{Paragraph, Typeset};

use crate::placement::Placed;
use crate::refusal::Refusal;
use crate::writer::Revision;
use crate::writer::text::number;
use font::{Font, Line};

/// What a visible signature says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// Line by line; the first one is larger.
    pub lines: Vec<String>,
    /// Shown before the lines.
    pub logo: Option<Logo>,
}

/// Space between border, logo and text.
const PADDING: f64 = 7.0;
/// Largest font sizes, of the first line and the others.
const SIZES: (f64, f64) = (11.0, 8.0);
/// Line height by font size.
const LEADING: f64 = 1.3;
/// How much smaller a line may get before it is broken in two.
const SMALLEST: f64 = 0.75;
/// The logo's largest share of the width.
const LOGO_SHARE: f64 = 0.3;

/// No bytes, compressed (RFC 1950).
const NOTHING: &[u8] = b"\x78\xda\x03\0\0\0\0\x01";

/// Adds an appearance without content, for fields that are invisible or not signed yet: PDF/A wants one all the same.
pub fn put_empty(revision: &mut Revision<'_, '_>, (width, height): (f64, f64)) -> Result<u32, Refusal> {
    // Compressed, though empty: EU DSS takes a new /Filter for a change of something else than the field.
    let entries = format!("/Type/XObject/Subtype/Form/BBox[0 0 {} {}]/Resources<<>>/Filter/FlateDecode", number(width), number(height));
    revision.put_stream(&entries, NOTHING)
}

/// Adds the appearance with its font and gives the form XObject's number.
pub fn put(revision: &mut Revision<'_, '_>, appearance: &Appearance, placed: &Placed) -> Result<u32, Refusal> {
    let (width, height) = placed.size;
    let mut deflater = Deflater::new();
    let mut out = format!("/G CS 0.55 SC 0.75 w 0.375 0.375 {} {} re S\n", number(width - 0.75), number(height - 0.75));
    let mut left = PADDING;
    let mut images = String::new();
    if let Some(logo) = &appearance.logo {
        let room = (width * LOGO_SHARE, (height - 2.0 * PADDING).max(1.0));
        let across = room.0.min(room.1 * logo.proportion());
        let high = across / logo.proportion();
        let bottom = (height - high) / 2.0;
        out.push_str(&format!("q {} 0 0 {} {} {} cm /I0 Do Q\n", number(across), number(high), number(left), number(bottom)));
        left += across + PADDING;
        images = format!("/XObject<</I0 {} 0 R>>", logo.put(revision, &mut deflater)?);
    }
    let mut font = Font::new()?;
    out.push_str(&text(&mut font, &appearance.lines, left, ((width - left - PADDING).max(1.0), height)));
    let entries = format!(
        "/Type/XObject/Subtype/Form/BBox[0 0 {} {}]/Matrix{}/Resources<</Font<</F0 {} 0 R>>{images}/ColorSpace<</G[/CalGray<</WhitePoint[0.9505 1 1.089]/Gamma 2.2>>]>>>>/Filter/FlateDecode",
        number(width),
        number(height),
        placed.matrix,
        font.put(revision, &mut deflater)?,
    );
    revision.put_stream(&entries, &deflater.deflate(out.as_bytes()))
}

/// The lines, from the top, as large as the room allows.
fn text(font: &mut Font, lines: &[String], left: f64, (room, height): (f64, f64)) -> String {
    let mut fitting: Vec<(Line, f64)> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let size = if index == 0 { SIZES.0 } else { SIZES.1 };
        fitting.extend(broken(font, line, size, room));
    }
    let needed: f64 = fitting.iter().map(|(_, size)| size * LEADING).sum();
    let tallest = ((height - 2.0 * PADDING).max(1.0) / needed).min(1.0);
    let mut out = "BT /G cs 0 sc\n".to_owned();
    let mut y = height - PADDING;
    for (line, size) in fitting {
        let size = size * tallest;
        let natural = font.width(&line) * size / 1_000.0;
        let fitted = if natural > room { size * room / natural } else { size };
        y -= size * LEADING;
        let baseline = y + size * (LEADING - 1.0);
        out.push_str(&format!("/F0 {} Tf 1 0 0 1 {} {} Tm\n", number(fitted), number(left), number(baseline)));
        out.push_str(&font.show(&line, fitted));
    }
    out.push_str("ET");
    out
}

/// `line`, in two when it would get too small: at the space that leaves the halves most alike.
fn broken(font: &mut Font, line: &str, size: f64, room: f64) -> Vec<(Line, f64)> {
    let whole = font.line(line);
    if font.width(&whole) * size / 1_000.0 * SMALLEST <= room {
        return vec![(whole, size)];
    }
    let middle = line.len() / 2;
    let at = line.char_indices().filter(|(_, character)| *character == ' ').min_by_key(|(at, _)| at.abs_diff(middle));
    match at {
        Some((at, _)) => [&line[..at], &line[at + 1..]].map(|half| (font.line(half), size * SMALLEST)).into(),
        None => vec![(whole, size)],
    }
}

/// Compresses one stream after another. Its tables are far larger than what is compressed, so they are made once.
struct Deflater(Compress);

impl Deflater {
    fn new() -> Self {
        Self(Compress::new(Compression::default(), true))
    }

    fn deflate(&mut self, data: &[u8]) -> Vec<u8> {
        if self.0.total_in() > 0 {
            self.0.reset();
        }
        let mut out = Vec::new();
        loop {
            // What does not compress becomes a few bytes longer.
            out.reserve(data.len() + 64);
            let read = usize::try_from(self.0.total_in()).unwrap_or(usize::MAX);
            let rest = data.get(read..).unwrap_or_default();
            // In memory nothing fails.
            if let Ok(Status::StreamEnd) | Err(_) = self.0.compress_vec(rest, &mut out, FlushCompress::Finish) {
                return out;
            }
        }
    }
}
