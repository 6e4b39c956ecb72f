//! `assemble-pades`: prepares and completes documents. It is the only function that writes PDF, and it has no key.

use pades::Prepared;
use serde::{Deserialize, Serialize};
use sigill_core::ports::{AssembleError, AssemblePades, CompleteCommand, Completion, PrepareCommand};

/// What the function is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "command")]
pub enum Command {
    /// Prepare the next revision of each document.
    Prepare(PrepareCommand),
    /// Finish the prepared revisions.
    Complete(CompleteCommand),
}

/// What it answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "answer", content = "value")]
pub enum Answer {
    /// To `Prepare`.
    Prepared(Vec<Prepared>),
    /// To `Complete`.
    Completed(Completion),
}

/// One command.
pub async fn handle(function: &dyn AssemblePades, command: Command) -> Result<Answer, AssembleError> {
    match command {
        Command::Prepare(command) => function.prepare(&command).await.map(Answer::Prepared),
        Command::Complete(command) => function.complete(&command).await.map(Answer::Completed),
    }
}
