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

/// How large the authority's last token was, so that the next signature reserves that much. A hint: losing it costs
/// some space in a document and never a signature, so adapters log their failures.
#[async_trait]
pub trait LastToken: Send + Sync {
    /// Bytes of the token, if one has been seen.
    async fn bytes(&self) -> Option<usize>;

    /// Keeps it for the next.
    async fn keep(&self, bytes: usize);
}
