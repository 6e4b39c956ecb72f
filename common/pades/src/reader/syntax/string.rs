//! Strings, decoded (7.3.4).

use super::{Lexer, hex, is_space};

impl Lexer<'_> {
    pub(super) fn literal_string(&mut self) -> Option<Vec<u8>> {
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

    pub(super) fn hex_string(&mut self) -> Option<Vec<u8>> {
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
}
