//! Telling the e-service (Standard Webhooks): a thin POST `{id, status}`, signed, at least once.

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use ring::hmac;
use serde_json::json;
use url::Url;

use super::Coordination;
use crate::config::EService;
use crate::sign_request::{Event, Notification, Retry, SignRequest};

/// Prefix of a Standard Webhooks secret.
const SECRET_PREFIX: &str = "whsec_";

/// Delivers notification `id` and gives what came of it.
pub(super) async fn deliver(coordination: &Coordination, request: &SignRequest, id: &str) -> Option<Event> {
    let notification = request.notifications.iter().find(|notification| notification.id == id)?;
    let url = request.callback_url.as_ref()?;
    let service = coordination.municipality.e_services.get(&request.requester)?;
    let id = id.to_owned();
    let Some(message) = message(service, url, request, notification, coordination.clock.now()) else {
        tracing::warn!(sign_request.id = %request.id, "the e-service has no webhook secret");
        return Some(Event::NotNotified { id, again: Retry::Never });
    };
    let event = match coordination.http.send(message).await {
        Ok(response) if response.status().is_success() => Event::Notified { id },
        Ok(response) if response.status() == http::StatusCode::GONE => Event::NotNotified { id, again: Retry::Never },
        Ok(response) => {
            tracing::info!(sign_request.id = %request.id, status = response.status().as_u16(), "notification not taken");
            Event::NotNotified { id, again: Retry::Later }
        }
        Err(error) => {
            tracing::info!(sign_request.id = %request.id, %error, "notification not delivered");
            Event::NotNotified { id, again: Retry::Later }
        }
    };
    Some(event)
}

fn message(
    service: &EService,
    url: &Url,
    request: &SignRequest,
    notification: &Notification,
    now: Timestamp,
) -> Option<http::Request<Vec<u8>>> {
    let secret = service.webhook_secret.as_deref()?;
    let body = json!({ "id": request.id, "status": notification.status }).to_string();
    let signature = sign(secret, &notification.id, now.as_second(), &body)?;
    http::Request::post(url.as_str())
        .header(http::header::CONTENT_TYPE, "application/json")
        .header("webhook-id", &notification.id)
        .header("webhook-timestamp", now.as_second())
        .header("webhook-signature", signature)
        .body(body.into_bytes())
        .ok()
}

/// `v1,` and base64 of HMAC-SHA-256 over `id.timestamp.body`; `None` when the secret is not `whsec_` and base64.
pub fn sign(secret: &str, id: &str, timestamp: i64, body: &str) -> Option<String> {
    let key = BASE64_STANDARD.decode(secret.strip_prefix(SECRET_PREFIX)?).ok()?;
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), format!("{id}.{timestamp}.{body}").as_bytes());
    Some(format!("v1,{}", BASE64_STANDARD.encode(tag)))
}
