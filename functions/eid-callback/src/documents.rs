//! The bytes that are signed, opened in the browser's own viewer or saved.

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use sigill_core::ports::Disposition;
use sigill_core::use_case::{Fetched, LinkError, document};
use sigill_web::security::private;

use crate::message::{Message, Origin};
use crate::visit::Visit;

pub async fn open(Path(path): Path<(String, String, String)>, visit: Visit) -> Response {
    send(&visit, path, Disposition::Inline).await
}

pub async fn download(Path(path): Path<(String, String, String)>, visit: Visit) -> Response {
    send(&visit, path, Disposition::Attachment).await
}

async fn send(visit: &Visit, (id, secret, number): (String, String, String), disposition: Disposition) -> Response {
    let link = match visit.opened(&id, &secret).await {
        Ok(link) => link,
        Err(response) => return response,
    };
    let base = format!("/sign/{id}/{secret}");
    let origin = Some(Origin { request: &link.request, base: &base });
    match document(&visit.coordination, &link, number.parse().unwrap_or_default(), disposition).await {
        // Too large for an answer of ours. The address is the signer's alone for minutes.
        Ok((_, Fetched::Elsewhere(url))) => (private(), Redirect::temporary(url.as_str())).into_response(),
        Ok((document, Fetched::Here(bytes))) => {
            let disposition = format!("{}; filename*=UTF-8''{}", disposition.word(), encoded(&document.file_name));
            let mut response = (private(), bytes).into_response();
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
            headers.extend(HeaderValue::from_str(&disposition).ok().map(|value| (CONTENT_DISPOSITION, value)));
            response
        }
        Err(LinkError::Unknown) => visit.message(Message::NotFound, origin),
        Err(LinkError::Unavailable(detail)) => {
            tracing::warn!(detail, "a document was not shown");
            visit.message(Message::Unavailable, origin)
        }
    }
}

/// `ext-value` characters of RFC 8187.
fn encoded(name: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    name.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
