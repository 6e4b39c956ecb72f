//! `sign-document-hash`: verifies the evidence and signs digests. It is the only function with keys, and it never sees
//! a document.

use sigill_core::certificate::pem;
use sigill_core::ports::{SignDocumentHash, SignError, SigningAnswer, SigningCommand};
use sigill_core::use_case::Signing;

/// One command.
pub async fn handle(signing: &Signing, command: SigningCommand) -> Result<SigningAnswer, SignError> {
    match command {
        SigningCommand::Sign(command) => signing.sign(&command).await.map(|outcome| SigningAnswer::Signed(Box::new(outcome))),
        SigningCommand::IssueRoot {} => match signing.issue_root().await {
            Ok(root) => Ok(SigningAnswer::Root(pem(&root))),
            Err(error) => Err(SignError::Unavailable { detail: error.to_string() }),
        },
    }
}
