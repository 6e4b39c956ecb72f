//! The demo e-service "Arvodesräkning": payment of fees to politicians. It knows Sigill by its public API alone.

mod api;
mod cases;
mod claim;
mod document;
mod pages;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use sigill_core::ports::{Clock, HttpClient, Random};
use url::Url;

use claim::ClaimForm;
pub use claim::{FeeClaim, Meeting};
pub use document::{NotMade, fee_claim_pdf};

/// What the e-service needs.
pub struct Demo {
    /// Where Sigill and this e-service are reached.
    pub base: Url,
    /// The e-service's key.
    pub bearer_key: String,
    /// The organisation that pays.
    pub organisation: String,
    /// To Sigill.
    pub http: Arc<dyn HttpClient>,
    /// Folder of its cases.
    pub cases: PathBuf,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Names of cases.
    pub random: Arc<dyn Random>,
}

impl Demo {
    /// A body for `POST /v1/sign-requests` (JSON) that can be sent as it is.
    pub fn example_request(&self) -> Result<Vec<u8>, NotMade> {
        let claim = ClaimForm::example().parse().map_err(|mistakes| NotMade(format!("{} mistakes in the example", mistakes.len())))?;
        let pdf = fee_claim_pdf(&self.organisation, "exempel", &claim, self.clock.now())?;
        Ok(api::sign_request("exempel", &format!("{}demo", self.base), &claim, &pdf).to_string().into_bytes())
    }
}

/// Everything below `/demo`.
pub fn router(demo: Arc<Demo>) -> Router {
    Router::new()
        .route("/", get(pages::form).post(pages::submit))
        .route("/cases/{case}", get(pages::case))
        .route("/cases/{case}/signed.pdf", get(pages::signed))
        .route("/style.css", get(pages::style))
        .with_state(demo)
}
