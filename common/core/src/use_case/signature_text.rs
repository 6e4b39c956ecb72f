//! What people read: the visible signature in the document and the message in the e-ID.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pades::{NewField, SignatureField};

use crate::config::{EidProvider, Municipality};
use crate::sign_request::{Language, SignRequest};

/// Longest title in a sign message, in characters: every e-ID app must be able to show it whole.
const LONGEST_TITLE: usize = 200;
/// Hexadecimal digits of a fingerprint that people compare.
const FINGERPRINT: usize = 16;

/// The text of a visible signature.
pub struct SignatureText {
    /// Line by line, the first one stressed.
    pub lines: Vec<String>,
    /// The signer's name.
    pub signer_name: String,
}

/// What the visible signature of `signer` says.
pub fn visible(municipality: &Municipality, request: &SignRequest, signer: usize, provider: &EidProvider, now: Timestamp) -> SignatureText {
    let signer_name = request.signers.get(signer).map_or_else(String::new, |signer| signer.name.clone());
    let time = local_time(now);
    let (heading, with, reference) = match request.language {
        Language::Sv => (&municipality.visible_signature.heading_sv, "med", "referens"),
        Language::En => (&municipality.visible_signature.heading_en, "with", "reference"),
    };
    let lines = vec![
        signer_name.clone(),
        heading.clone(),
        format!("{time} {with} {}", provider.name),
        format!("{}, {reference} {}", municipality.organisation.name, &request.id.as_str()[..8]),
    ];
    SignatureText { lines, signer_name }
}

/// The field of `signer`, made together with those of everybody who is still to sign: by then nobody has to add one
/// behind the signature of another.
pub fn field(request: &SignRequest, signer: usize) -> SignatureField {
    let name = |index: usize| format!("Signature_{}_{}", &request.id.as_str()[..8], index + 1);
    let label = match request.language {
        Language::Sv => "Underskrift",
        Language::En => "Signature",
    };
    let mut waiting: Vec<_> = request.signers.iter().enumerate().filter(|(_, signer)| signer.done.is_none()).collect();
    waiting.sort_by_key(|(_, signer)| signer.order);
    let all = waiting.into_iter().map(|(index, signer)| NewField { name: name(index), label: format!("{label}: {}", signer.name) });
    SignatureField::OneOf { name: name(signer), all: all.collect() }
}

/// What the e-ID shows before the signer approves: plain text, no control or direction characters.
pub fn sign_message(municipality: &Municipality, request: &SignRequest, language: Language) -> String {
    let requester = municipality.e_services.get(&request.requester).map_or("", |service| service.name.as_str());
    let title: String = plain(&request.title).chars().take(LONGEST_TITLE).collect();
    let organisation = &municipality.organisation.name;
    let (requested, act, document, print) = match language {
        Language::Sv => ("Begäran från", "Jag skriver under", "Dokument", "Fingeravtryck"),
        Language::En => ("Requested by", "I sign", "Document", "Fingerprint"),
    };
    let mut message = format!("{requested} {requester}, {organisation}.\n\n{act}:\n{title}\n");
    for (index, shown) in request.documents.iter().enumerate() {
        let (name, digits) = (plain(&shown.file_name), fingerprint(&shown.current.to_string()));
        message.push_str(&format!("\n{document} {}: {name}\n{print} {digits}\n", index + 1));
    }
    message.trim_end().to_owned()
}

/// The first 16 hexadecimal digits of a digest, in groups of four.
pub fn fingerprint(digest: &str) -> String {
    let digits: Vec<char> = digest.chars().take(FINGERPRINT).collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Swedish time, to the minute.
fn local_time(at: Timestamp) -> String {
    let zone = TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC);
    at.to_zoned_datetime(zone).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Without characters that could make a text look like another one.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        })
        .collect()
}
