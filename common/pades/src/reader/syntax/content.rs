//! Content streams (7.8.2): operands and operators.

use super::{Lexer, Object, is_delimiter, is_space};

/// A token of a content stream.
pub enum Token<'a> {
    Operand(Object<'a>),
    Operator(&'a [u8]),
    /// Neither.
    Unreadable,
}

impl<'a> Lexer<'a> {
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
}
