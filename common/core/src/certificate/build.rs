//! Putting X.509 together (RFC 5280): names, extensions, and the two steps around a signature.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{
    ECDSA_WITH_SHA_256, ID_CE_AUTHORITY_KEY_IDENTIFIER, ID_CE_SUBJECT_KEY_IDENTIFIER, ID_EC_PUBLIC_KEY, RSA_ENCRYPTION, SECP_256_R_1,
    SECP_384_R_1,
};
use der::asn1::{BitString, OctetString, PrintableStringRef, SetOfVec, Utf8StringRef};
use der::{Any, Decode, Encode, Sequence, Tagged};
use jiff::Timestamp;
use pades::{KeyKind, SignatureAlgorithm};
use ring::digest;
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::certificate::{Certificate, TbsCertificate, Version};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, SubjectKeyIdentifier};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};

use crate::ports::Random;

/// Why a certificate could not be made or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// A value does not fit X.509.
    #[error("not encodable: {0}")]
    Encoding(#[from] der::Error),
    /// A time outside 1970 to 9999.
    #[error("a time that X.509 can't tell")]
    Time,
}

/// Bytes of a key identifier.
const KEY_IDENTIFIER: usize = 20;

/// A certificate's serial number: 127 random bits, positive.
pub struct Serial([u8; 16]);

impl Serial {
    /// As long as any.
    pub(super) const LONGEST: Self = Self([0x7f; 16]);

    /// A new one.
    pub fn random(random: &dyn Random) -> Self {
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        bytes[0] = bytes[0] & 0x7f | 0x40;
        Self(bytes)
    }
}

/// The issuing CA: its certificate, taken apart.
pub struct Issuer {
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// Its key: SubjectPublicKeyInfo, DER.
    pub public_key: Vec<u8>,
    pub(super) name: Name,
    key_identifier: Vec<u8>,
}

impl Issuer {
    /// One that has no certificate yet, for what is as large as with the real one.
    pub(super) fn named(name: Name) -> Self {
        Self { certificate: Vec::new(), public_key: Vec::new(), name, key_identifier: vec![0; KEY_IDENTIFIER] }
    }

    /// Reads the CA's certificate.
    pub fn from_certificate(der: &[u8]) -> Result<Self, CertificateError> {
        let certificate = Certificate::from_der(der)?;
        let tbs = certificate.tbs_certificate;
        Ok(Self {
            certificate: der.to_vec(),
            public_key: tbs.subject_public_key_info.to_der()?,
            name: tbs.subject,
            key_identifier: key_identifier(&tbs.subject_public_key_info),
        })
    }

    /// The extension that names the CA's key.
    pub(super) fn authority_key_identifier(&self) -> Result<Extension, CertificateError> {
        let identifier = AuthorityKeyIdentifier { key_identifier: Some(OctetString::new(&*self.key_identifier)?), ..Default::default() };
        extension(ID_CE_AUTHORITY_KEY_IDENTIFIER, Criticality::Ignorable, identifier.to_der()?)
    }
}

/// How the CA signs, whatever its signers do: certificates and lists.
pub const CA_ALGORITHM: SignatureAlgorithm = SignatureAlgorithm::EcdsaP256Sha256;

/// SubjectPublicKeyInfo (DER) of a key for `algorithm`: an uncompressed point (RFC 5480), or an RSAPublicKey (RFC 4055, 1.2).
pub fn subject_public_key(algorithm: SignatureAlgorithm, key: &[u8]) -> Result<Vec<u8>, CertificateError> {
    let (oid, parameters) = match algorithm.key() {
        KeyKind::P256 => (ID_EC_PUBLIC_KEY, Any::encode_from(&SECP_256_R_1)?),
        KeyKind::P384 => (ID_EC_PUBLIC_KEY, Any::encode_from(&SECP_384_R_1)?),
        KeyKind::Rsa(_) => (RSA_ENCRYPTION, Any::null()),
    };
    let algorithm = AlgorithmIdentifierOwned { oid, parameters: Some(parameters) };
    Ok(SubjectPublicKeyInfoOwned { algorithm, subject_public_key: BitString::from_bytes(key)? }.to_der()?)
}

