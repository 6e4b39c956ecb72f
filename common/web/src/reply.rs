//! What every answer of an API has in common.

use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use sigill_core::sign_request::Language;

use crate::language;
use crate::problem::{Kind, Problem};
use crate::text::Text;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Where a request came to and in which language its problems are told.
pub struct Context {
    path: String,
    language: Language,
}

impl<S: Sync> axum::extract::FromRequestParts<S> for Context {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Self::Rejection> {
        // Callers that prefer nothing are programs: their developers read English.
        let language = language::accepted(&parts.headers).unwrap_or(Language::En);
        Ok(Self { path: parts.uri.path().to_owned(), language })
    }
}

impl Context {
    /// In which language its problems are told.
    pub fn text(&self) -> Text {
        Text(self.language)
    }

    /// `problem` as the answer.
    pub fn problem(&self, problem: &Problem) -> Response {
        problem.respond(&self.path, self.language)
    }
}

/// Gives `traceparent` back (W3C Trace Context) and forbids caching.
pub async fn trace(request: Request, next: Next) -> Response {
    let trace = request.headers().get(TRACEPARENT).cloned();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.extend(trace.map(|trace| (TRACEPARENT, trace)));
    response
}

/// Any address without a resource.
pub async fn not_found(context: Context) -> Response {
    context.problem(&Problem::new(Kind::NotFound, "There is nothing at this address."))
}

/// Any method that a resource does not have.
pub async fn method_not_allowed(context: Context) -> Response {
    context.problem(&Problem::new(Kind::MethodNotAllowed, "This address does not take this method."))
}
