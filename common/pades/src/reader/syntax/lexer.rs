//! Reads one value after another.

use std::borrow::Cow;

use super::{Dictionary, Object, hex, is_delimiter, is_space};

/// A cursor over source text.
#[derive(Clone)]
pub struct Lexer<'a> {
    pub(super) bytes: &'a [u8],
    pub at: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// White space and comments.
    pub fn skip_space(&mut self) {
        loop {
            self.token(is_space);
            if self.peek() != Some(b'%') {
                return;
            }
            self.token(|byte| byte != b'\n' && byte != b'\r');
        }
    }

    /// Takes `keyword` when it comes next.
    pub fn keyword(&mut self, keyword: &[u8]) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(keyword);
        if found {
            self.at += keyword.len();
        }
        found
    }

    /// An unsigned integer.
    pub fn unsigned(&mut self) -> Option<u64> {
        self.skip_space();
        let digits = self.token(|byte| byte.is_ascii_digit());
        std::str::from_utf8(digits).ok()?.parse().ok()
    }

    /// `number generation obj`.
    pub fn header(&mut self, number: u32, generation: u16) -> bool {
        self.unsigned() == Some(number.into()) && self.unsigned() == Some(generation.into()) && self.keyword(b"obj")
    }

    /// `obj` after any two numbers.
    pub fn any_header(&mut self) -> bool {
        self.unsigned().is_some() && self.unsigned().is_some() && self.keyword(b"obj")
    }

    /// All bytes that belong.
    pub(super) fn token(&mut self, belongs: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().position(|byte| !belongs(*byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// The next value.
    pub fn value(&mut self) -> Option<Object<'a>> {
        self.skip_space();
        match self.peek()? {
            b'/' => self.name().map(Object::Name),
            b'(' => self.literal_string().map(Object::String),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => self.dictionary().map(Object::Dictionary),
            b'<' => self.hex_string().map(Object::String),
            b'[' => self.array().map(Object::Array),
            b'+' | b'-' | b'.' | b'0'..=b'9' => self.number_or_reference(),
            _ => match self.token(|byte| !is_space(byte) && !is_delimiter(byte)) {
                b"true" => Some(Object::Boolean(true)),
                b"false" => Some(Object::Boolean(false)),
                b"null" => Some(Object::Null),
                _ => None,
            },
        }
    }

    fn name(&mut self) -> Option<Cow<'a, [u8]>> {
        self.at += 1;
        let raw = self.token(|byte| !is_space(byte) && !is_delimiter(byte));
        if !raw.contains(&b'#') {
            return Some(Cow::Borrowed(raw));
        }
        let mut decoded = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let Some((&byte, tail)) = rest.split_first() {
            rest = tail;
            match (byte, tail) {
                (b'#', [high, low, after @ ..]) if hex(*high).is_some() && hex(*low).is_some() => {
                    decoded.push(hex(*high)? << 4 | hex(*low)?);
                    rest = after;
                }
                _ => decoded.push(byte),
            }
        }
        Some(Cow::Owned(decoded))
    }

    fn number_or_reference(&mut self) -> Option<Object<'a>> {
        let text = self.token(|byte| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9'));
        let text = std::str::from_utf8(text).ok()?;
        if text.contains('.') {
            return text.parse().ok().map(Object::Real);
        }
        let value: i64 = text.parse().ok()?;
        let mut ahead = self.clone();
        if let (Ok(number), Some(_), true) = (u32::try_from(value), ahead.unsigned(), ahead.reference_end()) {
            self.at = ahead.at;
            return Some(Object::Reference(number));
        }
        Some(Object::Integer(value))
    }

    fn array(&mut self) -> Option<Vec<&'a [u8]>> {
        self.at += 1;
        let mut elements = Vec::new();
        while !self.keyword(b"]") {
            elements.push(self.value_source(1)?);
        }
        Some(elements)
    }

    pub fn dictionary(&mut self) -> Option<Dictionary<'a>> {
        if !self.keyword(b"<<") {
            return None;
        }
        let mut dictionary = Dictionary::default();
        while !self.keyword(b">>") {
            if self.peek()? != b'/' {
                return None;
            }
            let name = self.name()?;
            let source = self.value_source(1)?;
            dictionary.entries.push((name, source));
        }
        // Readers differ on which of two equal names counts.
        if dictionary.has_equal_names() { None } else { Some(dictionary) }
    }
}
