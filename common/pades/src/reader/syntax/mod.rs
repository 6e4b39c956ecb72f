//! Objects in bytes (ISO 32000-2, 7.2 and 7.3). Values are shallow: what lies inside an array or a dictionary stays
//! source text until somebody asks for it, so that untouched entries can be copied as they stand.

mod content;
mod lexer;
mod object;
mod pass;
mod string;

pub use content::Token;
pub use lexer::Lexer;
pub use object::{Dictionary, Object};

/// The one value that `source` holds.
pub fn parse(source: &[u8]) -> Option<Object<'_>> {
    Lexer::new(source, 0).value()
}

pub fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

pub fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}
