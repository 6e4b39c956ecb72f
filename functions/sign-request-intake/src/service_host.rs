//! Where the deployment asks e-services for client certificates, they come by a host of their own, and the gateway has
//! checked the certificate before anything arrives here. At the persons' host sign requests are then out of reach.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use lambda_http::RequestExt;
use lambda_http::request::RequestContext;
use sigill_web::problem::{Kind, Problem};
use sigill_web::reply::Context;

/// `router`, and its sign requests at `host` alone if there is one.
pub fn confined(router: Router, host: Option<String>) -> Router {
    match host {
        Some(host) => router.layer(from_fn_with_state(Arc::from(host), only_at)),
        None => router,
    }
}

/// Lets requests for sign requests pass at `host` alone, by the name that the gateway knows and not by what a header says.
async fn only_at(State(host): State<Arc<str>>, context: Context, request: Request, next: Next) -> Response {
    let at = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(gateway)) => gateway.domain_name.as_deref(),
        _ => None,
    };
    if request.uri().path().starts_with("/v1/sign-requests") && at != Some(&*host) {
        return context.problem(&Problem::new(Kind::OtherHost, "E-services reach sign requests at the host for client certificates."));
    }
    next.run(request).await
}
