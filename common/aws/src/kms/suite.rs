use aws_sdk_kms::types::{KeySpec, SigningAlgorithmSpec};
use pades::SignatureAlgorithm;
use sigill_core::ports::KeyError;

/// What KMS calls a suite.
pub(super) struct Suite {
    pub spec: KeySpec,
    pub signing: SigningAlgorithmSpec,
}

pub(super) fn suite(algorithm: SignatureAlgorithm) -> Result<Suite, KeyError> {
    let (spec, signing) = match algorithm {
        SignatureAlgorithm::EcdsaP256Sha256 => (KeySpec::EccNistP256, SigningAlgorithmSpec::EcdsaSha256),
        SignatureAlgorithm::EcdsaP384Sha384 => (KeySpec::EccNistP384, SigningAlgorithmSpec::EcdsaSha384),
        SignatureAlgorithm::RsaPss3072Sha256 => (KeySpec::Rsa3072, SigningAlgorithmSpec::RsassaPssSha256),
        SignatureAlgorithm::RsaPss4096Sha512 => (KeySpec::Rsa4096, SigningAlgorithmSpec::RsassaPssSha512),
        SignatureAlgorithm::RsaPkcs1_3072Sha256 => (KeySpec::Rsa3072, SigningAlgorithmSpec::RsassaPkcs1V15Sha256),
        SignatureAlgorithm::RsaPkcs1_4096Sha512 => (KeySpec::Rsa4096, SigningAlgorithmSpec::RsassaPkcs1V15Sha512),
        other => return Err(KeyError::Unavailable(format!("KMS has no keys of {other}"))),
    };
    Ok(Suite { spec, signing })
}
