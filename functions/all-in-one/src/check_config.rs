use std::process::ExitCode;

use sigill_core::config;

use crate::command_line::CheckConfigOptions;

/// Judges each file; 1 when one is wrong.
pub fn run(options: &CheckConfigOptions) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for file in &options.files {
        match config::load(file) {
            Ok(municipality) => println!("{}: ok ({}, digest {})", file.display(), municipality.organisation.name, municipality.digest),
            Err(error) => {
                eprintln!("{error}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}
