//! JSON Web Signature, compact, with the few algorithms that an e-ID provider may use (RFC 7515, 7517, 7518).
//!
//! Signing goes through the [`SigningKey`] port, so that the key may live in a key service; that is why no JOSE
//! library is used.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use der::Decode;
use pades::fixed_width;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ids::hex;
use crate::ports::{KeyError, SigningKey, ToBeSigned};

/// Longest compact JWS that is read at all, in bytes.
const LONGEST: usize = 32 * 1024;

/// Signature algorithms accepted; `none` and the HMAC ones do not exist here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// ECDSA P-256 with SHA-256.
    ES256,
    /// ECDSA P-384 with SHA-384.
    ES384,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
}

/// Why a JWS is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Not three base64url parts with a JSON header of ours.
    #[error("not a compact JWS")]
    Malformed,
    /// The header names an algorithm that this provider may not use.
    #[error("the algorithm is not accepted")]
    Algorithm,
    /// No key of the set fits the header.
    #[error("no key fits")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

/// A public key (RFC 7517). Members that we do not use are not read: a key that comes with the token is no key.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    key_use: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<Value>,
}

/// A verified JWS.
pub struct Verified<T> {
    /// Its claims.
    pub claims: T,
    /// Its `typ`.
    pub typ: Option<String>,
    /// The key that verified it, as it stands in the set.
    pub key: Value,
}

/// Verifies a compact JWS by one of `keys` (a JWK Set) and reads its claims.
pub fn verify<T: DeserializeOwned>(compact: &str, keys: &Value, accepted: &[Algorithm]) -> Result<Verified<T>, JwsError> {
    if compact.len() > LONGEST {
        return Err(JwsError::Malformed);
    }
    let mut parts = compact.split('.');
    let (Some(header64), Some(payload64), Some(signature64), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(JwsError::Malformed);
    };
    let header: Header = json_part(header64)?;
    if header.crit.is_some() {
        return Err(JwsError::Malformed);
    }
    let algorithm: Algorithm = serde_json::from_value(Value::String(header.alg.clone())).map_err(|_| JwsError::Algorithm)?;
    if !accepted.contains(&algorithm) {
        return Err(JwsError::Algorithm);
    }
    let signature = BASE64URL.decode(signature64).map_err(|_| JwsError::Malformed)?;
    let message = &compact.as_bytes()[..header64.len() + 1 + payload64.len()];
    let set: JwkSet = serde_json::from_value(keys.clone()).map_err(|_| JwsError::UnknownKey)?;
    let mut outcome = JwsError::UnknownKey;
    for value in set.keys {
        let Ok(key) = serde_json::from_value::<Jwk>(value.clone()) else {
            continue;
        };
        if !key.fits(&header) {
            continue;
        }
        match key.verify(algorithm, message, &signature) {
            Some(true) => {
                return Ok(Verified { claims: json_part(payload64)?, typ: header.typ, key: value });
            }
            Some(false) => outcome = JwsError::Signature,
            None => {}
        }
    }
    Err(outcome)
}

impl Jwk {
    fn fits(&self, header: &Header) -> bool {
        let kid = header.kid.is_none() || self.kid == header.kid;
        kid && self.key_use.as_deref().unwrap_or("sig") == "sig" && self.alg.as_deref().unwrap_or(&header.alg) == header.alg
    }

    /// `None` when the key is of another kind than the algorithm.
    fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Option<bool> {
        let curve = |name: &str, verifier: &'static dyn VerificationAlgorithm| {
            (self.kty == "EC" && self.crv.as_deref() == Some(name)).then_some(())?;
            let point = [vec![4], decode(&self.x)?, decode(&self.y)?].concat();
            Some(UnparsedPublicKey::new(verifier, point).verify(message, signature).is_ok())
        };
        let rsa = |parameters| {
            (self.kty == "RSA").then_some(())?;
            let key = RsaPublicKeyComponents { n: decode(&self.n)?, e: decode(&self.e)? };
            Some(key.verify(parameters, message, signature).is_ok())
        };
        match algorithm {
            Algorithm::ES256 => curve("P-256", &signature::ECDSA_P256_SHA256_FIXED),
            Algorithm::ES384 => curve("P-384", &signature::ECDSA_P384_SHA384_FIXED),
            Algorithm::PS256 => rsa(&signature::RSA_PSS_2048_8192_SHA256),
            Algorithm::RS256 => rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
        }
    }
}

fn decode(text: &Option<String>) -> Option<Vec<u8>> {
    BASE64URL.decode(text.as_ref()?).ok()
}

fn json_part<T: DeserializeOwned>(part: &str) -> Result<T, JwsError> {
    let bytes = BASE64URL.decode(part).map_err(|_| JwsError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| JwsError::Malformed)
}

/// Signs `claims` as a compact ES256 JWS with `typ`, `kid` being the key's thumbprint.
pub async fn sign(key: &dyn SigningKey, typ: &str, claims: &Value) -> Result<String, KeyError> {
    let jwk = public_jwk(&key.public_key().await?)?;
    let header = json!({ "alg": "ES256", "typ": typ, "kid": jwk["kid"] });
    let input = format!("{}.{}", BASE64URL.encode(header.to_string()), BASE64URL.encode(claims.to_string()));
    let signature = key.sign(&ToBeSigned::new(input.as_bytes())).await?;
    let fixed = fixed_width(&signature).ok_or(KeyError::WrongAnswer)?;
    Ok(format!("{input}.{}", BASE64URL.encode(fixed)))
}

/// The JWK of a P-256 public key (SubjectPublicKeyInfo, DER), named by its thumbprint (RFC 7638).
pub fn public_jwk(spki: &[u8]) -> Result<Value, KeyError> {
    let spki = spki::SubjectPublicKeyInfoRef::from_der(spki).map_err(|_| KeyError::WrongAnswer)?;
    let point = spki.subject_public_key.raw_bytes();
    let (Some(4), Some(x), Some(y), 65) = (point.first(), point.get(1..33), point.get(33..65), point.len()) else {
        return Err(KeyError::WrongAnswer);
    };
    let (x, y) = (BASE64URL.encode(x), BASE64URL.encode(y));
    let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    let thumbprint = BASE64URL.encode(ring::digest::digest(&ring::digest::SHA256, canonical.as_bytes()));
    Ok(json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256", "kid": thumbprint }))
}

/// SHA-256 of a compact JWS in hexadecimal, to name it without holding it.
pub fn fingerprint(compact: &str) -> String {
    hex(ring::digest::digest(&ring::digest::SHA256, compact.as_bytes()).as_ref())
}
