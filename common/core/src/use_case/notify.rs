//! Telling the e-service (Standard Webhooks): a thin POST `{id, status}`, signed, at least once.

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use ring::hmac;
use serde_json::json;
use url::Url;

use super::Finishing;
use crate::config::{NotAWebhookSecret, WebhookKey, WebhookSecret};
use crate::ports::SecretError;
use crate::sign_request::{Event, Notification, Retry, SignRequest};

/// Delivers notification `id` and gives what came of it.
pub(super) async fn deliver(finishing: &Finishing, request: &SignRequest, id: &str) -> Option<Event> {
    let notification = request.notifications.iter().find(|notification| notification.id == id)?;
    let url = request.callback_url.as_ref()?;
    let secret = finishing.municipality.e_services.get(&request.requester).and_then(|service| service.webhook_secret.as_ref());
    let id = id.to_owned();
    let Some(secret) = secret else {
        tracing::warn!(sign_request.id = %request.id, "the e-service has no webhook secret");
        return Some(Event::NotNotified { id, again: Retry::Never });
    };
    let key = match key(finishing, secret).await {
        Ok(key) => key,
        Err(error) => {
            tracing::error!(sign_request.id = %request.id, %error, "no webhook key");
            return Some(Event::NotNotified { id, again: Retry::Later });
        }
    };
    let message = message(&key, url, request, notification, finishing.clock.now())?;
    let event = match finishing.http.send(message).await {
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

#[derive(Debug, thiserror::Error)]
enum NoKey {
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Form(#[from] NotAWebhookSecret),
}

async fn key(finishing: &Finishing, secret: &WebhookSecret) -> Result<WebhookKey, NoKey> {
    match secret {
        WebhookSecret::Given(key) => Ok(key.clone()),
        WebhookSecret::Kept(name) => Ok(WebhookKey::parse(&finishing.secrets.secret(name).await?)?),
    }
}

fn message(
    key: &WebhookKey,
    url: &Url,
    request: &SignRequest,
    notification: &Notification,
    now: Timestamp,
) -> Option<http::Request<Vec<u8>>> {
    let body = json!({ "id": request.id, "status": notification.status }).to_string();
    let signature = sign(key, &notification.id, now.as_second(), &body);
    http::Request::post(url.as_str())
        .header(http::header::CONTENT_TYPE, "application/json")
        .header("webhook-id", &notification.id)
        .header("webhook-timestamp", now.as_second())
        .header("webhook-signature", signature)
        .body(body.into_bytes())
        .ok()
}

/// `v1,` and base64 of HMAC-SHA-256 over `id.timestamp.body`.
fn sign(key: &WebhookKey, id: &str, timestamp: i64, body: &str) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.bytes()), format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", BASE64_STANDARD.encode(tag))
}
