//! Software keys: P-256 by ring.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject;
use sigill_core::TransactionId;
use sigill_core::certificate::subject_public_key;
use sigill_core::ports::{KeyError, OneTimeKey, OneTimeKeys, SigningKey, ToBeSigned};

/// A new key, PKCS #8. Empty only when the operating system has no randomness.
pub fn generate() -> Vec<u8> {
    EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new())
        .map_or_else(|_| Vec::new(), |key| key.as_ref().to_vec())
}

/// A long-lived key in this process.
pub struct SoftwareKey {
    pair: EcdsaKeyPair,
    random: SystemRandom,
}

impl SoftwareKey {
    /// The key in `pkcs8`.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8, &random).map_err(|_| KeyError::Gone)?;
        Ok(Self { pair, random })
    }

    /// The key in `pem` (PKCS #8, as `openssl genpkey` writes it).
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let wrong = || KeyError::Unavailable("not a P-256 key in PKCS #8 as PEM".to_owned());
        let pkcs8 = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| wrong())?;
        Self::from_pkcs8(pkcs8.secret_pkcs8_der()).map_err(|_| wrong())
    }

    fn spki(&self) -> Result<Vec<u8>, KeyError> {
        subject_public_key(self.pair.public_key().as_ref()).map_err(|_| KeyError::WrongAnswer)
    }

    fn sign_now(&self, message: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        let signature = self.pair.sign(&self.random, message.bytes());
        signature.map(|signature| signature.as_ref().to_vec()).map_err(|_| KeyError::Unavailable("no randomness".to_owned()))
    }
}

#[async_trait]
impl SigningKey for SoftwareKey {
    async fn public_key(&self) -> Result<Vec<u8>, KeyError> {
        self.spki()
    }

    async fn sign(&self, message: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        self.sign_now(message)
    }
}

/// One-time keys that exist in memory alone: a restart destroys them all.
#[derive(Default)]
pub struct SoftwareOneTimeKeys(Mutex<Held>);

#[derive(Default)]
struct Held {
    made: u64,
    keys: HashMap<String, SoftwareKey>,
}

impl SoftwareOneTimeKeys {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl OneTimeKeys for SoftwareOneTimeKeys {
    async fn create(&self, transaction: &TransactionId) -> Result<OneTimeKey, KeyError> {
        let key = SoftwareKey::from_pkcs8(&generate())?;
        let public_key = key.spki()?;
        let mut held = self.held();
        held.made += 1;
        let reference = format!("{transaction}/{}", held.made);
        held.keys.insert(reference.clone(), key);
        Ok(OneTimeKey { reference, public_key })
    }

    async fn sign(&self, key: &OneTimeKey, message: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        self.held().keys.get(&key.reference).ok_or(KeyError::Gone)?.sign_now(message)
    }

    async fn destroy(&self, key: &OneTimeKey) -> Result<(), KeyError> {
        self.held().keys.remove(&key.reference);
        Ok(())
    }
}
