//! The requester's logo: a PNG as an image that every flavour of PDF/A allows.

use std::collections::BTreeMap;
use std::sync::Arc;

use png::{ColorType, Decoder, Limits, Transformations};

use super::Deflater;
use crate::refusal::Refusal;
use crate::writer::Revision;
use crate::writer::text::number;

/// Most pixels of a side.
const LONGEST_SIDE: u32 = 2_000;
/// Most bytes the decoder may use.
const MEMORY: usize = 32 * 1024 * 1024;

/// A decoded logo: opaque, on white.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    width: u32,
    height: u32,
    /// Three bytes a pixel, red, green and blue of sRGB.
    pixels: Arc<[u8]>,
}

/// Why a file is no logo.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// Not a PNG, or a damaged one.
    #[error("not a sound PNG: {0}")]
    Png(String),
    /// Too large to be printed this small.
    #[error("{width} by {height} pixels; at most 2000 a side")]
    TooLarge {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
}

impl Logo {
    /// Decodes a PNG of any kind. What is transparent lets white through: PDF/A-1 knows no transparency.
    pub fn from_png(png: &[u8]) -> Result<Self, LogoError> {
        let unsound = |error: png::DecodingError| LogoError::Png(error.to_string());
        let mut decoder = Decoder::new_with_limits(std::io::Cursor::new(png), Limits { bytes: MEMORY });
        decoder.set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
        let mut reader = decoder.read_info().map_err(unsound)?;
        let (width, height) = reader.info().size();
        if width > LONGEST_SIDE || height > LONGEST_SIDE {
            return Err(LogoError::TooLarge { width, height });
        }
        let size = reader.output_buffer_size().ok_or(LogoError::TooLarge { width, height })?;
        let mut samples = vec![0; size];
        let frame = reader.next_frame(&mut samples).map_err(unsound)?;
        let on_white = |sample: u8, alpha: u8| {
            let (sample, alpha) = (u32::from(sample), u32::from(alpha));
            u8::try_from((sample * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(255)
        };
        let samples = samples.get(..frame.buffer_size()).unwrap_or_default();
        let pixels: Vec<u8> = match frame.color_type {
            ColorType::GrayscaleAlpha => samples.chunks_exact(2).flat_map(|pixel| [on_white(pixel[0], pixel[1]); 3]).collect(),
            _ => samples.chunks_exact(4).flat_map(|pixel| [0, 1, 2].map(|at| on_white(pixel[at], pixel[3]))).collect(),
        };
        Ok(Self { width, height, pixels: pixels.into() })
    }

    /// Width by height.
    pub(super) fn proportion(&self) -> f64 {
        f64::from(self.width) / f64::from(self.height.max(1))
    }

    /// Adds the image XObject. Few colours become a palette; either way they are calibrated, sRGB nearly.
    pub(super) fn put(&self, revision: &mut Revision<'_, '_>, deflater: &mut Deflater) -> Result<u32, Refusal> {
        const SRGB: &str = "[/CalRGB<</WhitePoint[0.9505 1 1.089]/Gamma[2.2 2.2 2.2]/Matrix[0.4124 0.2126 0.0193 0.3576 0.7152 0.1192 0.1805 0.0722 0.9505]>>]";
        let mut palette: BTreeMap<[u8; 3], u8> = BTreeMap::new();
        let mut indexed = Vec::with_capacity(self.pixels.len() / 3);
        for pixel in self.pixels.chunks_exact(3) {
            let next = palette.len();
            let Ok(next) = u8::try_from(next) else { break };
            indexed.push(*palette.entry([pixel[0], pixel[1], pixel[2]]).or_insert(next));
        }
        let (colours, data) = if indexed.len() * 3 == self.pixels.len() && palette.len() <= 256 {
            let mut in_order: Vec<_> = palette.iter().collect();
            in_order.sort_by_key(|(_, index)| **index);
            let table: String = in_order.iter().flat_map(|(colour, _)| colour.map(|sample| format!("{sample:02X}"))).collect();
            (format!("[/Indexed{SRGB}{}<{table}>]", number((palette.len().max(1) - 1) as f64)), deflater.deflate(&indexed))
        } else {
            (SRGB.to_owned(), deflater.deflate(&self.pixels))
        };
        let (width, height) = (self.width, self.height);
        let entries =
            format!("/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8/ColorSpace{colours}/Filter/FlateDecode");
        revision.put_stream(&entries, &data)
    }
}
