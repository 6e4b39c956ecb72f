//! The copy of a document that can be published: the document as it was before the signatures, and a page behind it that
//! says what this is and who signed. A signature's certificate holds the signer's personal identity number, and a
//! signature without its certificate is none: so the copy has no signature, and says so.

use pades::{NoNote, Note, append_note};
use sigill_core::config::Municipality;
use sigill_core::sign_request::{Document, Done, Outcome, SignRequest, Stage};
use sigill_web::text::Text;
use sigill_web::verdict::level_of_assurance;

use crate::receipt::provider;

/// Why there is no copy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCopy {
    /// Not everybody has signed.
    #[error("not everybody has signed")]
    NotCompleted,
    /// The document had signatures when it came: their certificates are in it.
    #[error("the document was signed before it came")]
    SignedBefore,
    /// The document gets no further page.
    #[error("the note can't be added: {0}")]
    Document(pades::Refusal),
}

/// The copy of `document` of `request`, whose bytes were `original` when it came, with a note in the language of `text`.
/// It begins with exactly these bytes.
pub fn copy(
    document: &Document,
    original: Vec<u8>,
    request: &SignRequest,
    municipality: &Municipality,
    text: Text,
) -> Result<Vec<u8>, NoCopy> {
    let Stage::Closed { outcome: Outcome::Completed, .. } = request.stage else { return Err(NoCopy::NotCompleted) };
    let mut paragraphs = vec![text.copy_not_signed(document.original, &document.file_name, original.len()), text.copy_signers().to_owned()];
    for signer in &request.signers {
        if let Some(Done::Signed { evidence, .. }) = &signer.done {
            let level = level_of_assurance(&evidence.outcome.signer.authn_context.level_of_assurance.0);
            let name = &evidence.outcome.signer.display_name;
            paragraphs.push(text.copy_signer(provider(evidence, municipality), level, name, text.moment(evidence.outcome.signed_at)));
        }
    }
    paragraphs.push(text.copy_signed(document.current, &municipality.organisation.name));
    paragraphs.push(text.copy_content().to_owned());
    let note = Note { heading: text.copy_title().to_owned(), paragraphs, language: text.tag().to_owned() };
    let added = append_note(original.as_slice(), &note).map_err(|error| match error {
        NoNote::Signed => NoCopy::SignedBefore,
        NoNote::Document(refusal) => NoCopy::Document(refusal),
    })?;
    let mut copy = original;
    copy.extend_from_slice(&added);
    Ok(copy)
}
