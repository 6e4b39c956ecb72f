use async_trait::async_trait;

/// Timestamp authorities in their configured order (RFC 3161).
#[async_trait]
pub trait TimeStampAuthority: Send + Sync {
    /// Sends a TimeStampReq (DER), answers a TimeStampResp (DER). The caller checks the answer.
    async fn time_stamp(&self, request: &[u8]) -> Result<Vec<u8>, TimeStampError>;
}

/// No authority answered.
#[derive(Debug, thiserror::Error)]
#[error("no timestamp authority answered: {0}")]
pub struct TimeStampError(pub String);

/// Revocation data for certificates other than the one-time ones, which need none (RFC 9608).
#[async_trait]
pub trait RevocationSource: Send + Sync {
    /// Certificate lists (DER) that cover `certificates` (DER); those without a distribution point have none.
    async fn lists(&self, certificates: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, TimeStampError>;
}
