//! The bytes that are signed, opened in the browser's own viewer or saved.

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use sigill_core::use_case::{Coordination, LinkError, document};

use crate::frame::LanguageQuery;
use crate::show::opened;
use crate::state::{Message, message};

pub async fn open(State(coordination): State<Coordination>, Path(path): Path<(String, String, usize)>) -> Response {
    send(&coordination, path, "inline").await
}

pub async fn download(State(coordination): State<Coordination>, Path(path): Path<(String, String, usize)>) -> Response {
    send(&coordination, path, "attachment").await
}

async fn send(coordination: &Coordination, (id, secret, number): (String, String, usize), disposition: &str) -> Response {
    let (link, language) = match opened(coordination, &id, &secret, LanguageQuery::default()).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    match document(coordination, &link, number).await {
        Ok((document, bytes)) => {
            let disposition = format!("{disposition}; filename*=UTF-8''{}", encoded(&document.file_name));
            let mut response = bytes.into_response();
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            headers.extend(HeaderValue::from_str(&disposition).ok().map(|value| (CONTENT_DISPOSITION, value)));
            response
        }
        Err(LinkError::Unknown) => message(coordination, language, Message::UnknownLink, None),
        Err(LinkError::Unavailable(detail)) => {
            tracing::warn!(detail, "a document was not shown");
            message(coordination, language, Message::Unavailable, None)
        }
    }
}

/// `ext-value` characters of RFC 8187.
fn encoded(name: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    name.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
