//! `sigill validate`: what the validator finds, for people or for machines.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use base64::{Engine, prelude::BASE64_STANDARD};
use pades::validate::{Indication, Report, Trust, validate};
use sigill_local::data_folder::DataFolder;
use sigill_web::text::Text;
use sigill_web::verdict::Verdict;

use crate::command_line::ValidateOptions;
use crate::configuration::embedded;
use crate::language::of_environment;
use crate::local::{Failure, Local};

/// Validates; the exit code tells the worst conclusion, or 1 when something else is wrong.
pub async fn run(options: ValidateOptions) -> ExitCode {
    match validate_all(&options).await {
        Ok(worst) => ExitCode::from(code(worst)),
        Err(error) => {
            eprintln!("sigill: {error}");
            ExitCode::FAILURE
        }
    }
}

fn code(indication: Indication) -> u8 {
    match indication {
        Indication::TotalPassed => 0,
        Indication::Indeterminate => 2,
        Indication::TotalFailed => 3,
        Indication::NoSignatureFound => 4,
    }
}

async fn validate_all(options: &ValidateOptions) -> Result<Indication, Failure> {
    let trust = trust(options).await?;
    let at = options.at.unwrap_or_else(jiff::Timestamp::now).as_second();
    let text = Text(options.language.unwrap_or_else(of_environment));
    let mut worst = Indication::TotalPassed;
    for file in &options.files {
        let pdf = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let report = validate(&pdf, &trust, at);
        worst = worst.max(report.conclusion.indication);
        if options.json {
            println!("{}", serde_json::json!({ "file": file, "report": report }));
        } else {
            print!("{}", for_people(file, &report, text));
        }
    }
    Ok(worst)
}

/// The data folder's root and its current list, when there is such a folder, and what the options name.
async fn trust(options: &ValidateOptions) -> Result<Trust, Failure> {
    let mut trust = Trust::default();
    if options.data.data.is_dir() {
        let local = Local::open(&DataFolder::open(&options.data.data)?, embedded("localhost:8080")?).await?;
        trust.crls.push(local.revocation.list().await?);
        trust.anchors.push(local.pki.ca.root);
        trust.svt_issuers.push(local.pki.time_stamping);
    }
    for file in &options.trust {
        trust.anchors.extend(blobs(file, "CERTIFICATE")?);
    }
    for file in &options.svt_issuer {
        trust.svt_issuers.extend(blobs(file, "CERTIFICATE")?);
    }
    for file in &options.crl {
        trust.crls.extend(blobs(file, "X509 CRL")?);
    }
    Ok(trust)
}

/// What a file holds under `label`, as DER: several in PEM (RFC 7468), or one as it stands.
fn blobs(file: &Path, label: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let bytes = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let begin = format!("-----BEGIN {label}-----");
    let Some(text) = std::str::from_utf8(&bytes).ok().filter(|text| text.contains(&begin)) else { return Ok(vec![bytes]) };
    let bodies = text.split(begin.as_str()).skip(1).filter_map(|rest| rest.split("-----END").next());
    bodies.map(|body| Ok(BASE64_STANDARD.decode(body.split_whitespace().collect::<String>())?)).collect()
}

fn for_people(file: &Path, report: &Report, text: Text) -> String {
    let verdict = Verdict::new(report, text);
    let mut out = format!("{}: {}\n", file.display(), verdict.headline);
    verdict.remarks.iter().for_each(|remark| out.push_str(&format!("  ! {remark}\n")));
    for signature in verdict.signatures {
        out.push_str(&format!("  {}\n", signature.heading));
        signature.rows.iter().for_each(|(label, value)| out.push_str(&format!("    {label}: {value}\n")));
        signature.remarks.iter().for_each(|remark| out.push_str(&format!("    ! {remark}\n")));
    }
    out
}
