//! A long-lived software key: P-256 by ring.

use async_trait::async_trait;
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject;
use sigill_core::certificate::CA_ALGORITHM;
use sigill_core::ports::{KeyError, SigningKey, ToBeSigned};

use crate::pair::{self, Pair};

/// A new key, PKCS #8. Empty only when the operating system has no randomness.
pub fn generate() -> Vec<u8> {
    pair::generate(CA_ALGORITHM).unwrap_or_default()
}

/// A long-lived key in this process.
pub struct SoftwareKey(Pair);

impl SoftwareKey {
    /// The key in `pkcs8`.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, KeyError> {
        Pair::from_pkcs8(CA_ALGORITHM, pkcs8).map(Self)
    }

    /// The key in `pem` (PKCS #8, as `openssl genpkey` writes it).
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let wrong = || KeyError::Unavailable("not a P-256 key in PKCS #8 as PEM".to_owned());
        let pkcs8 = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| wrong())?;
        Self::from_pkcs8(pkcs8.secret_pkcs8_der()).map_err(|_| wrong())
    }
}

#[async_trait]
impl SigningKey for SoftwareKey {
    async fn public_key(&self) -> Result<Vec<u8>, KeyError> {
        self.0.public_key()
    }

    async fn sign(&self, message: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        self.0.sign(message)
    }
}
