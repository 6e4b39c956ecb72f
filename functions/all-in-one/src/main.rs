//! `sigill`: the all-in-one for one machine, and the command line.

mod check_config;
mod command_line;
mod configuration;
mod local;
mod serve;
mod sign;
mod trust_anchors;

use std::process::ExitCode;

use clap::Parser;
use command_line::{Arguments, Command};

#[tokio::main]
async fn main() -> ExitCode {
    match Arguments::parse().command.unwrap_or_default() {
        Command::Serve(options) => serve::run(options).await,
        Command::Sign(options) => sign::run(options).await,
        Command::TrustAnchors(options) => trust_anchors::run(options).await,
        Command::CheckConfig(options) => check_config::run(&options),
    }
}