/// The certificate or list of `to_be_signed` and its signature: both are SEQUENCE { tbs, algorithm, BIT STRING }.
pub fn assemble(to_be_signed: &[u8], signature: &[u8]) -> Result<Vec<u8>, CertificateError> {
    #[derive(Sequence)]
    struct Signed {
        to_be_signed: Any,
        algorithm: AlgorithmIdentifierOwned,
        signature: BitString,
    }
    let signed =
        Signed { to_be_signed: Any::from_der(to_be_signed)?, algorithm: ecdsa_with_sha256(), signature: BitString::from_bytes(signature)? };
    Ok(signed.to_der()?)
}

pub(super) fn ecdsa_with_sha256() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: ECDSA_WITH_SHA_256, parameters: None }
}

/// Everything that differs between the kinds of certificate.
pub(super) struct Parts<'a> {
    pub serial: Serial,
    pub issuer: Name,
    pub subject: Name,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    /// SubjectPublicKeyInfo, DER.
    pub public_key: &'a [u8],
    pub extensions: Vec<Extension>,
}

/// TBSCertificate, DER, with a subject key identifier added.
pub(super) fn to_be_signed(parts: Parts<'_>) -> Result<Vec<u8>, CertificateError> {
    let public_key = SubjectPublicKeyInfoOwned::from_der(parts.public_key)?;
    let mut extensions = parts.extensions;
    let identifier = SubjectKeyIdentifier(OctetString::new(key_identifier(&public_key))?);
    extensions.push(extension(ID_CE_SUBJECT_KEY_IDENTIFIER, Criticality::Ignorable, identifier.to_der()?)?);
    let tbs = TbsCertificate {
        version: Version::V3,
        serial_number: SerialNumber::new(&parts.serial.0)?,
        signature: ecdsa_with_sha256(),
        issuer: parts.issuer,
        validity: Validity { not_before: time(parts.not_before)?, not_after: time(parts.not_after)? },
        subject: parts.subject,
        subject_public_key_info: public_key,
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: Some(extensions),
    };
    Ok(tbs.to_der()?)
}

/// UTCTime to 2049, GeneralizedTime after (RFC 5280, 4.1.2.5).
pub(super) fn time(at: Timestamp) -> Result<Time, CertificateError> {
    let since_epoch = std::time::Duration::from_secs(u64::try_from(at.as_second()).map_err(|_| CertificateError::Time)?);
    match der::asn1::UtcTime::from_unix_duration(since_epoch) {
        Ok(utc) => Ok(Time::UtcTime(utc)),
        Err(_) => der::asn1::GeneralizedTime::from_unix_duration(since_epoch).map(Time::GeneralTime).map_err(|_| CertificateError::Time),
    }
}

/// A name of single-valued RDNs in the given order. Country and serial number are PrintableString, all else UTF8String.
pub(super) fn name(attributes: &[(ObjectIdentifier, &str)]) -> Result<Name, CertificateError> {
    use const_oid::db::rfc4519::{COUNTRY_NAME, SERIAL_NUMBER};
    let rdns = attributes.iter().map(|(oid, value)| {
        let value = match *oid {
            COUNTRY_NAME | SERIAL_NUMBER => text(PrintableStringRef::new(value)?)?,
            _ => text(Utf8StringRef::new(value)?)?,
        };
        let mut rdn = SetOfVec::new();
        rdn.insert(AttributeTypeAndValue { oid: *oid, value })?;
        Ok(RelativeDistinguishedName(rdn))
    });
    Ok(RdnSequence(rdns.collect::<Result<_, CertificateError>>()?))
}

fn text<T: Tagged + der::EncodeValue>(value: T) -> der::Result<Any> {
    Any::encode_from(&value)
}

/// Whether a reader that does not know an extension must refuse the certificate.
#[derive(Clone, Copy)]
pub(super) enum Criticality {
    /// It must.
    Critical,
    /// It may go on.
    Ignorable,
}

pub(super) fn extension(oid: ObjectIdentifier, criticality: Criticality, der: Vec<u8>) -> Result<Extension, CertificateError> {
    Ok(Extension { extn_id: oid, critical: matches!(criticality, Criticality::Critical), extn_value: OctetString::new(der)? })
}

/// The first 160 bits of SHA-256 over the key's bits (RFC 7093, method 1).
fn key_identifier(key: &SubjectPublicKeyInfoOwned) -> Vec<u8> {
    digest::digest(&digest::SHA256, key.subject_public_key.raw_bytes()).as_ref()[..KEY_IDENTIFIER].to_vec()
}
