//! Certificate chains (RFC 5280, 6): from a certificate to an anchor. Nothing is fetched.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{
    self as algorithms, ID_CE_AUTHORITY_KEY_IDENTIFIER, ID_CE_BASIC_CONSTRAINTS, ID_CE_CERTIFICATE_POLICIES, ID_CE_CRL_DISTRIBUTION_POINTS,
    ID_CE_EXT_KEY_USAGE, ID_CE_KEY_USAGE, ID_CE_NAME_CONSTRAINTS, ID_CE_SUBJECT_ALT_NAME, ID_CE_SUBJECT_KEY_IDENTIFIER,
};
use der::{Decode, Encode};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::Certificate;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier};

use super::certificate::seconds;
use super::names::forbidden;
use super::report::Time;
use crate::cms::verify::check;
use crate::cms::{CmsError, pss};

/// Longest chain.
const LONGEST: usize = 8;
/// Most signatures that are tried for one chain.
const MOST_CHECKS: usize = 64;
/// Extensions that are understood, or that change nothing here.
const KNOWN: [ObjectIdentifier; 9] = [
    ID_CE_BASIC_CONSTRAINTS,
    ID_CE_KEY_USAGE,
    ID_CE_EXT_KEY_USAGE,
    ID_CE_NAME_CONSTRAINTS,
    ID_CE_CERTIFICATE_POLICIES,
    ID_CE_SUBJECT_ALT_NAME,
    ID_CE_AUTHORITY_KEY_IDENTIFIER,
    ID_CE_SUBJECT_KEY_IDENTIFIER,
    ID_CE_CRL_DISTRIBUTION_POINTS,
];

/// A certificate and its DER.
#[derive(Clone, Debug)]
pub struct Parsed {
    pub der: Vec<u8>,
    pub certificate: Certificate,
}

impl Parsed {
    pub fn from_der(der: &[u8]) -> Option<Self> {
        Certificate::from_der(der).ok().map(|certificate| Self { der: der.to_vec(), certificate })
    }

    /// Its validity, first and last second.
    pub fn validity(&self) -> (Time, Time) {
        let validity = &self.certificate.tbs_certificate.validity;
        (seconds(&validity.not_before), seconds(&validity.not_after))
    }

    pub fn key(&self) -> &SubjectPublicKeyInfoOwned {
        &self.certificate.tbs_certificate.subject_public_key_info
    }

    pub fn has_extension(&self, oid: ObjectIdentifier) -> bool {
        self.certificate.tbs_certificate.extensions.iter().flatten().any(|extension| extension.extn_id == oid)
    }

    /// Whether a key usage is permitted; without the extension all are.
    pub fn permits(&self, usage: KeyUsages) -> bool {
        match self.certificate.tbs_certificate.get::<KeyUsage>() {
            Ok(Some((_, permitted))) => permitted.0.contains(usage),
            Ok(None) => true,
            Err(_) => false,
        }
    }

    fn constraint(&self, below: usize) -> Option<&'static str> {
        match self.certificate.tbs_certificate.get::<BasicConstraints>() {
            Ok(Some((_, BasicConstraints { ca: true, path_len_constraint }))) => {
                if path_len_constraint.is_some_and(|longest| usize::from(longest) < below) {
                    return Some("the chain is longer than a CA permits");
                }
            }
            _ => return Some("an issuer that is no CA"),
        }
        (!self.permits(KeyUsages::KeyCertSign)).then_some("an issuer that may not sign certificates")
    }

    fn unknown_critical(&self) -> bool {
        let extensions = self.certificate.tbs_certificate.extensions.iter().flatten();
        extensions.into_iter().any(|extension| extension.critical && !KNOWN.contains(&extension.extn_id))
    }
}

/// Why there is no chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoChain {
    /// None leads to an anchor.
    NotFound,
    /// One does, but breaks a rule.
    Constraints(&'static str),
}

/// The chain from `leaf` to an anchor, that included as the last one.
pub fn build(leaf: &Parsed, pool: &[Parsed], anchors: &[Parsed]) -> Result<Vec<Parsed>, NoChain> {
    let mut search = Search { pool, anchors, checks: 0, broken: None };
    let mut chain = vec![leaf.clone()];
    if search.go(&mut chain) {
        if chain.iter().any(Parsed::unknown_critical) {
            return Err(NoChain::Constraints("a critical extension that is not understood"));
        }
        if forbids_a_name(&chain) {
            return Err(NoChain::Constraints("a name that a CA above it may not give"));
        }
        return Ok(chain);
    }
    Err(search.broken.map_or(NoChain::NotFound, NoChain::Constraints))
}

