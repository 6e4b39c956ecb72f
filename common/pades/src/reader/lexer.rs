//! Objects in bytes (ISO 32000-2, 7.2 and 7.3). Values are shallow: what lies inside an array or a dictionary stays
//! source text until somebody asks for it, so that untouched entries can be copied as they stand.

use std::borrow::Cow;

/// Deepest nesting of arrays and dictionaries.
const DEEPEST: usize = 64;

pub fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

pub fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// A value, one level deep.
#[derive(Clone, Debug, PartialEq)]
pub enum Object<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    Real(f64),
    /// Decoded bytes.
    String(Vec<u8>),
    /// Decoded, without the slash.
    Name(Cow<'a, [u8]>),
    /// The source of each element.
    Array(Vec<&'a [u8]>),
    Dictionary(Dictionary<'a>),
    Reference(u32),
}

/// A dictionary: names and the source of their values, in order.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Dictionary<'a> {
    entries: Vec<(Cow<'a, [u8]>, &'a [u8])>,
}

impl<'a> Dictionary<'a> {
    /// The value of `name`; `None` when absent, null, or not an object.
    pub fn get(&self, name: &str) -> Option<Object<'a>> {
        match parse(self.source(name)?)? {
            Object::Null => None,
            object => Some(object),
        }
    }

    /// The value of `name` as it stands.
    pub fn source(&self, name: &str) -> Option<&'a [u8]> {
        self.entries.iter().find(|(key, _)| key.as_ref() == name.as_bytes()).map(|(_, source)| *source)
    }

    fn has_equal_names(&self) -> bool {
        let mut names: Vec<&[u8]> = self.entries.iter().map(|(name, _)| name.as_ref()).collect();
        names.sort_unstable();
        names.windows(2).any(|pair| pair[0] == pair[1])
    }

    pub fn entries(&self) -> impl Iterator<Item = (&[u8], &'a [u8])> {
        self.entries.iter().map(|(key, source)| (key.as_ref(), *source))
    }

    pub fn integer(&self, name: &str) -> Option<i64> {
        self.get(name)?.integer()
    }

    pub fn is_name(&self, name: &str, value: &str) -> bool {
        matches!(self.get(name), Some(Object::Name(found)) if found.as_ref() == value.as_bytes())
    }
}

impl<'a> Object<'a> {
    pub fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Real(value) => Some(*value),
            _ => None,
        }
    }

    pub fn reference(&self) -> Option<u32> {
        match self {
            Self::Reference(number) => Some(*number),
            _ => None,
        }
    }
}

/// A token of a content stream.
pub enum Token<'a> {
    Operand(Object<'a>),
    Operator(&'a [u8]),
    /// Neither.
    Unreadable,
}

/// A cursor over source text.
#[derive(Clone)]
pub struct Lexer<'a> {
    bytes: &'a [u8],
    pub at: usize,
}

/// The one value that `source` holds.
pub fn parse(source: &[u8]) -> Option<Object<'_>> {
    Lexer::new(source, 0).value()
}

