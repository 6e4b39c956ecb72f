use std::fmt;
use std::str::FromStr;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{ID_SHA_256, ID_SHA_384, ID_SHA_512};
use ring::digest::{self, Context, SHA256};
use serde::{Deserialize, Serialize};

use crate::reader::Document;
use crate::refusal::Refusal;

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
        bytes_of(text).map(Self).ok_or("not 64 lower-case hexadecimal digits")
    }
}

/// `N` bytes written as lower-case hexadecimal digits.
fn bytes_of<const N: usize>(text: &str) -> Option<[u8; N]> {
    let hex = text.as_bytes();
    if hex.len() != 2 * N || !hex.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
        let value = |digit: u8| {
            if digit <= b'9' { digit - b'0' } else { digit - b'a' + 10 }
        };
        *byte = value(pair[0]) << 4 | value(pair[1]);
    }
    Some(bytes)
}

impl TryFrom<String> for Digest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// How a suite of signatures hashes. Documents are named by SHA-256 whatever they are signed with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// SHA-256.
    #[default]
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestAlgorithm {
    /// The digest of `bytes`.
    pub fn digest(self, bytes: &[u8]) -> MessageDigest {
        self.value(&digest::digest(self.ring(), bytes))
    }

    /// Whether it is SHA-256: what JSON leaves out.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha256 => ID_SHA_256,
            Self::Sha384 => ID_SHA_384,
            Self::Sha512 => ID_SHA_512,
        }
    }

    fn ring(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }

    fn value(self, digest: &digest::Digest) -> MessageDigest {
        fn copied<const N: usize>(digest: &digest::Digest) -> [u8; N] {
            let mut bytes = [0; N];
            bytes.copy_from_slice(digest.as_ref());
            bytes
        }
        match self {
            Self::Sha256 => MessageDigest::Sha256(copied(digest)),
            Self::Sha384 => MessageDigest::Sha384(copied(digest)),
            Self::Sha512 => MessageDigest::Sha512(copied(digest)),
        }
    }
}

/// What a signature covers, as the message-digest attribute says it. Lower-case hexadecimal in JSON: its length tells the
/// algorithm.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum MessageDigest {
    /// SHA-256.
    Sha256([u8; 32]),
    /// SHA-384.
    Sha384([u8; 48]),
    /// SHA-512.
    Sha512([u8; 64]),
}

impl MessageDigest {
    /// How it was made.
    pub fn algorithm(&self) -> DigestAlgorithm {
        match self {
            Self::Sha256(_) => DigestAlgorithm::Sha256,
            Self::Sha384(_) => DigestAlgorithm::Sha384,
            Self::Sha512(_) => DigestAlgorithm::Sha512,
        }
    }

    /// The octets.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Sha256(bytes) => bytes,
            Self::Sha384(bytes) => bytes,
            Self::Sha512(bytes) => bytes,
        }
    }

    /// The same as SHA-256, if it is.
    pub fn sha256(&self) -> Option<Digest> {
        match self {
            Self::Sha256(bytes) => Some(Digest(*bytes)),
            _ => None,
        }
    }
}

impl From<Digest> for MessageDigest {
    fn from(digest: Digest) -> Self {
        Self::Sha256(digest.0)
    }
}

impl fmt::Display for MessageDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for MessageDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageDigest({self})")
    }
}

impl From<MessageDigest> for String {
    fn from(digest: MessageDigest) -> String {
        digest.to_string()
    }
}

impl TryFrom<String> for MessageDigest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let found = bytes_of(&text).map(Self::Sha256).or_else(|| bytes_of(&text).map(Self::Sha384));
        found.or_else(|| bytes_of(&text).map(Self::Sha512)).ok_or("not 64, 96 or 128 lower-case hexadecimal digits")
    }
}

/// Bytes that were all read once: their number and their SHA-256, ready to go on. A document is hashed in one pass, and
/// whatever is appended to it continues from here.
#[derive(Clone)]
pub struct Hashed {
    length: u64,
    context: Context,
    /// By the algorithm that the next signature wants, unless that is SHA-256.
    other: Option<(DigestAlgorithm, Context)>,
}

impl Default for Hashed {
    fn default() -> Self {
        Self { length: 0, context: Context::new(&SHA256), other: None }
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
        if let Some((_, other)) = &mut self.other {
            other.update(bytes);
        }
    }

    /// The same of `document`, all of which this is the hash of, made ready for a signature that hashes by `algorithm`.
    /// For another one than SHA-256 the document is read again.
    pub fn by(&self, algorithm: DigestAlgorithm, document: Document<'_>) -> Result<Self, Refusal> {
        let mut hashed = Self { other: None, ..self.clone() };
        if algorithm != DigestAlgorithm::Sha256 {
            let mut other = Context::new(algorithm.ring());
            document.pieces(0, document.len(), |piece| other.update(piece))?;
            hashed.other = Some((algorithm, other));
        }
        Ok(hashed)
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

    /// Their digest by the algorithm that they were made ready for.
    pub(crate) fn message_digest(&self) -> MessageDigest {
        match &self.other {
            Some((algorithm, other)) => algorithm.value(&other.clone().finish()),
            None => self.digest().into(),
        }
    }
}

impl fmt::Debug for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hashed").field("length", &self.length).field("digest", &self.digest()).finish()
    }
}
