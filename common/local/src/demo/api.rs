//! Sigill's public API, as any e-service calls it.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::Demo;
use super::claim::{FeeClaim, person};

/// Why Sigill did not do it, in words for the case's page.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ApiFailure(String);

impl Demo {
    /// Makes a sign request of a case.
    pub async fn create(&self, case: &str, claim: &FeeClaim, pdf: &[u8]) -> Result<Value, ApiFailure> {
        let body = sign_request(case, &format!("{}demo/cases/{case}", self.base), claim, pdf);
        let request = http::Request::post(format!("{}v1/sign-requests", self.base))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", case);
        let answer = self.call(request, body.to_string().into_bytes()).await?;
        serde_json::from_slice(&answer).map_err(|error| ApiFailure(error.to_string()))
    }

    /// The status of a sign request.
    pub async fn status(&self, id: &str) -> Result<Value, ApiFailure> {
        let answer = self.call(http::Request::get(format!("{}v1/sign-requests/{id}", self.base)), Vec::new()).await?;
        serde_json::from_slice(&answer).map_err(|error| ApiFailure(error.to_string()))
    }

    /// The signed document.
    pub async fn signed(&self, id: &str) -> Result<Vec<u8>, ApiFailure> {
        self.call(http::Request::get(format!("{}v1/sign-requests/{id}/documents/1/signed", self.base)), Vec::new()).await
    }

    async fn call(&self, request: http::request::Builder, body: Vec<u8>) -> Result<Vec<u8>, ApiFailure> {
        let request = request.header("Authorization", format!("Bearer {}", self.bearer_key)).body(body);
        let request = request.map_err(|error| ApiFailure(error.to_string()))?;
        let response = self.http.send(request).await.map_err(|error| ApiFailure(error.to_string()))?;
        if response.status().is_success() {
            return Ok(response.into_body());
        }
        let problem: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        Err(ApiFailure(format!("{} {}", problem["title"].as_str().unwrap_or("Sigill"), problem["detail"].as_str().unwrap_or_default())))
    }
}

/// The body of a request: the politician signs first, then the approver.
pub fn sign_request(reference: &str, return_url: &str, claim: &FeeClaim, pdf: &[u8]) -> Value {
    let signer = |role: &str, number: &str| {
        let name = person(number).map_or_else(String::new, |person| person.name());
        json!({ "externalId": role, "name": name, "personalIdentityNumber": number })
    };
    json!({
        "customerReference": reference,
        "title": format!("Arvodesräkning {}", claim.period),
        "message": "Läs igenom arvodesräkningen. Den skrivs först under av den förtroendevalda och sedan av den som godkänner.",
        "documents": [{
            "fileName": "arvodesrakning.pdf",
            "mimeType": "application/pdf",
            "content": BASE64_STANDARD.encode(pdf),
        }],
        "signers": [signer("politician", &claim.politician), signer("approver", &claim.approver)],
        "returnUrl": return_url,
    })
}
