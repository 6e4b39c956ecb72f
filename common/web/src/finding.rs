//! A finding of the check before signing, and how to mend it, in plain words.

use pades::presign::{Finding, Item};

use crate::text::Text;

/// What is wrong, where, and what helps.
pub fn words(finding: &Finding, text: Text) -> String {
    let sentence = match finding.code {
        Item::Javascript => text.presign_javascript(),
        Item::ActiveAction => text.presign_active_action(),
        Item::ExternalContent => text.presign_external_content(),
        Item::ActiveMedia => text.presign_active_media(),
        Item::DanglingReference => text.presign_dangling_reference(),
        Item::PriorSignatureInvalid => text.presign_prior_signature_invalid(),
        Item::EmbeddedFiles => text.presign_embedded_files(),
        Item::HiddenLayers => text.presign_hidden_layers(),
        Item::HiddenAnnotations => text.presign_hidden_annotations(),
        Item::EditableFields => text.presign_editable_fields(),
        Item::DynamicForm => text.presign_dynamic_form(),
        Item::FontsNotEmbedded => text.presign_fonts_not_embedded(),
        Item::PdfaClaim => text.presign_pdfa_claim(),
        Item::EarlierRevisions => text.presign_earlier_revisions(),
        Item::UnusedContent => text.presign_unused_content(),
        Item::Metadata => text.presign_metadata(),
        Item::OddGeometry => text.presign_odd_geometry(),
        // One that came with a newer engine than these words.
        other => other.code(),
    };
    finding.page.map_or_else(|| sentence.to_owned(), |page| text.presign_on_page(sentence, page))
}
