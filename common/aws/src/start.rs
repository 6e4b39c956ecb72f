//! What every function does first.

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use aws_types::SdkConfig;
use jiff::Timestamp;
use sigill_core::config::{self, Municipality};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{Access, sdk_config};
use crate::environment::variable;
use crate::metrics::Metrics;

/// Why a function ended; prints as a sentence.
pub struct Ended(pub Box<dyn Error + Send + Sync>);

impl<E: Error + Send + Sync + 'static> From<E> for Ended {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl fmt::Debug for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// What every function needs.
pub struct Start {
    /// The municipality of this deployment.
    pub municipality: Arc<Municipality>,
    /// For all clients.
    pub config: SdkConfig,
    /// What is measured.
    pub metrics: Metrics,
}

/// Logs JSON lines as `RUST_LOG` wants them, reads the configuration in the file that `SIGILL_CONFIG` names, and the
/// clients' from the environment. `SIGILL_METRICS` is the namespace of what is measured.
pub fn start() -> Result<Start, Ended> {
    let filter = std::env::var("RUST_LOG").ok().and_then(|wanted| wanted.parse().ok());
    let filter = filter.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    // The log service has its own clock.
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).without_time();
    tracing_subscriber::registry().with(lines).with(filter).init();
    let municipality = config::load(Path::new(&variable("SIGILL_CONFIG")?), Timestamp::now())?;
    let metrics = Metrics::start(variable("SIGILL_METRICS")?).map_err(Ended)?;
    Ok(Start { municipality: Arc::new(municipality), config: sdk_config(Access::from_env()?)?, metrics })
}
