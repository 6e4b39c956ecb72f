//! Problem details (RFC 9457). The only table of status codes of the API stands here.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sigill_core::sign_request::Language;
use sigill_core::use_case::Violation;

/// Every kind of problem; its URI and meaning never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Fields are wrong.
    InvalidRequest,
    /// The body is not the JSON that is expected.
    MalformedRequest,
    /// A document can't be signed soundly.
    InvalidDocument,
    /// A document or body is too large.
    DocumentTooLarge,
    /// A body of another kind than is taken.
    UnsupportedMediaType,
    /// No or an unknown bearer key.
    Unauthorized,
    /// Known here, but answered at another host.
    OtherHost,
    /// No such thing here.
    NotFound,
    /// The method does not exist on this resource.
    MethodNotAllowed,
    /// The idempotency key was used with another body.
    IdempotencyConflict,
    /// The request has ended.
    RequestEnded,
    /// A signature is on its way and can't be taken back.
    SignatureOnItsWay,
    /// There is no signed document yet.
    NotSignedYet,
    /// Documents are not uploaded yet.
    NotUploaded,
    /// There can be no copy for publication.
    NoCopy,
    /// Something that is needed does not answer.
    Unavailable,
}

impl Kind {
    /// Status, last part of the URI, title in English and in Swedish.
    fn row(self) -> (StatusCode, &'static str, &'static str, &'static str) {
        match self {
            Self::InvalidRequest => (StatusCode::BAD_REQUEST, "invalid-request", "The request has errors", "Begäran har fel"),
            Self::MalformedRequest => {
                (StatusCode::BAD_REQUEST, "malformed-request", "The body is not understood", "Innehållet går inte att tolka")
            }
            Self::InvalidDocument => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid-document",
                "The document can't be signed",
                "Dokumentet går inte att skriva under",
            ),
            Self::DocumentTooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "document-too-large", "The document is too large", "Dokumentet är för stort")
            }
            Self::UnsupportedMediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "The media type is not supported",
                "Innehållstypen stöds inte",
            ),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized", "A bearer key is needed", "Det behövs en åtkomstnyckel"),
            Self::OtherHost => (StatusCode::MISDIRECTED_REQUEST, "other-host", "Answered at another host", "Besvaras på en annan adress"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found", "Finns inte"),
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "Method not allowed", "Metoden finns inte här")
            }
            Self::IdempotencyConflict => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency-conflict",
                "The idempotency key was used with another body",
                "Idempotensnyckeln har använts med annat innehåll",
            ),
            Self::RequestEnded => (StatusCode::CONFLICT, "request-ended", "The sign request has ended", "Underskriftsbegäran är avslutad"),
            Self::SignatureOnItsWay => {
                (StatusCode::CONFLICT, "signature-on-its-way", "A signature is on its way", "En underskrift är på väg")
            }
            Self::NotSignedYet => {
                (StatusCode::CONFLICT, "not-signed-yet", "There is no signed document yet", "Det finns inget underskrivet dokument än")
            }
            Self::NotUploaded => {
                (StatusCode::CONFLICT, "not-uploaded", "A document is not uploaded yet", "Ett dokument är inte uppladdat än")
            }
            Self::NoCopy => {
                (StatusCode::CONFLICT, "no-copy", "There can be no copy for publication", "Det går inte att göra en kopia för publicering")
            }
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not possible now", "Går inte just nu"),
        }
    }
}

/// A problem, on its way to be answered.
#[derive(Debug)]
pub struct Problem {
    kind: Kind,
    detail: String,
    extra: Extra,
}

/// Members beyond the five of the standard.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Extra {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    violations: Vec<Violation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upload_instead: Option<UploadInstead>,
}

/// How a larger document comes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct UploadInstead {
    max_bytes: u64,
    described_by: String,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    instance: &'a str,
    #[serde(flatten)]
    extra: &'a Extra,
}

impl Problem {
    /// A problem of `kind`; `detail` tells this occurrence without personal data.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), extra: Extra::default() }
    }

    /// With what is wrong, field by field.
    pub fn violations(mut self, violations: Vec<Violation>) -> Self {
        self.extra.violations = violations;
        self
    }

    /// With a stable reason code.
    pub fn reason(mut self, reason: &'static str) -> Self {
        self.extra.reason = Some(reason);
        self
    }

    /// With the limit that was passed.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.extra.max_bytes = Some(bytes);
        self
    }

    /// With the other way that a document can come: how much may be uploaded, and where that is described.
    pub fn upload_instead(mut self, max_bytes: u64, described_by: String) -> Self {
        self.extra.upload_instead = Some(UploadInstead { max_bytes, described_by });
        self
    }

    /// The answer to a request for `instance` (a path) by somebody who reads `language`.
    pub fn respond(&self, instance: &str, language: Language) -> Response {
        let (status, slug, english, swedish) = self.kind.row();
        let body = Body {
            r#type: format!("urn:sigill:problem:{slug}"),
            title: match language {
                Language::Sv => swedish,
                Language::En => english,
            },
            status: status.as_u16(),
            detail: &self.detail,
            instance,
            extra: &self.extra,
        };
        let mut response = (status, Json(body)).into_response();
        let header: Option<(HeaderName, &'static str)> = match self.kind {
            Kind::Unauthorized => Some((WWW_AUTHENTICATE, "Bearer")),
            Kind::Unavailable => Some((RETRY_AFTER, "10")),
            _ => None,
        };
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.extend(header.map(|(name, value)| (name, HeaderValue::from_static(value))));
        response
    }
}
