//! The JWT around the claims (RFC 9321, 3.3 and B.4; RFC 7515): read, and its signature checked by the certificate that it
//! brings or names. Whether that certificate is to be trusted is another question.

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use der::Decode;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use serde::{Deserialize, Serialize};
use x509_cert::Certificate;

use super::{Claims, Hash, LONGEST};

/// Why a token says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SvtError {
    /// Not a JWT with the claims of RFC 9321 and no others.
    #[error("not a signature validation token")]
    Malformed,
    /// Another version or profile.
    #[error("of a version or profile that is not known")]
    Profile,
    /// An algorithm that is not verified here, or hashes by another one than the signature.
    #[error("of an algorithm that is not accepted")]
    Algorithm,
    /// It neither brings the certificate of its key nor names one that is there.
    #[error("without a certificate")]
    Certificate,
    /// The signature is wrong.
    #[error("its signature is wrong")]
    Signature,
}

/// A token whose signature is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What it claims.
    pub claims: Claims,
    /// DER of the certificate by whose key.
    pub certificate: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    typ: String,
    alg: String,
    #[serde(default)]
    x5c: Option<Vec<String>>,
    #[serde(default)]
    kid: Option<String>,
}

/// Reads a token, and checks its signature by the first certificate in it, or by the one among `known` (DER) that it names.
pub fn read(jwt: &[u8], known: &[Vec<u8>]) -> Result<Verified, SvtError> {
    let jwt = std::str::from_utf8(jwt).ok().filter(|jwt| jwt.len() <= LONGEST).ok_or(SvtError::Malformed)?;
    let mut parts = jwt.split('.');
    let (Some(header64), Some(claims64), Some(signature64), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(SvtError::Malformed);
    };
    let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| SvtError::Malformed);
    let header: Header = serde_json::from_slice(&decode(header64)?).map_err(|_| SvtError::Malformed)?;
    let claims: Claims = serde_json::from_slice(&decode(claims64)?).map_err(|_| SvtError::Malformed)?;
    let validation = &claims.sig_val_claims;
    if header.typ != "JWT" || validation.sig.is_empty() {
        return Err(SvtError::Malformed);
    }
    if validation.ver != "1.0" || validation.profile.as_deref().is_some_and(|profile| profile != "PDF") {
        return Err(SvtError::Profile);
    }
    let (hash, algorithm) = algorithm(&header.alg).ok_or(SvtError::Algorithm)?;
    if Hash::from_uri(&validation.hash_algo) != Some(hash) {
        return Err(SvtError::Algorithm);
    }
    let certificate = certificate(&header, hash, known).ok_or(SvtError::Certificate)?;
    let parsed = Certificate::from_der(&certificate).map_err(|_| SvtError::Certificate)?;
    let key = parsed.tbs_certificate.subject_public_key_info.subject_public_key.raw_bytes();
    let message = jwt.as_bytes().get(..header64.len() + 1 + claims64.len()).unwrap_or_default();
    UnparsedPublicKey::new(algorithm, key).verify(message, &decode(signature64)?).map_err(|_| SvtError::Signature)?;
    Ok(Verified { claims, certificate })
}

/// Its hash and how it is verified (RFC 7518, 3.1).
fn algorithm(name: &str) -> Option<(Hash, &'static dyn VerificationAlgorithm)> {
    Some(match name {
        "ES256" => (Hash::Sha256, &signature::ECDSA_P256_SHA256_FIXED),
        "ES384" => (Hash::Sha384, &signature::ECDSA_P384_SHA384_FIXED),
        "RS256" => (Hash::Sha256, &signature::RSA_PKCS1_2048_8192_SHA256),
        "RS384" => (Hash::Sha384, &signature::RSA_PKCS1_2048_8192_SHA384),
        "RS512" => (Hash::Sha512, &signature::RSA_PKCS1_2048_8192_SHA512),
        "PS256" => (Hash::Sha256, &signature::RSA_PSS_2048_8192_SHA256),
        "PS384" => (Hash::Sha384, &signature::RSA_PSS_2048_8192_SHA384),
        "PS512" => (Hash::Sha512, &signature::RSA_PSS_2048_8192_SHA512),
        _ => return None,
    })
}

/// The certificate of the key: the first of `x5c`, or the one whose hash is `kid`.
fn certificate(header: &Header, hash: Hash, known: &[Vec<u8>]) -> Option<Vec<u8>> {
    match (&header.x5c, &header.kid) {
        (Some(chain), _) => BASE64_STANDARD.decode(chain.first()?).ok(),
        (None, Some(kid)) => {
            let named = BASE64_STANDARD.decode(kid).ok()?;
            known.iter().find(|certificate| hash.of(certificate) == named).cloned()
        }
        (None, None) => None,
    }
}
