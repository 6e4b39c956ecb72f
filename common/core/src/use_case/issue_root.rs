//! The ceremony of a new CA: its key signs its own certificate, once.

use jiff::Timestamp;

use super::signature::check;
use crate::certificate::{self, CA_ALGORITHM, CertificateError, Serial};
use crate::config::SignatureProfile;
use crate::ports::{KeyError, RootCertificate, RootError, SigningKey, ToBeSigned};

/// Why there is no root certificate.
#[derive(Debug, thiserror::Error)]
pub enum IssueRootError {
    /// The CA's key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// Where it is kept.
    #[error(transparent)]
    Root(#[from] RootError),
}

/// The root certificate (DER), issued now unless there is one. It is kept before anybody is told, and the first wins.
pub async fn issue_root(
    profile: &SignatureProfile,
    key: &dyn SigningKey,
    kept: &dyn RootCertificate,
    serial: Serial,
    now: Timestamp,
) -> Result<Vec<u8>, IssueRootError> {
    if let Some(root) = kept.root().await? {
        return Ok(root);
    }
    let public_key = key.public_key().await?;
    let to_be_signed = ToBeSigned::new(certificate::root(profile, &public_key, serial, now)?);
    let signature = key.sign(&to_be_signed).await?;
    check(&public_key, CA_ALGORITHM, &to_be_signed, &signature)?;
    let root = certificate::assemble(to_be_signed.bytes(), &signature)?;
    tracing::info!("the root certificate is issued");
    Ok(kept.keep(&root).await?)
}
