//! What a person must be told when things do not go on as expected.

use axum::http::StatusCode;
use axum::response::Response;
use sigill_core::sign_request::SignRequest;
use sigill_web::pages::{Link, StatePage, Tone};
use sigill_web::text::Text;

use crate::visit::Visit;

/// Something that a person must be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    NotFound,
    UnknownLink,
    UsedAnswer,
    OtherBrowser,
    Cancelled,
    Provider,
    WrongPerson,
    Evidence,
    Busy,
    ForeignForm,
    Refused,
    Ended,
    Unavailable,
}

impl Message {
    fn status(self) -> StatusCode {
        match self {
            Self::NotFound | Self::UnknownLink => StatusCode::NOT_FOUND,
            Self::UsedAnswer | Self::Busy | Self::Ended => StatusCode::CONFLICT,
            Self::OtherBrowser | Self::ForeignForm | Self::WrongPerson | Self::Evidence => StatusCode::FORBIDDEN,
            Self::Cancelled => StatusCode::OK,
            Self::Provider => StatusCode::BAD_GATEWAY,
            Self::Refused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Heading and text.
    fn words(self, text: Text) -> (&'static str, &'static str) {
        match self {
            Self::NotFound => (text.not_found_heading(), text.not_found_text()),
            Self::UnknownLink => (text.unknown_link_heading(), text.unknown_link_text()),
            Self::UsedAnswer => (text.used_answer_heading(), text.used_answer_text()),
            Self::OtherBrowser => (text.other_browser_heading(), text.other_browser_text()),
            Self::Cancelled => (text.cancelled_heading(), text.cancelled_text()),
            Self::Provider => (text.provider_heading(), text.provider_text()),
            Self::WrongPerson => (text.wrong_person_heading(), text.wrong_person_text()),
            Self::Evidence => (text.evidence_heading(), text.evidence_text()),
            Self::Busy => (text.busy_heading(), text.busy_text()),
            Self::ForeignForm => (text.foreign_form_heading(), text.foreign_form_text()),
            Self::Refused => (text.refused_heading(), text.refused_text()),
            Self::Ended => (text.ended_heading(), text.ended_text()),
            Self::Unavailable => (text.unavailable_heading(), text.unavailable_text()),
        }
    }
}

/// The signer's page that a message is about.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    pub request: &'a SignRequest,
    /// Path of the signing page.
    pub base: &'a str,
}

impl Visit {
    /// A message, with the ways back when it is known where the person came from.
    pub fn message(&self, message: Message, origin: Option<Origin<'_>>) -> Response {
        let request = origin.map(|origin| origin.request);
        let frame = match message {
            Message::NotFound | Message::UnknownLink => self.frame_of_page(request),
            _ => self.frame_of_answer(request),
        };
        let text = frame.text;
        let (heading, sentence) = message.words(text);
        let links = origin.map_or_else(Vec::new, |Origin { request, base }| {
            vec![
                Link { label: text.back_to_signing().to_owned(), address: base.to_owned() },
                self.to_service(request, |service| text.back_to_service(service)),
            ]
        });
        let page = StatePage { frame, tone: Tone::Notice, heading, sentences: vec![sentence], documents: Vec::new(), links };
        self.respond(message.status(), &page, None)
    }
}

/// Any address without a page.
pub async fn not_found(visit: Visit) -> Response {
    visit.message(Message::NotFound, None)
}