impl<'a> Lexer<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// White space and comments.
    pub fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// Takes `keyword` when it comes next.
    pub fn keyword(&mut self, keyword: &[u8]) -> bool {
        self.skip_space();
        let found = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(keyword));
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

    fn token(&mut self, belongs: impl Fn(u8) -> bool) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(&belongs) {
            self.at += 1;
        }
        self.bytes.get(start..self.at).unwrap_or_default()
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

    /// The next token of a content stream; `None` at its end.
    pub fn token_of_content(&mut self) -> Option<Token<'a>> {
        self.skip_space();
        let start = self.at;
        match self.peek()? {
            b'/' | b'(' | b'<' | b'[' | b'+' | b'-' | b'.' | b'0'..=b'9' => Some(self.value().map_or(Token::Unreadable, Token::Operand)),
            _ => match self.token(|byte| !is_space(byte) && !is_delimiter(byte)) {
                b"true" | b"false" | b"null" => Some(Token::Operand(Object::Null)),
                b"" => {
                    self.at = start + 1;
                    Some(Token::Unreadable)
                }
                operator => Some(Token::Operator(operator)),
            },
        }
    }

    /// Goes behind the `EI` of an inline image that begins here (8.9.7).
    pub fn skip_inline_image(&mut self) -> Option<()> {
        while !matches!(self.token_of_content()?, Token::Operator(b"ID")) {}
        let rest = self.bytes.get(self.at..)?;
        let end = rest.windows(4).position(|window| is_space(window[0]) && &window[1..3] == b"EI" && is_space(window[3]));
        let end = end.or_else(|| (rest.len() >= 3 && is_space(rest[rest.len() - 3]) && rest.ends_with(b"EI")).then(|| rest.len() - 3))?;
        self.at += end + 3;
        Some(())
    }

    /// The source of the next value.
    fn value_source(&mut self, depth: usize) -> Option<&'a [u8]> {
        self.skip_space();
        let start = self.at;
        self.skip(depth)?;
        self.bytes.get(start..self.at)
    }

    fn skip(&mut self, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        self.skip_space();
        let two = self.bytes.get(self.at..self.at + 2);
        let (open, close): (usize, &[u8]) = match self.peek()? {
            b'<' if two == Some(b"<<") => (2, b">>"),
            b'[' => (1, b"]"),
            b'<' => {
                self.at += 1 + memchr::memchr(b'>', self.bytes.get(self.at..)?)?;
                return Some(());
            }
            b'(' => return self.skip_literal_string(),
            b'0'..=b'9' => return self.skip_number_or_reference(),
            _ => return self.value().map(|_| ()),
        };
        self.at += open;
        while !self.keyword(close) {
            self.skip(depth + 1)?;
        }
        Some(())
    }

    fn skip_literal_string(&mut self) -> Option<()> {
        let mut depth = 0;
        loop {
            self.at += memchr::memchr3(b'(', b')', b'\\', self.bytes.get(self.at..)?)?;
            match self.peek()? {
                b'(' => depth += 1,
                b')' if depth == 1 => {
                    self.at += 1;
                    return Some(());
                }
                b')' => depth -= 1,
                // What it escapes is no parenthesis of ours.
                _ => self.at += 1,
            }
            self.at += 1;
        }
    }

    fn skip_number_or_reference(&mut self) -> Option<()> {
        let number = self.token(|byte| matches!(byte, b'.' | b'0'..=b'9' | b'+' | b'-'));
        if number.len() > 10 || !number.iter().all(u8::is_ascii_digit) {
            return Some(());
        }
        let mut ahead = self.clone();
        ahead.skip_space();
        if !ahead.token(|byte| byte.is_ascii_digit()).is_empty() && ahead.reference_end() {
            self.at = ahead.at;
        }
        Some(())
    }

    /// Takes the `R` that makes two numbers a reference.
    fn reference_end(&mut self) -> bool {
        self.skip_space();
        let after = self.bytes.get(self.at + 1).copied().unwrap_or(b' ');
        let found = self.peek() == Some(b'R') && (is_space(after) || is_delimiter(after));
        self.at += usize::from(found);
        found
    }

    /// Passes over the next value without looking at what is in it.
    pub fn pass(&mut self) -> Option<()> {
        self.skip(0)
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

    fn literal_string(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        let mut decoded = Vec::new();
        let mut depth = 1;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' if depth == 1 => return Some(decoded),
                b')' => depth -= 1,
                b'\\' => {
                    self.escape(&mut decoded)?;
                    continue;
                }
                _ => {}
            }
            decoded.push(byte);
        }
    }

    fn escape(&mut self, decoded: &mut Vec<u8>) -> Option<()> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'n' => decoded.push(b'\n'),
            b'r' => decoded.push(b'\r'),
            b't' => decoded.push(b'\t'),
            b'b' => decoded.push(8),
            b'f' => decoded.push(12),
            b'\r' if self.peek() == Some(b'\n') => self.at += 1,
            b'\r' | b'\n' => {}
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    match self.peek() {
                        Some(digit @ b'0'..=b'7') => {
                            value = value * 8 + u32::from(digit - b'0');
                            self.at += 1;
                        }
                        _ => break,
                    }
                }
                decoded.push((value & 0xff) as u8);
            }
            other => decoded.push(other),
        }
        Some(())
    }

    fn hex_string(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        let mut decoded = Vec::new();
        let mut high = None;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match (hex(byte), high) {
                (Some(digit), None) => high = Some(digit),
                (Some(digit), Some(first)) => {
                    decoded.push(first << 4 | digit);
                    high = None;
                }
                (None, _) if byte == b'>' => {
                    decoded.extend(high.map(|first| first << 4));
                    return Some(decoded);
                }
                (None, _) if is_space(byte) => {}
                (None, _) => return None,
            }
        }
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

fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}
