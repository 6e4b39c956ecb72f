//! `sigill check-evidence`: whether an evidence package holds together and belongs to these documents.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use sigill_core::evidence_package::{EvidencePackage, check};

use crate::command_line::CheckEvidenceOptions;
use crate::local::Failure;

/// Something does not hold.
const FLAWED: u8 = 3;

/// 0 all holds, 3 something does not, 1 anything else.
pub fn run(options: &CheckEvidenceOptions) -> ExitCode {
    match flaws(options) {
        Ok(flaws) if flaws.is_empty() => ExitCode::SUCCESS,
        Ok(flaws) => {
            flaws.iter().for_each(|flaw| eprintln!("sigill: {flaw}"));
            ExitCode::from(FLAWED)
        }
        Err(error) => {
            eprintln!("sigill: {error}");
            ExitCode::FAILURE
        }
    }
}

fn flaws(options: &CheckEvidenceOptions) -> Result<Vec<String>, Failure> {
    let package: EvidencePackage = serde_json::from_slice(&read(&options.package)?)
        .map_err(|error| format!("{}: not an evidence package: {error}", options.package.display()))?;
    let files = options.files.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
    let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    let flaws = check(&package, &files);
    if flaws.is_empty() {
        let head = package.head.map(|head| head.to_string()).unwrap_or_default();
        println!("{} events, {} documents compared; head {head}", package.events.len(), files.len());
    }
    Ok(flaws.iter().map(ToString::to_string).collect())
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()).into())
}
