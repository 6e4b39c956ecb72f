//! `sign-document-hash`: verifies the evidence and signs digests. It is the only function with keys, and it never sees
//! a document.

use sigill_core::ports::{SignCommand, SignDocumentHash, SignError, SignOutcome};

/// One command.
pub async fn handle(function: &dyn SignDocumentHash, command: SignCommand) -> Result<SignOutcome, SignError> {
    function.sign(&command).await
}
