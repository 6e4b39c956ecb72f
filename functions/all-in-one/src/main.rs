//! `sigill`: the all-in-one for one machine, and the command line.

mod announce;
mod budget;
mod check_config;
mod check_evidence;
mod command_line;
mod configuration;
mod extend;
mod figures;
mod issue_svt;
mod language;
mod local;
mod one_file;
mod one_off;
mod report;
mod serve;
mod sign;
mod trust_anchors;
mod validate;

use std::process::ExitCode;

use clap::Parser;
use command_line::{Arguments, Command};
use tokio::runtime::Builder;

fn main() -> ExitCode {
    match Arguments::parse().command() {
        Command::Serve(options) => finish(Builder::new_multi_thread().enable_all(), serve::run(options)),
        Command::Sign(options) => finish(&mut Builder::new_current_thread(), sign::run(options)),
        Command::Extend(options) => finish(&mut Builder::new_current_thread(), extend::run(options)),
        Command::Validate(options) => finish(&mut Builder::new_current_thread(), validate::run(options)),
        Command::IssueSvt(options) => finish(&mut Builder::new_current_thread(), issue_svt::run(options)),
        Command::CheckEvidence(options) => check_evidence::run(&options),
        Command::TrustAnchors(options) => finish(&mut Builder::new_current_thread(), trust_anchors::run(options)),
        Command::Report(options) => finish(&mut Builder::new_current_thread(), report::run(options)),
        Command::Budget(options) => budget::run(&options),
        Command::CheckConfig(options) => check_config::run(&options),
    }
}

fn finish(builder: &mut Builder, command: impl Future<Output = ExitCode>) -> ExitCode {
    match builder.build() {
        Ok(runtime) => runtime.block_on(command),
        Err(error) => {
            eprintln!("sigill: {error}");
            ExitCode::FAILURE
        }
    }
}
