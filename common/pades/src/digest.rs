use std::fmt;
use std::str::FromStr;

use ring::digest::{self, Context, SHA256};
use serde::{Deserialize, Serialize};

/// A SHA-256 digest; lower-case hexadecimal in text and JSON.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_ring(&digest::digest(&digest::SHA256, bytes))
    }

    pub(crate) fn from_ring(value: &digest::Digest) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(value.as_ref());
        Self(bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        f.write_str(&digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect::<String>())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> String {
        digest.to_string()
    }
}

impl FromStr for Digest {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        let hex = text.as_bytes();
        if hex.len() != 64 || !hex.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err("not 64 lower-case hexadecimal digits");
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let value = |digit: u8| {
                if digit <= b'9' { digit - b'0' } else { digit - b'a' + 10 }
            };
            *byte = value(pair[0]) << 4 | value(pair[1]);
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Digest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Bytes that were all read once: their number and their SHA-256, ready to go on. A document is hashed in one pass, and
/// whatever is appended to it continues from here.
#[derive(Clone)]
pub struct Hashed {
    length: u64,
    context: Context,
}

impl Default for Hashed {
    fn default() -> Self {
        Self { length: 0, context: Context::new(&SHA256) }
    }
}

impl Hashed {
    /// All of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hashed = Self::default();
        hashed.update(bytes);
        hashed
    }

    /// Goes on with `bytes`.
    pub fn update(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        self.context.update(bytes);
    }

    /// Bytes so far.
    pub fn length(&self) -> u64 {
        self.length
    }

    pub(crate) fn finish(self) -> digest::Digest {
        self.context.finish()
    }

    /// SHA-256 of them.
    pub fn digest(&self) -> Digest {
        Digest::from_ring(&self.context.clone().finish())
    }
}

impl fmt::Debug for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hashed").field("length", &self.length).field("digest", &self.digest()).finish()
    }
}
