use std::process::ExitCode;

use sigill_core::certificate::pem;
use sigill_core::ports::Clock;
use sigill_local::certificates::LocalCa;
use sigill_local::data_folder::DataFolder;
use sigill_machine::{SystemClock, SystemRandom};

use crate::command_line::DataOptions;
use crate::configuration::embedded;
use crate::local::Failure;

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
    let ca = LocalCa::open(&folder, &embedded("localhost:8080")?, &SystemRandom::default(), SystemClock.now()).await?;
    Ok(ca.root)
}
