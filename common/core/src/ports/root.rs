use async_trait::async_trait;

/// The CA's root certificate: issued once, kept for ever.
#[async_trait]
pub trait RootCertificate: Send + Sync {
    /// The certificate, DER; `None` before it is issued.
    async fn root(&self) -> Result<Option<Vec<u8>>, RootError>;

    /// Keeps `certificate` (DER) unless one is there, and answers the kept one: the first wins.
    async fn keep(&self, certificate: &[u8]) -> Result<Vec<u8>, RootError>;
}

/// The root certificate can't be read or kept now; worth trying again.
#[derive(Debug, thiserror::Error)]
#[error("the root certificate can't be reached: {0}")]
pub struct RootError(pub String);
