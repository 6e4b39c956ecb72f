//! Effect measures as CloudWatch Embedded Metric Format: a line of JSON on standard output after each event.

use std::io;

use metrics_cloudwatch_embedded::{Builder, Collector};
use sigill_core::measure;

/// What has been measured since the last event.
#[derive(Clone, Copy)]
pub struct Metrics(&'static Collector);

impl Metrics {
    /// Records everything that this process measures, in `namespace`. Once a process.
    pub fn start(namespace: String) -> Result<Self, metrics_cloudwatch_embedded::Error> {
        let collector = Builder::new().cloudwatch_namespace(namespace).init()?;
        measure::describe();
        Ok(Self(collector))
    }

    /// Writes it down where Lambda reads it, now that an event has its `answer`.
    pub fn after<T>(self, answer: T) -> T {
        if let Err(error) = self.write(io::stdout()) {
            tracing::warn!(%error, "measures are lost");
        }
        answer
    }

    /// `router` with this behind every answer.
    #[cfg(feature = "http")]
    pub fn measured(self, router: axum::Router) -> axum::Router {
        router.layer(axum::middleware::map_response(move |response: axum::response::Response| std::future::ready(self.after(response))))
    }

    /// Writes it down, a line for each set of dimensions.
    pub fn write(self, to: impl io::Write) -> io::Result<()> {
        self.0.flush(to)
    }
}
