//! Passes over values without looking at what is in them.

use super::{Lexer, is_delimiter, is_space};

/// Deepest nesting of arrays and dictionaries.
const DEEPEST: usize = 64;

impl<'a> Lexer<'a> {
    /// Passes over the next value without looking at what is in it.
    pub fn pass(&mut self) -> Option<()> {
        self.skip(0)
    }

    /// The source of the next value.
    pub(super) fn value_source(&mut self, depth: usize) -> Option<&'a [u8]> {
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
    pub(super) fn reference_end(&mut self) -> bool {
        self.skip_space();
        let after = self.bytes.get(self.at + 1).copied().unwrap_or(b' ');
        let found = self.peek() == Some(b'R') && (is_space(after) || is_delimiter(after));
        self.at += usize::from(found);
        found
    }
}
