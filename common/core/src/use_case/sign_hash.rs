//! `sign-document-hash`: the only holder of keys. It trusts nothing it is told: it verifies the raw evidence against
//! the manifest by itself, with keys that it fetches itself, and signs exactly the digests in that manifest.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use pades::SignedAttributes;
use serde_json::Value;

use super::issue_root::{IssueRootError, issue_root};
use super::signature::check;
use crate::certificate::{self, CA_ALGORITHM, CertificateError, Issuer, Serial};
use crate::config::{EidKind, Municipality, OidcProvider};
use crate::eid::Evidence;
use crate::eid::oidc::{self, Arrival, EvidenceError};
use crate::identity::IdentityAssertion;
use crate::ids::TransactionId;
use crate::manifest::{Manifest, ManifestDocument};
use crate::ports::{
    Clock, DocumentSignature, HttpClient, Intent, OneTimeKey, OneTimeKeys, Random, RootCertificate, SignCommand, SignDocumentHash,
    SignError, SignOutcome, SigningJournal, SigningKey, ToBeSigned,
};

/// The signing function.
#[derive(Clone)]
pub struct Signing {
    /// The municipality.
    pub municipality: Arc<Municipality>,
    /// The issuing CA's certificate.
    pub root: Arc<dyn RootCertificate>,
    /// The issuing CA's key.
    pub ca_key: Arc<dyn SigningKey>,
    /// Custody of one-time keys.
    pub one_time_keys: Arc<dyn OneTimeKeys>,
    /// What was intended and what came of it.
    pub journal: Arc<dyn SigningJournal>,
    /// The providers' keys.
    pub http: Arc<dyn HttpClient>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Serial numbers.
    pub random: Arc<dyn Random>,
}

#[async_trait]
impl SignDocumentHash for Signing {
    async fn sign(&self, command: &SignCommand) -> Result<SignOutcome, SignError> {
        let manifest = Manifest::from_bytes(&command.manifest).map_err(|_| refused("manifest"))?;
        let signer = self.verify(&manifest, &command.evidence).await?;
        let transaction = &manifest.transaction;
        let entry = self.journal.read(transaction).await.map_err(unavailable)?;
        let outcome = match entry.outcome {
            Some(outcome) => outcome,
            None => {
                self.check_suite(&manifest)?;
                let key = self.one_time_keys.create(transaction, manifest.algorithm).await.map_err(unavailable)?;
                let outcome = self.sign_once(&manifest, signer, &key).await;
                // Whatever happened, this key is never used again.
                self.destroy(transaction, &key).await;
                self.journal.settle(transaction, &outcome?).await.map_err(unavailable)?
            }
        };
        // Earlier attempts were cut short, or come too late now.
        for intent in &entry.intents {
            self.destroy(transaction, &intent.key).await;
        }
        Ok(outcome)
    }
}

impl Signing {
    /// The root certificate (DER), issued now unless there is one.
    pub async fn issue_root(&self) -> Result<Vec<u8>, IssueRootError> {
        let profile = &self.municipality.signature;
        issue_root(profile, &*self.ca_key, &*self.root, Serial::random(&*self.random), self.clock.now()).await
    }

    /// The suite that the documents were prepared for has not ended, and they were hashed as it hashes.
    fn check_suite(&self, manifest: &Manifest) -> Result<(), SignError> {
        let profile = &self.municipality.signature;
        if !profile.suite_ends.is_open(manifest.algorithm, self.clock.now() + profile.certificate_life()) {
            return Err(refused("algorithm"));
        }
        let hashed = |document: &ManifestDocument| document.to_be_signed.algorithm() == manifest.algorithm.digest();
        if manifest.documents.iter().all(hashed) { Ok(()) } else { Err(refused("manifest")) }
    }

    async fn destroy(&self, transaction: &TransactionId, key: &OneTimeKey) {
        if let Err(error) = self.one_time_keys.destroy(key).await {
            tracing::error!(%transaction, %error, "a one-time key was not destroyed");
        }
    }

