//! The configuration of the local mode.

use std::path::Path;

use sigill_core::config::{self, ConfigError, Municipality};
use sigill_core::ids::SecretHash;
use sigill_core::ports::Clock;
use sigill_machine::SystemClock;

/// Id of the demo e-service in the embedded configuration.
pub const DEMO: &str = "arvodesrakning";
/// Where the embedded configuration says that it is reached.
const EMBEDDED_AUTHORITY: &str = "localhost:8080";

/// The embedded configuration, moved to `authority` (host and port).
pub fn embedded(authority: &str) -> Result<Municipality, ConfigError> {
    let text = include_str!("../../../common/config/local.toml").replace(EMBEDDED_AUTHORITY, authority);
    config::parse("common/config/local.toml", "local", &text, SystemClock.now())
}

/// The configuration in `file`, or the embedded one; the demo e-service gets its key.
pub fn configuration(file: Option<&Path>, authority: &str, demo_key: &str) -> Result<Municipality, ConfigError> {
    let mut municipality = match file {
        Some(file) => config::load(file, SystemClock.now())?,
        None => embedded(authority)?,
    };
    if let Some(demo) = municipality.e_services.get_mut(DEMO) {
        demo.keys.push(SecretHash::of(demo_key));
    }
    Ok(municipality)
}

/// The configuration in `file`, or the embedded one, as it stands.
pub fn configuration_or_embedded(file: Option<&Path>) -> Result<Municipality, ConfigError> {
    file.map_or_else(|| embedded(EMBEDDED_AUTHORITY), |file| config::load(file, SystemClock.now()))
}
