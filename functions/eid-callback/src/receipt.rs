//! The receipt, for everybody who has signed.

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use sigill_core::sign_request::SignerStatus;
use sigill_paper::NoReceipt;
use sigill_web::security::private;
use sigill_web::text::Text;

use crate::message::{Message, Origin};
use crate::visit::Visit;

pub async fn receipt(Path((id, secret)): Path<(String, String)>, visit: Visit) -> Response {
    let link = match visit.opened(&id, &secret).await {
        Ok(link) => link,
        Err(response) => return response,
    };
    let base = format!("/sign/{id}/{secret}");
    let origin = Some(Origin { request: &link.request, base: &base });
    let text = Text(visit.language(Some(&link.request)));
    if link.request.signer_status(link.signer) != SignerStatus::Signed {
        return visit.message(Message::NotFound, origin);
    }
    match sigill_paper::receipt(&link.request, &visit.coordination.municipality, text) {
        Ok(receipt) => {
            let mut response = (private(), receipt).into_response();
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
            let disposition = format!("inline; filename={}", text.receipt_file());
            headers.extend(HeaderValue::from_str(&disposition).ok().map(|value| (CONTENT_DISPOSITION, value)));
            response
        }
        Err(NoReceipt::NotCompleted) => visit.message(Message::NotFound, origin),
        Err(error) => {
            tracing::error!(sign_request.id = %link.request.id, %error, "no receipt");
            visit.message(Message::Unavailable, origin)
        }
    }
}
