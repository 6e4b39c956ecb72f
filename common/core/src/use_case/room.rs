//! How many bytes a signature reserves for its CMS: the document's bytes are fixed before anybody has said who they are.

use jiff::Timestamp;
use pades::{BaselineLevel, SignatureAlgorithm, placeholder_capacity};

use crate::certificate::longest_signer;
use crate::config::Municipality;
use crate::identity::IdentityAssertion;
use crate::ports::LastToken;

/// A token of an authority that has not answered yet.
const UNKNOWN_TOKEN: usize = 8 * 1_024;
/// What a token may be larger than the last one of its authority.
const TOKEN_MARGIN: usize = 512;
/// Tokens differ by some bytes from one to the next: that is nothing to write down.
const SAME: usize = 64;

/// Bytes to reserve for a token when the last one had `last`.
pub(super) fn token_room(last: Option<usize>) -> usize {
    last.map_or(UNKNOWN_TOKEN, |bytes| bytes + TOKEN_MARGIN)
}

/// Bytes to reserve for a signature by `algorithm` at `level` by a person like `longest`, after a token of `last_token`
/// bytes.
pub fn contents_capacity(
    municipality: &Municipality,
    algorithm: SignatureAlgorithm,
    longest: &IdentityAssertion,
    level: BaselineLevel,
    last_token: Option<usize>,
    now: Timestamp,
) -> Result<usize, String> {
    let service = municipality.public_url.as_str();
    let certificate = longest_signer(&municipality.signature, algorithm, longest, service, now).map_err(|error| error.to_string())?;
    // At B-B there is no token, and what is not needed would stay in the document as zeros.
    let token = (level > BaselineLevel::B).then(|| token_room(last_token));
    placeholder_capacity(&[certificate], algorithm, token).map_err(|error| error.to_string())
}

/// Keeps the size of a new token where it tells something new.
pub async fn keep_token(last_token: &dyn LastToken, bytes: Option<usize>) {
    let Some(bytes) = bytes else { return };
    if last_token.bytes().await.is_none_or(|last| last.abs_diff(bytes) > SAME) {
        last_token.keep(bytes).await;
    }
}
