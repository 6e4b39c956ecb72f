//! The receipt of a completed sign request: what was signed, by whom and how, and how to check it. It holds no personal
//! identity number. It is not signed: what counts are the signed documents that it names.

use jiff::Timestamp;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::metadata::Metadata;
use krilla::{Document, SerializeSettings};
use pades::Digest;
use sigill_core::config::Municipality;
use sigill_core::manifest::Manifest;
use sigill_core::sign_request::{self, Done, Outcome, SignRequest, SignatureEvidence, Stage};
use sigill_web::text::Text;
use sigill_web::verdict::level_of_assurance;

use crate::date;
use crate::flow::{Block, Furniture, write};
use crate::sheet::Faces;

/// Why there is no receipt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoReceipt {
    /// Not everybody has signed.
    #[error("not everybody has signed")]
    NotCompleted,
    /// The document was not made.
    #[error("the receipt was not made: {0}")]
    NotMade(String),
}

/// The receipt of `request` in the language of `text`: PDF/A-2u and PDF/UA-1. The same request gives the same bytes.
pub fn receipt(request: &SignRequest, municipality: &Municipality, text: Text) -> Result<Vec<u8>, NoReceipt> {
    let Stage::Closed { outcome: Outcome::Completed, at } = request.stage else { return Err(NoReceipt::NotCompleted) };
    let failed = |what: &str| NoReceipt::NotMade(what.to_owned());
    let standards = ConfigurationBuilder::new().with_archival_validator(Archival::A2_U).with_accessibility_validator(Accessibility::UA1);
    let configuration = standards.finish().map_err(|_| failed("configuration"))?;
    let mut document = Document::new_with(SerializeSettings { configuration, enable_tagging: true, ..SerializeSettings::default() });
    let metadata = Metadata::new().title(text.receipt_document(&request.title)).language(text.tag().to_owned());
    document
        .set_metadata(metadata.creator("Sigill".to_owned()).authors(vec![municipality.organisation.name.clone()]).creation_date(date(at)));
    let faces = Faces::load().ok_or_else(|| failed("font"))?;
    let furniture = Furniture {
        head: municipality.organisation.name.clone(),
        foot: text.receipt_foot(&request.id),
        page: |furniture, number, count| furniture.text.receipt_page(count, number),
        text,
    };
    write(&mut document, &faces, &blocks(request, municipality, at, text), &furniture).ok_or_else(|| failed("page"))?;
    document.finish().map_err(|error| NoReceipt::NotMade(format!("{error:?}")))
}

fn blocks(request: &SignRequest, municipality: &Municipality, at: Timestamp, text: Text) -> Vec<Block> {
    let requester = municipality.e_services.get(&request.requester).map_or(request.requester.as_str(), |service| &service.name);
    let organisation = &municipality.organisation.name;
    let mut blocks = vec![
        Block::Title(text.receipt_title().to_owned()),
        Block::Paragraph(text.receipt_about(organisation, requester, text.moment(at), &request.title)),
        Block::Facts(vec![(text.receipt_reference().to_owned(), request.customer_reference.clone())]),
        Block::Part(text.receipt_documents().to_owned()),
    ];
    for document in &request.documents {
        blocks.push(Block::Name(document.file_name.clone()));
        blocks.push(Block::Facts(document_facts(document, request, text)));
    }
    blocks.push(Block::Part(text.receipt_signatures().to_owned()));
    for signer in &request.signers {
        if let Some(Done::Signed { evidence, .. }) = &signer.done {
            blocks.push(Block::Name(evidence.outcome.signer.display_name.clone()));
            blocks.push(Block::Facts(signature_facts(evidence, municipality, text)));
        }
    }
    let address = |path: &str| municipality.public_url.join(path).map(String::from).unwrap_or_default();
    blocks.push(Block::Part(text.receipt_check().to_owned()));
    blocks.push(Block::Paragraph(text.receipt_check_document(address("/validate"))));
    blocks.push(Block::Paragraph(text.receipt_check_fingerprint().to_owned()));
    blocks.push(Block::Paragraph(text.receipt_check_root(address("/pki/root.pem"))));
    blocks.push(Block::Paragraph(text.receipt_unsigned().to_owned()));
    blocks
}

fn document_facts(document: &sign_request::Document, request: &SignRequest, text: Text) -> Vec<(String, String)> {
    let achieved = document.achieved.map_or_else(|| "–".to_owned(), |achieved| format!("PAdES {achieved}"));
    let mut facts = vec![
        (text.receipt_signed_fingerprint().to_owned(), halves(&document.current)),
        (text.receipt_original_fingerprint().to_owned(), halves(&document.original)),
        (text.receipt_achieved().to_owned(), achieved),
        (text.receipt_requested().to_owned(), format!("PAdES {}", request.level)),
    ];
    if document.achieved.is_some_and(|achieved| achieved < request.level) {
        facts.push((text.receipt_later().to_owned(), text.receipt_later_text().to_owned()));
    }
    facts
}

/// Two lines of as many digits.
fn halves(digest: &Digest) -> String {
    let digits = digest.to_string();
    let (first, second) = digits.split_at(32);
    format!("{first} {second}")
}

fn signature_facts(evidence: &SignatureEvidence, municipality: &Municipality, text: Text) -> Vec<(String, String)> {
    let context = &evidence.outcome.signer.authn_context;
    vec![
        (text.receipt_signed_at().to_owned(), text.moment(evidence.outcome.signed_at)),
        (text.verdict_eid().to_owned(), provider(evidence, municipality)),
        (text.verdict_loa().to_owned(), level_of_assurance(&context.level_of_assurance.0)),
        (text.verdict_authenticated().to_owned(), text.moment(context.authentication_instant)),
        (text.verdict_issuer().to_owned(), municipality.signature.ca_subject.common_name.clone()),
    ]
}

/// The e-ID provider as people know it.
pub fn provider(evidence: &SignatureEvidence, municipality: &Municipality) -> String {
    let known = Manifest::from_bytes(&evidence.manifest).ok();
    let known = known.and_then(|manifest| Some(municipality.eid_providers.get(&manifest.provider)?.name.clone()));
    known.unwrap_or_else(|| evidence.outcome.signer.authn_context.identity_provider.clone())
}
