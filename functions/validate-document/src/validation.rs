use std::sync::Arc;

use axum::body::Bytes;
use pades::validate::{Report, Trust, validate};
use sigill_core::config::{Municipality, ValidationTrust};
use sigill_core::ports::{Clock, RevocationData, RevocationSource, RootCertificate};

/// What the function needs.
#[derive(Clone)]
pub struct Validation {
    /// The municipality.
    pub municipality: Arc<Municipality>,
    /// Its CA's root: what is trusted.
    pub root: Arc<dyn RootCertificate>,
    /// Certificates of the CA, DER, whose revocation data are had anew. What a document names is never fetched.
    pub units: Vec<Vec<u8>>,
    /// Where they come from.
    pub revocation: Arc<dyn RevocationSource>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Validation {
    /// The report on `pdf`, or why there is none now.
    pub async fn report(&self, pdf: Bytes) -> Result<Report, String> {
        let root = self.root.root().await.map_err(|error| error.to_string())?;
        let anchors: Vec<_> = root.into_iter().collect();
        let units = [self.units.as_slice(), &anchors].concat();
        // Without, the document's own data may do.
        let RevocationData { ocsp, crls } = self.revocation.collect(&units).await.unwrap_or_else(|error| {
            tracing::warn!(%error);
            RevocationData::default()
        });
        let ValidationTrust { time_stamp_anchors, svt_issuers } = self.municipality.validation.clone();
        let trust = Trust { anchors, time_stamp_anchors, svt_issuers, crls, ocsp, ..Trust::default() };
        let at = self.clock.now().as_second();
        // A long calculation: others go on meanwhile.
        let report = tokio::task::spawn_blocking(move || validate(&pdf, &trust, at)).await;
        report.map_err(|error| error.to_string())
    }
}
