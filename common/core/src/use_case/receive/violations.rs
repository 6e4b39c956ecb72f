//! Judging the fields.

use jiff::Timestamp;
use pades::Inspection;
use url::Url;

use super::{Content, NewSignRequest, Violation};
use crate::config::{EService, Mode};
use crate::identity::PersonalIdentityNumber;
use crate::ports::VisibleSignature;
use crate::use_case::Intake;

/// Longest title, name or reference, in characters.
const LONGEST_TEXT: usize = 255;
/// Longest message, in characters.
const LONGEST_MESSAGE: usize = 2_000;

/// Collects everything that is wrong, so that a caller mends it in one go.
struct Violations(Vec<Violation>);

impl Violations {
    fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(Violation { field: field.into(), message: message.into() });
    }

    fn text(&mut self, field: impl Into<String>, text: &str, longest: usize) {
        let field = field.into();
        if text.trim().is_empty() {
            self.add(field, "must not be empty");
        } else if text.chars().count() > longest {
            self.add(field, format!("must not be longer than {longest} characters"));
        } else if text.chars().any(misleading) {
            self.add(field, "must not hold control or direction characters");
        }
    }
}

/// Characters that make a text look like another one.
fn misleading(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Everything that is wrong with the fields of a request.
pub(super) fn violations(
    intake: &Intake,
    service: &EService,
    new: &NewSignRequest,
    inspections: &[Inspection],
    now: Timestamp,
) -> Vec<Violation> {
    let municipality = &intake.municipality;
    let limits = &municipality.limits;
    let mut found = Violations(Vec::new());
    found.text("customerReference", &new.customer_reference, LONGEST_TEXT);
    found.text("title", &new.title, LONGEST_TEXT);
    if let Some(message) = &new.message {
        found.text("message", message, LONGEST_MESSAGE);
    }
    count(&mut found, "documents", new.documents.len(), limits.documents);
    count(&mut found, "signers", new.signers.len(), limits.signers);
    for (index, document) in new.documents.iter().enumerate() {
        let name = format!("documents[{index}].fileName");
        found.text(name.clone(), &document.file_name, LONGEST_TEXT);
        if document.file_name.contains(['/', '\\']) {
            found.add(name, "must be a name, not a path");
        }
        if document.mime_type != "application/pdf" {
            found.add(format!("documents[{index}].mimeType"), "must be application/pdf");
        }
        if let Content::Uploaded(announced) = &document.content
            && announced.size == 0
        {
            found.add(format!("documents[{index}].size"), "must be at least 1");
        }
    }
    for (index, signer) in new.signers.iter().enumerate() {
        found.text(format!("signers[{index}].externalId"), &signer.external_id, LONGEST_TEXT);
        found.text(format!("signers[{index}].name"), &signer.name, LONGEST_TEXT);
        if new.signers.iter().take(index).any(|earlier| earlier.external_id == signer.external_id) {
            found.add(format!("signers[{index}].externalId"), "must not occur twice");
        }
        if let Some(Err(error)) = signer.personal_identity_number.clone().map(PersonalIdentityNumber::try_from) {
            found.add(format!("signers[{index}].personalIdentityNumber"), error.to_string());
        }
        for (position, provider) in signer.allowed_identification.iter().enumerate() {
            if !municipality.eid_providers.contains_key(provider) {
                found.add(format!("signers[{index}].allowedIdentification[{position}]"), "is not an e-ID of this service");
            }
        }
    }
    address(&mut found, "returnUrl", &new.return_url, &service.return_hosts, municipality.mode);
    if let Some(callback) = &new.callback_url {
        address(&mut found, "callbackUrl", callback, &service.callback_hosts, municipality.mode);
        if service.webhook_secret.is_none() {
            found.add("callbackUrl", "the e-service has no webhook secret");
        }
    }
    match new.expires {
        Some(expires) if expires <= now => found.add("expires", "must lie in the future"),
        Some(expires) if now + limits.longest_expiry < expires => {
            found.add("expires", format!("must be at most {} days away", limits.longest_expiry.as_hours() / 24));
        }
        _ => {}
    }
    found.0.extend(misplaced(&new.visible_signature, inspections));
    found.0
}

/// What is wrong with the place of a visible signature in documents that were read.
pub(super) fn misplaced(visible: &VisibleSignature, inspections: &[Inspection]) -> Vec<Violation> {
    let mut found = Violations(Vec::new());
    if let VisibleSignature::At { page, rect } = visible {
        for inspection in inspections {
            let inside = page.checked_sub(1).and_then(|index| inspection.pages.get(index)).map(|facts| {
                let visible = &facts.visible;
                rect.width > 0.0
                    && rect.height > 0.0
                    && visible.x <= rect.x
                    && visible.y <= rect.y
                    && rect.x + rect.width <= visible.x + visible.width
                    && rect.y + rect.height <= visible.y + visible.height
            });
            match inside {
                None => found.add("visibleSignature.page", "must be a page of every document"),
                Some(false) => found.add("visibleSignature", "must lie inside the page"),
                Some(true) => {}
            }
        }
    }
    found.0
}

fn count(found: &mut Violations, field: &str, count: usize, most: usize) {
    if count == 0 {
        found.add(field, "must not be empty");
    } else if count > most {
        found.add(field, format!("must not be more than {most}"));
    }
}

/// A URL whose host the e-service may use: https, or anything on the own machine in the local mode.
fn address(found: &mut Violations, field: &str, text: &str, hosts: &[String], mode: Mode) {
    let Ok(url) = Url::parse(text) else {
        return found.add(field, "must be an absolute URL");
    };
    let host = url.host_str().map(|host| url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")));
    if url.scheme() != "https" && !(mode == Mode::Local && url.scheme() == "http") {
        found.add(field, "must be https");
    } else if !url.username().is_empty() || url.password().is_some() {
        found.add(field, "must not hold a user name");
    } else if !host.is_some_and(|host| hosts.contains(&host)) {
        found.add(field, "its host is not one of this e-service");
    }
}
