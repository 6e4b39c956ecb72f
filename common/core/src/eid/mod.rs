//! e-ID providers, one module a dialect.

pub mod oidc;

use serde::{Deserialize, Serialize};

/// Raw evidence of an e-ID transaction, enough to verify it again without the provider.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum Evidence {
    /// OpenID Connect with the OIDC Sweden signature extension, scope `signApproval`.
    Oidc {
        /// Id of the provider in the configuration.
        provider: String,
        /// The ID token, compact.
        id_token: String,
        /// The provider's keys when the token came (JWK Set).
        keys: serde_json::Value,
    },
}

impl std::fmt::Debug for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Oidc { provider, .. } => f.debug_struct("Oidc").field("provider", provider).finish_non_exhaustive(),
        }
    }
}
