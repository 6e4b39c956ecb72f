//! A key pair of any suite in this process. ring makes and uses all but RSA keys, which it only uses.

use pades::{KeyKind, SignatureAlgorithm};
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA512, RsaEncoding,
};
use rsa_keys::pkcs8::EncodePrivateKey;
use rsa_keys::rand_core::OsRng;
use sigill_core::certificate::subject_public_key;
use sigill_core::ports::{KeyError, ToBeSigned};

/// A private key and what it signs by.
pub struct Pair {
    algorithm: SignatureAlgorithm,
    key: Key,
    random: SystemRandom,
}

enum Key {
    Curve(EcdsaKeyPair),
    Rsa(rsa::KeyPair, &'static dyn RsaEncoding),
}

/// How the suite signs.
enum Signing {
    Curve(&'static EcdsaSigningAlgorithm),
    Rsa(&'static dyn RsaEncoding),
}

fn signing(algorithm: SignatureAlgorithm) -> Result<Signing, KeyError> {
    Ok(match algorithm {
        SignatureAlgorithm::EcdsaP256Sha256 => Signing::Curve(&ECDSA_P256_SHA256_ASN1_SIGNING),
        SignatureAlgorithm::EcdsaP384Sha384 => Signing::Curve(&ECDSA_P384_SHA384_ASN1_SIGNING),
        SignatureAlgorithm::RsaPss3072Sha256 => Signing::Rsa(&RSA_PSS_SHA256),
        SignatureAlgorithm::RsaPss4096Sha512 => Signing::Rsa(&RSA_PSS_SHA512),
        SignatureAlgorithm::RsaPkcs1_3072Sha256 => Signing::Rsa(&RSA_PKCS1_SHA256),
        SignatureAlgorithm::RsaPkcs1_4096Sha512 => Signing::Rsa(&RSA_PKCS1_SHA512),
        other => return Err(KeyError::Unavailable(format!("no software keys of {other}"))),
    })
}

/// A new key for `algorithm`, PKCS #8. An RSA key takes a second or so.
pub fn generate(algorithm: SignatureAlgorithm) -> Result<Vec<u8>, KeyError> {
    let failed = |what: &dyn std::fmt::Display| KeyError::Unavailable(format!("no new key: {what}"));
    match (signing(algorithm)?, algorithm.key()) {
        (Signing::Curve(curve), _) => {
            let key = EcdsaKeyPair::generate_pkcs8(curve, &SystemRandom::new()).map_err(|error| failed(&error))?;
            Ok(key.as_ref().to_vec())
        }
        (Signing::Rsa(_), KeyKind::Rsa(bits)) => {
            let key = rsa_keys::RsaPrivateKey::new(&mut OsRng, bits).map_err(|error| failed(&error))?;
            Ok(key.to_pkcs8_der().map_err(|error| failed(&error))?.as_bytes().to_vec())
        }
        (Signing::Rsa(_), _) => Err(failed(&"not an RSA suite")),
    }
}

impl Pair {
    /// The key in `pkcs8`.
    pub fn from_pkcs8(algorithm: SignatureAlgorithm, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let random = SystemRandom::new();
        let key = match signing(algorithm)? {
            Signing::Curve(curve) => EcdsaKeyPair::from_pkcs8(curve, pkcs8, &random).map(Key::Curve),
            Signing::Rsa(encoding) => rsa::KeyPair::from_pkcs8(pkcs8).map(|pair| Key::Rsa(pair, encoding)),
        };
        Ok(Self { algorithm, key: key.map_err(|_| KeyError::Gone)?, random })
    }

    /// SubjectPublicKeyInfo, DER.
    pub fn public_key(&self) -> Result<Vec<u8>, KeyError> {
        let key = match &self.key {
            Key::Curve(pair) => pair.public_key().as_ref(),
            Key::Rsa(pair, _) => pair.public().as_ref(),
        };
        subject_public_key(self.algorithm, key).map_err(|_| KeyError::WrongAnswer)
    }

    /// A signature as CMS has it.
    pub fn sign(&self, message: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        let signature = match &self.key {
            Key::Curve(pair) => pair.sign(&self.random, message.bytes()).map(|signature| signature.as_ref().to_vec()),
            Key::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(*encoding, &self.random, message.bytes(), &mut signature).map(|()| signature)
            }
        };
        signature.map_err(|_| KeyError::Unavailable("no randomness".to_owned()))
    }
}
