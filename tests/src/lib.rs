//! What the tests of the whole share: the running all-in-one, a person with a browser, and foreign judges.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

pub mod archival;
pub mod attacks;
pub mod browser;
pub mod chromium;
pub mod emulator;
pub mod events;
pub mod foreign_provider;
pub mod gate;
pub mod independent;
pub mod inputs;
pub mod judges;
pub mod notary;
pub mod pdf;
pub mod pictures;
pub mod runtime_api;
pub mod server;
pub mod signing;
pub mod template;
pub mod world;
