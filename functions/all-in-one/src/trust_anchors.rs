use std::process::ExitCode;

use sigill_core::certificate::pem;
use sigill_local::data_folder::DataFolder;

use crate::command_line::DataOptions;
use crate::configuration::embedded;
use crate::local::{Failure, Local};

/// Prints the root; makes it when there is none yet.
pub async fn run(options: DataOptions) -> ExitCode {
    match root(&options).await {
        Ok(root) => {
            print!("{}", pem(&root));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("sigill: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn root(options: &DataOptions) -> Result<Vec<u8>, Failure> {
    let folder = DataFolder::open(&options.data)?;
    Ok(Local::open(&folder, embedded("localhost:8080")?).await?.pki.root)
}
