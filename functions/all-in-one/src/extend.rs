//! `sigill extend`: raises the signatures of one file to a level, or renews them at B-LTA.

use std::process::ExitCode;
use std::sync::Arc;

use sigill_core::SignRequestId;
use sigill_core::ports::{AssemblePades, ExtendCommand, LastToken};
use sigill_core::use_case::keep_token;
use sigill_local::data_folder::DataFolder;

use crate::command_line::ExtendOptions;
use crate::local::Failure;
use crate::one_file::OneFile;
use crate::one_off::{OneOff, exit_code};

/// Extends; 0 done, 3 refused with one line of JSON, 1 anything else.
pub async fn run(options: ExtendOptions) -> ExitCode {
    exit_code(extend(&options).await)
}

async fn extend(options: &ExtendOptions) -> Result<(), Failure> {
    let file = Arc::new(OneFile::copy(&options.input, &options.output)?);
    let local = OneOff::open(DataFolder::open(&options.data.data)?).await?;
    let command = ExtendCommand {
        sign_request: SignRequestId::random(&*local.random),
        documents: vec![file.digest],
        level: options.level,
        last_token: local.last_token.bytes().await,
    };
    let completion = local.assembly(file.clone())?.extend(&command).await?;
    keep_token(&local.last_token, completion.last_token).await;
    let document = completion.documents.first().ok_or("nothing was extended")?;
    if document.achieved < options.level {
        return Err(format!("only {} was reached, not {}", document.achieved, options.level).into());
    }
    file.publish(&options.output)
}
