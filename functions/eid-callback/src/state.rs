//! Where a request stands for a signer who can't sign now.

use axum::http::StatusCode;
use axum::response::Response;
use sigill_core::sign_request::{Outcome, SignRequest, SignerStatus, Stage, Status};
use sigill_web::pages::{Link, StatePage, Tone};
use sigill_web::text::Text;

use crate::visit::{Visit, rows};

pub fn state(visit: &Visit, request: &SignRequest, signer: usize, base: &str) -> Response {
    let frame = visit.frame_of_page(Some(request));
    let text = frame.text;
    let signer_status = request.signer_status(signer);
    let (heading, sentence, close) = words(request, signer_status, text);
    let mut links = vec![visit.to_service(request, |service| text.back_to_service(service))];
    if signer_status == SignerStatus::Signing {
        links.insert(0, Link { label: text.look_again().to_owned(), address: base.to_owned() });
    }
    if request.status() == Status::Completed && signer_status == SignerStatus::Signed {
        links.push(Link { label: text.receipt_open().to_owned(), address: format!("{base}/receipt") });
    }
    let tone = match (request.status(), signer_status) {
        (Status::Created | Status::Pending | Status::Completed, SignerStatus::Signed) => Tone::Good,
        _ => Tone::Notice,
    };
    let page = StatePage {
        tone,
        heading,
        sentences: [Some(sentence), close].into_iter().flatten().collect(),
        documents: if signer_status == SignerStatus::Signed { rows(request, base, text) } else { Vec::new() },
        links,
        frame,
    };
    visit.respond(StatusCode::OK, &page, None)
}

/// Heading, text, and whether the window may be closed.
fn words(request: &SignRequest, signer: SignerStatus, text: Text) -> (&'static str, &'static str, Option<&'static str>) {
    let done = Some(text.may_close());
    match (&request.stage, signer) {
        (Stage::Closed { outcome: Outcome::Completed, .. }, _) => (text.completed_heading(), text.completed_text(), done),
        (Stage::Closed { outcome: Outcome::Declined, .. }, SignerStatus::Declined) => {
            (text.you_declined_heading(), text.you_declined_text(), done)
        }
        (Stage::Closed { outcome: Outcome::Declined, .. }, _) => (text.declined_heading(), text.declined_text(), done),
        (Stage::Closed { outcome: Outcome::Withdrawn, .. }, _) => (text.withdrawn_heading(), text.withdrawn_text(), done),
        (Stage::Closed { outcome: Outcome::Expired, .. }, _) => (text.expired_heading(), text.expired_text(), None),
        (Stage::Closed { outcome: Outcome::Failed { .. }, .. }, _) => (text.failed_heading(), text.failed_text(), None),
        (_, SignerStatus::Signed) => (text.signed_heading(), text.signed_text(), done),
        (_, SignerStatus::Signing) => (text.signing_heading(), text.signing_text(), None),
        _ => (text.waiting_heading(), text.waiting_text(), Some(text.may_close_for_now())),
    }
}
