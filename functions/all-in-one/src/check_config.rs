use std::process::ExitCode;

use sigill_core::config;
use sigill_core::ports::Clock;
use sigill_machine::SystemClock;

use crate::command_line::CheckConfigOptions;

/// Judges each file; 1 when one is wrong.
pub fn run(options: &CheckConfigOptions) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for file in &options.files {
        match config::load(file, SystemClock.now()) {
            Ok(municipality) => println!("{}: ok ({}, digest {})", file.display(), municipality.organisation.name, municipality.digest),
            Err(error) => {
                eprintln!("{error}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}
