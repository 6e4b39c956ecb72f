use crate::digest::Hashed;
use crate::prepare::Prepared;

/// Why a prepared revision was not completed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompleteError {
    /// The document is not the one that was prepared.
    #[error("the revision was prepared on another document")]
    OtherDocument,
    /// The CMS is larger than its place.
    #[error("{needed} bytes do not fit into {reserved}")]
    Overflow {
        /// Bytes to store.
        needed: usize,
        /// Bytes reserved.
        reserved: usize,
    },
}

/// The revision with `contents` (a DER CMS or TimeStampToken) in its place: the bytes to append to the document that
/// `base` is the hash of.
pub fn complete(base: &Hashed, prepared: &Prepared, contents: &[u8]) -> Result<Vec<u8>, CompleteError> {
    if base.length() != prepared.base_length || base.digest() != prepared.base {
        return Err(CompleteError::OtherDocument);
    }
    if contents.len() > prepared.capacity {
        return Err(CompleteError::Overflow { needed: contents.len(), reserved: prepared.capacity });
    }
    let mut update = Vec::with_capacity(prepared.before.len() + 2 * prepared.capacity + 2 + prepared.after.len());
    update.extend_from_slice(&prepared.before);
    update.push(b'<');
    for byte in contents {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        update.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
    update.resize(prepared.before.len() + 1 + 2 * prepared.capacity, b'0');
    update.push(b'>');
    update.extend_from_slice(&prepared.after);
    Ok(update)
}