/// Whether an issuer may not give a name that a certificate below it has. A new key of the same CA is exempt.
fn forbids_a_name(chain: &[Parsed]) -> bool {
    chain.iter().enumerate().any(|(index, issuer)| {
        chain.iter().take(index).enumerate().any(|(below, Parsed { certificate, .. })| {
            let tbs = &certificate.tbs_certificate;
            (below == 0 || tbs.issuer != tbs.subject) && forbidden(&issuer.certificate, certificate)
        })
    })
}

struct Search<'p> {
    pool: &'p [Parsed],
    anchors: &'p [Parsed],
    checks: usize,
    broken: Option<&'static str>,
}

impl Search<'_> {
    fn go(&mut self, chain: &mut Vec<Parsed>) -> bool {
        let Some(last) = chain.last().cloned() else { return false };
        if self.anchors.iter().any(|anchor| anchor.der == last.der) {
            return true;
        }
        if chain.len() >= LONGEST {
            return false;
        }
        for issuer in self.anchors.iter().chain(self.pool) {
            if !names(&last, issuer) || chain.iter().any(|known| known.der == issuer.der) {
                continue;
            }
            self.checks += 1;
            if self.checks > MOST_CHECKS || !signed_by(&last, issuer) {
                continue;
            }
            // CAs between this issuer and the leaf (RFC 5280, 4.2.1.9).
            if let Some(broken) = issuer.constraint(chain.len() - 1) {
                self.broken = Some(broken);
                continue;
            }
            chain.push(issuer.clone());
            if self.go(chain) {
                return true;
            }
            chain.pop();
        }
        false
    }
}

/// Whether `certificate` says that `issuer` issued it.
fn names(certificate: &Parsed, issuer: &Parsed) -> bool {
    let (certificate, issuer) = (&certificate.certificate.tbs_certificate, &issuer.certificate.tbs_certificate);
    if certificate.issuer != issuer.subject {
        return false;
    }
    let stated = certificate.get::<AuthorityKeyIdentifier>().ok().flatten().and_then(|(_, stated)| stated.key_identifier);
    let key = issuer.get::<SubjectKeyIdentifier>().ok().flatten().map(|(_, key)| key.0);
    stated.zip(key).is_none_or(|(stated, key)| stated == key)
}

/// Whether `issuer` issued `certificate`: by its name and its signature. Whether it may is not looked at.
pub fn issued(certificate: &Parsed, issuer: &Parsed) -> bool {
    names(certificate, issuer) && signed_by(certificate, issuer)
}

/// The one of `among` that issued `certificate` (all DER), if it is there. A certificate that issued itself has no other.
pub fn issuer_among<'c>(certificate: &[u8], among: &'c [Vec<u8>]) -> Option<&'c [u8]> {
    let certificate = Parsed::from_der(certificate)?;
    let found = among.iter().find(|der| Parsed::from_der(der).is_some_and(|issuer| issued(&certificate, &issuer)));
    found.map(Vec::as_slice)
}

fn signed_by(certificate: &Parsed, issuer: &Parsed) -> bool {
    let Ok(message) = certificate.certificate.tbs_certificate.to_der() else { return false };
    let Certificate { signature_algorithm, signature, tbs_certificate } = &certificate.certificate;
    *signature_algorithm == tbs_certificate.signature
        && verified(&message, signature.as_bytes().unwrap_or_default(), signature_algorithm, issuer.key())
}

/// Whether a signature of X.509 kind is right.
pub fn verified(message: &[u8], value: &[u8], algorithm: &AlgorithmIdentifierOwned, key: &SubjectPublicKeyInfoOwned) -> bool {
    verify(message, value, algorithm, key).is_ok()
}

fn verify(message: &[u8], value: &[u8], algorithm: &AlgorithmIdentifierOwned, key: &SubjectPublicKeyInfoOwned) -> Result<(), CmsError> {
    let digest = match algorithm.oid {
        algorithms::ID_RSASSA_PSS => pss::digest(algorithm).ok_or(CmsError::Algorithm)?,
        // The others name it themselves.
        _ => algorithms::ID_SHA_256,
    };
    check(message, value, algorithm, digest, key)
}

/// Whether the certificate has an extended key usage extension with `usage`.
pub fn has_usage(parsed: &Parsed, usage: ObjectIdentifier) -> bool {
    matches!(parsed.certificate.tbs_certificate.get::<ExtendedKeyUsage>(), Ok(Some((_, usages))) if usages.0.contains(&usage))
}
