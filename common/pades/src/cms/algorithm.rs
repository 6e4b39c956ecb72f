//! Suites of signatures: the kind of key, how it signs, and how what it signs is hashed.

use std::fmt;
use std::str::FromStr;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{
    ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ID_EC_PUBLIC_KEY, ID_RSASSA_PSS, RSA_ENCRYPTION, SECP_256_R_1, SECP_384_R_1,
    SHA_256_WITH_RSA_ENCRYPTION, SHA_512_WITH_RSA_ENCRYPTION,
};
use der::asn1::UintRef;
use der::{Any, Decode, Reader, SliceReader};
use serde::{Deserialize, Serialize};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::{CmsError, pss, verify};
use crate::digest::DigestAlgorithm;

/// How a signature is made. JSON and configuration have the names that [`SignatureAlgorithm::name`] gives. Others will
/// come, ML-DSA (RFC 9882) among them when validators know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    #[default]
    EcdsaP256Sha256,
    /// ECDSA on P-384 with SHA-384.
    EcdsaP384Sha384,
    /// RSASSA-PSS with a key of 3,072 bits and SHA-256, for readers that know no elliptic curves.
    RsaPss3072Sha256,
    /// RSASSA-PSS with a key of 4,096 bits and SHA-512.
    RsaPss4096Sha512,
    /// RSA PKCS #1 v1.5 with a key of 3,072 bits and SHA-256, for readers that know nothing newer.
    RsaPkcs1_3072Sha256,
    /// RSA PKCS #1 v1.5 with a key of 4,096 bits and SHA-512, likewise.
    RsaPkcs1_4096Sha512,
}

/// The kinds of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Elliptic curve P-256.
    P256,
    /// Elliptic curve P-384.
    P384,
    /// RSA with a modulus of so many bits.
    Rsa(usize),
}

/// The text names no suite.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no signature suite {0}")]
pub struct NotASuite(String);

impl SignatureAlgorithm {
    /// All of them, the default first.
    pub const ALL: [Self; 6] = [
        Self::EcdsaP256Sha256,
        Self::EcdsaP384Sha384,
        Self::RsaPss3072Sha256,
        Self::RsaPss4096Sha512,
        Self::RsaPkcs1_3072Sha256,
        Self::RsaPkcs1_4096Sha512,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::EcdsaP256Sha256 => "ecdsa-p256-sha256",
            Self::EcdsaP384Sha384 => "ecdsa-p384-sha384",
            Self::RsaPss3072Sha256 => "rsa-pss-3072-sha256",
            Self::RsaPss4096Sha512 => "rsa-pss-4096-sha512",
            Self::RsaPkcs1_3072Sha256 => "rsa-pkcs1-3072-sha256",
            Self::RsaPkcs1_4096Sha512 => "rsa-pkcs1-4096-sha512",
        }
    }

    /// Whether it is the default: what JSON leaves out.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// How the document and its attributes are hashed.
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Self::EcdsaP256Sha256 | Self::RsaPss3072Sha256 | Self::RsaPkcs1_3072Sha256 => DigestAlgorithm::Sha256,
            Self::EcdsaP384Sha384 => DigestAlgorithm::Sha384,
            Self::RsaPss4096Sha512 | Self::RsaPkcs1_4096Sha512 => DigestAlgorithm::Sha512,
        }
    }

    /// The kind of key it takes.
    pub fn key(self) -> KeyKind {
        match self {
            Self::EcdsaP256Sha256 => KeyKind::P256,
            Self::EcdsaP384Sha384 => KeyKind::P384,
            Self::RsaPss3072Sha256 | Self::RsaPkcs1_3072Sha256 => KeyKind::Rsa(3_072),
            Self::RsaPss4096Sha512 | Self::RsaPkcs1_4096Sha512 => KeyKind::Rsa(4_096),
        }
    }

    /// Bytes of the largest signature value: an `Ecdsa-Sig-Value` of two numbers, DER, or as long as the RSA modulus.
    pub fn largest_signature(self) -> usize {
        match self.key() {
            KeyKind::P256 => 72,
            KeyKind::P384 => 104,
            KeyKind::Rsa(bits) => bits / 8,
        }
    }

    /// Bytes of its public keys: SubjectPublicKeyInfo, DER. For RSA with the exponent 65537, as everybody makes them.
    pub fn public_key(self) -> usize {
        match self.key() {
            KeyKind::P256 => 91,
            KeyKind::P384 => 120,
            KeyKind::Rsa(bits) => bits / 8 + 38,
        }
    }

    /// Checks `signature` over `message` by `public_key` (SubjectPublicKeyInfo, DER), which must be of this suite's kind.
    pub fn check(self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), CmsError> {
        let key = SubjectPublicKeyInfoOwned::from_der(public_key)?;
        if KeyKind::of(&key) != Some(self.key()) {
            return Err(CmsError::Algorithm);
        }
        verify::check(message, signature, &self.identifier()?, self.digest().oid(), &key)
    }

    /// The AlgorithmIdentifier in SignerInfo: no parameters for ECDSA (RFC 5754, 3.3), NULL for PKCS #1 v1.5 (3.2), all of
    /// them for PSS (RFC 4056, 3).
    pub(super) fn identifier(self) -> der::Result<AlgorithmIdentifierOwned> {
        let (oid, parameters) = match self {
            Self::EcdsaP256Sha256 => (ECDSA_WITH_SHA_256, None),
            Self::EcdsaP384Sha384 => (ECDSA_WITH_SHA_384, None),
            Self::RsaPss3072Sha256 | Self::RsaPss4096Sha512 => (ID_RSASSA_PSS, Some(pss::parameters(self.digest())?)),
            Self::RsaPkcs1_3072Sha256 => (SHA_256_WITH_RSA_ENCRYPTION, Some(Any::null())),
            Self::RsaPkcs1_4096Sha512 => (SHA_512_WITH_RSA_ENCRYPTION, Some(Any::null())),
        };
        Ok(AlgorithmIdentifierOwned { oid, parameters })
    }
}

impl KeyKind {
    /// What kind of key that is; `None` for one that no suite takes.
    fn of(key: &SubjectPublicKeyInfoOwned) -> Option<Self> {
        match key.algorithm.oid {
            ID_EC_PUBLIC_KEY => match key.algorithm.parameters.as_ref()?.decode_as::<ObjectIdentifier>().ok()? {
                SECP_256_R_1 => Some(Self::P256),
                SECP_384_R_1 => Some(Self::P384),
                _ => None,
            },
            RSA_ENCRYPTION => modulus_bits(key.subject_public_key.raw_bytes()).ok().map(Self::Rsa),
            _ => None,
        }
    }
}

/// `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }` (RFC 8017, A.1.1).
fn modulus_bits(key: &[u8]) -> der::Result<usize> {
    let mut reader = SliceReader::new(key)?;
    let modulus = reader.sequence(|reader| {
        let (modulus, _) = (UintRef::decode(reader)?, UintRef::decode(reader)?);
        Ok(modulus)
    })?;
    let bytes = modulus.as_bytes();
    Ok(8 * bytes.len() - bytes.first().map_or(0, |first| first.leading_zeros() as usize))
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SignatureAlgorithm {
    type Err = NotASuite;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|suite| suite.name() == name).ok_or_else(|| NotASuite(name.to_owned()))
    }
}

impl TryFrom<String> for SignatureAlgorithm {
    type Error = NotASuite;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse()
    }
}

impl From<SignatureAlgorithm> for String {
    fn from(suite: SignatureAlgorithm) -> String {
        suite.name().to_owned()
    }
}