    /// Who the evidence proves to have approved exactly this manifest.
    async fn verify(&self, manifest: &Manifest, evidence: &Evidence) -> Result<IdentityAssertion, SignError> {
        let Evidence::Oidc { provider, id_token, keys } = evidence;
        if manifest.municipality != self.municipality.id || manifest.provider != *provider {
            return Err(refused("manifest"));
        }
        let configured = self.municipality.eid_providers.get(provider).ok_or_else(|| refused("provider"))?;
        let EidKind::Oidc(oidc) = &configured.kind;
        let now = self.clock.now();
        let check = |keys: &Value| oidc::verify(oidc, id_token, keys, manifest, Arrival::Stored, now);
        let with_seen = check(keys).map_err(|error: EvidenceError| refused(error.code()))?;
        let published = self.published_keys(oidc).await?;
        if published == *keys {
            return Ok(with_seen);
        }
        let with_published = check(&published).map_err(|error| refused(error.code()))?;
        if with_seen == with_published { Ok(with_published) } else { Err(refused("evidence_key")) }
    }

    async fn published_keys(&self, provider: &OidcProvider) -> Result<Value, SignError> {
        oidc::published_keys(provider, &*self.http).await.map_err(unavailable)
    }

    /// Certificate and signatures by a fresh key. The intent is stored before the key signs anything.
    async fn sign_once(&self, manifest: &Manifest, signer: IdentityAssertion, key: &OneTimeKey) -> Result<SignOutcome, SignError> {
        let now = self.clock.now();
        let root = self.root.root().await.map_err(unavailable)?.ok_or_else(|| unavailable("the root certificate is not issued"))?;
        let issuer = Issuer::from_certificate(&root).map_err(unavailable)?;
        let to_be_signed = self.certificate(&issuer, &signer, key, now).map_err(unavailable)?;
        let intent = Intent { manifest: manifest.hash().nonce(), key: key.clone(), certificate: to_be_signed.clone(), at: now };
        self.journal.intend(&manifest.transaction, &intent).await.map_err(unavailable)?;
        let message = ToBeSigned::new(&*to_be_signed);
        let signature = self.ca_key.sign(&message).await.map_err(unavailable)?;
        check(&issuer.public_key, CA_ALGORITHM, &message, &signature).map_err(unavailable)?;
        let certificate = certificate::assemble(&to_be_signed, &signature).map_err(unavailable)?;
        let mut signatures = Vec::with_capacity(manifest.documents.len());
        for document in &manifest.documents {
            let attributes = SignedAttributes::new(&document.to_be_signed, &certificate, manifest.algorithm).map_err(unavailable)?;
            let message = ToBeSigned::new(attributes.to_be_signed());
            let signature = self.one_time_keys.sign(key, &message).await.map_err(unavailable)?;
            check(&key.public_key, manifest.algorithm, &message, &signature).map_err(unavailable)?;
            let signed_attributes = attributes.to_be_signed().to_vec();
            signatures.push(DocumentSignature { document: document.to_be_signed, signed_attributes, signature });
        }
        Ok(SignOutcome { signatures, certificates: vec![certificate, issuer.certificate], signer, signed_at: now })
    }

    fn certificate(
        &self,
        issuer: &Issuer,
        signer: &IdentityAssertion,
        key: &OneTimeKey,
        now: Timestamp,
    ) -> Result<Vec<u8>, CertificateError> {
        let service = self.municipality.public_url.as_str();
        certificate::signer(&self.municipality.signature, issuer, signer, service, &key.public_key, Serial::random(&*self.random), now)
    }
}

fn refused(code: &str) -> SignError {
    SignError::Refused { code: code.to_owned() }
}

fn unavailable(error: impl std::fmt::Display) -> SignError {
    SignError::Unavailable { detail: error.to_string() }
}
