//! `sigill serve`: all functions in one process.

use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use sigill_core::config::Mode;
use sigill_core::ports::{Clock, HttpClient, SignRequestIndex};
use sigill_core::use_case::{Coordination, sweep};
use sigill_local::certificates::LocalRevocation;
use sigill_local::data_folder::DataFolder;
use sigill_local::demo::{self, Demo};
use sigill_local::queue::{self, InProcessQueue};
use sigill_local::test_eid;
use sigill_local::test_tsa;
use sigill_local::transfers;
use sigill_web::client::{Addresses, WebClient};
use sigill_web::time_stamp::HttpTimeStamps;
use tokio::net::TcpListener;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::announce;
use crate::command_line::ServeOptions;
use crate::configuration::configuration;
use crate::local::{Failure, Local, demo_key};

/// How often the worker looks for work that was left behind.
const SWEEP: Duration = Duration::from_secs(1);

/// Serves until it is stopped. Logs as `RUST_LOG` wants it.
pub async fn run(options: ServeOptions) -> ExitCode {
    let filter = std::env::var("RUST_LOG").ok().and_then(|wanted| wanted.parse().ok());
    let filter = filter.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    tracing_subscriber::registry().with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr)).with(filter).init();
    match serve(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sigill: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: ServeOptions) -> Result<(), Failure> {
    let listener = TcpListener::bind(options.listen).await.map_err(|error| cannot_listen(options.listen, &error))?;
    let address = listener.local_addr()?;
    let here = address.ip().is_loopback() || address.ip().is_unspecified();
    let authority = if here { format!("localhost:{}", address.port()) } else { address.to_string() };
    let folder = DataFolder::open(&options.data.data)?;
    let demo_key = demo_key(&folder)?;
    let local = Local::open(&folder, configuration(options.config.as_deref(), &authority, &demo_key)?).await?;
    let addresses = match local.municipality.mode {
        Mode::Local => Addresses::Any,
        Mode::Production => Addresses::Public,
    };
    let http: Arc<dyn HttpClient> = Arc::new(WebClient::new(addresses)?);
    let authorities = local.municipality.signature.time_stamp_authorities.clone();
    let assembly = local.assembly(
        Arc::new(HttpTimeStamps::new(authorities, local.municipality.signature.time_stamp_budget, http.clone())),
        local.documents.clone(),
    );
    let (queue, worker) = queue::in_process();
    let coordination = local.coordination(assembly, local.signing(http.clone()), queue.clone(), http.clone());
    let mut router = router(&local, coordination.clone()).await?;
    let mut welcome = announce::places(&local, &folder)?;
    if local.municipality.mode == Mode::Local {
        let demo = Demo {
            base: local.municipality.public_url.clone(),
            bearer_key: demo_key.clone(),
            organisation: local.municipality.organisation.name.clone(),
            http,
            cases: folder.path().join("demo"),
            clock: local.clock.clone(),
            random: local.random.clone(),
        };
        let to_demo = || get(async || Redirect::to("/demo"));
        welcome.push_str(&announce::first_try(&local, &folder, &demo)?);
        router = router.nest("/demo", demo::router(Arc::new(demo))).route("/demo/", to_demo()).route("/", to_demo());
    }
    // That nobody listens is no reason to stop.
    let _ = std::io::stdout().write_all(welcome.as_bytes());
    tokio::spawn(worker.work(coordination.finishing()));
    tokio::spawn(sweep_for_ever(local.database.clone(), queue, local.clock.clone()));
    axum::serve(listener, router).with_graceful_shutdown(stopped()).await?;
    Ok(())
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => format!("{address} is in use by another program: choose another port with --listen {}:PORT", address.ip()),
        _ => format!("can't listen on {address}: {error}"),
    }
}

async fn router(local: &Local, coordination: Coordination) -> Result<Router, Failure> {
    let mut router = sign_request_intake::router(local.intake())
        .merge(eid_callback::router(coordination))
        .merge(transfers::router(local.transfers.clone()))
        .merge(validate_document::router(local.validation()))
        .route("/pki/root.crl", get(list).with_state(local.revocation.clone()));
    if local.municipality.mode == Mode::Local {
        router = router
            .nest("/test-eid", test_eid::router(Arc::new(local.test_eid().await?)))
            .nest("/test-tsa", test_tsa::router(Arc::new(local.test_tsa()?)));
    }
    Ok(router)
}

async fn list(State(revocation): State<Arc<LocalRevocation>>) -> Response {
    match revocation.list().await {
        Ok(list) => {
            let mut response = list.into_response();
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/pkix-crl"));
            response
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Looks for what was left behind.
async fn sweep_for_ever(index: Arc<dyn SignRequestIndex>, queue: InProcessQueue, clock: Arc<dyn Clock>) {
    loop {
        sweep(&*index, &queue, &*clock).await;
        tokio::time::sleep(SWEEP).await;
    }
}

async fn stopped() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
