//! The parameters of RSASSA-PSS (RFC 4055, 3.1): written in full, read strictly.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{ID_MGF_1, ID_SHA_256, ID_SHA_384, ID_SHA_512};
use der::{Any, Sequence};
use spki::AlgorithmIdentifierOwned;

use crate::digest::DigestAlgorithm;

/// ```text
/// RSASSA-PSS-params ::= SEQUENCE {
///     hashAlgorithm    [0] HashAlgorithm DEFAULT sha1Identifier,
///     maskGenAlgorithm [1] MaskGenAlgorithm DEFAULT mgf1SHA1Identifier,
///     saltLength       [2] INTEGER DEFAULT 20,
///     trailerField     [3] INTEGER DEFAULT 1 }
/// ```
#[derive(Sequence)]
struct Parameters {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    hash: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    salt: Option<u16>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    trailer: Option<u8>,
}

/// The parameters of a suite that hashes by `digest`: the same hash in the mask, a salt as long as it.
pub(super) fn parameters(digest: DigestAlgorithm) -> der::Result<Any> {
    // With NULL, as readers that compare bytes expect it (RFC 4055, 2.1).
    let hash = || AlgorithmIdentifierOwned { oid: digest.oid(), parameters: Some(Any::null()) };
    let mask = AlgorithmIdentifierOwned { oid: ID_MGF_1, parameters: Some(Any::encode_from(&hash())?) };
    let salt = Some(u16::from(length(digest.oid()).unwrap_or_default()));
    Any::encode_from(&Parameters { hash: Some(hash()), mask: Some(mask), salt, trailer: None })
}

/// The hash that `algorithm` names, when it and the mask are the same and the salt is as long: nothing else is verified.
pub(crate) fn digest(algorithm: &AlgorithmIdentifierOwned) -> Option<ObjectIdentifier> {
    let parameters: Parameters = algorithm.parameters.as_ref()?.decode_as().ok()?;
    let (hash, mask) = (parameters.hash?.oid, parameters.mask?);
    let of_mask = mask.parameters.as_ref()?.decode_as::<AlgorithmIdentifierOwned>().ok()?.oid;
    let fits = mask.oid == ID_MGF_1 && of_mask == hash && parameters.salt == length(hash).map(u16::from);
    (fits && parameters.trailer.is_none_or(|trailer| trailer == 1)).then_some(hash)
}

/// Octets of a hash.
fn length(hash: ObjectIdentifier) -> Option<u8> {
    match hash {
        ID_SHA_256 => Some(32),
        ID_SHA_384 => Some(48),
        ID_SHA_512 => Some(64),
        _ => None,
    }
}
