use async_trait::async_trait;

/// Revocation data for certificates other than the one-time ones, which need none (RFC 9608).
#[async_trait]
pub trait RevocationSource: Send + Sync {
    /// What tells whether `certificates` (DER) are revoked, checked; nothing for those that name no place to ask. Their
    /// issuers are looked for among them.
    async fn collect(&self, certificates: &[Vec<u8>]) -> Result<RevocationData, NoRevocationData>;
}

/// Responses and lists, DER, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevocationData {
    /// OCSP responses.
    pub ocsp: Vec<Vec<u8>>,
    /// Certificate lists.
    pub crls: Vec<Vec<u8>>,
}

/// Nobody told about a certificate that names a place to ask.
#[derive(Debug, thiserror::Error)]
#[error("no revocation data: {0}")]
pub struct NoRevocationData(pub String);
