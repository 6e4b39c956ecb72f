//! `assemble-pades`: prepares and completes documents. It is the only function that writes PDF, and it has no key.

use sigill_core::ports::{AssembleAnswer, AssembleCommand, AssembleError, AssemblePades};

/// One command.
pub async fn handle(function: &dyn AssemblePades, command: AssembleCommand) -> Result<AssembleAnswer, AssembleError> {
    match command {
        AssembleCommand::Prepare(command) => function.prepare(&command).await.map(AssembleAnswer::Prepared),
        AssembleCommand::Complete(command) => function.complete(&command).await.map(AssembleAnswer::Completed),
        AssembleCommand::Extend(command) => function.extend(&command).await.map(AssembleAnswer::Completed),
    }
}
