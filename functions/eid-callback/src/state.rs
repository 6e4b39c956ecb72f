//! Pages that tell where things stand, for every state and every error.

use axum::http::StatusCode;
use axum::response::Response;
use sigill_core::sign_request::{Language, Outcome, SignRequest, SignerStatus, Stage};
use sigill_core::use_case::Coordination;
use sigill_web::pages::{Refresh, StatePage};
use sigill_web::return_url::with_status;

use crate::frame::{frame, respond, rows};

/// Something that a person must be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
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
            Self::UnknownLink => StatusCode::NOT_FOUND,
            Self::UsedAnswer | Self::Busy | Self::Ended => StatusCode::CONFLICT,
            Self::OtherBrowser | Self::ForeignForm | Self::WrongPerson | Self::Evidence => StatusCode::FORBIDDEN,
            Self::Cancelled => StatusCode::OK,
            Self::Provider => StatusCode::BAD_GATEWAY,
            Self::Refused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Heading and sentence, in Swedish and English.
    fn words(self) -> [(&'static str, &'static str); 2] {
        match self {
            Self::UnknownLink => [
                ("Länken finns inte", "There is no such link"),
                (
                    "Kontrollera att hela länken kom med, eller gå tillbaka till e-tjänsten.",
                    "Check that you have the whole link, or go back to the e-service.",
                ),
            ],
            Self::UsedAnswer => [
                ("Steget är redan använt", "This step has been used already"),
                (
                    "Svaret från e-legitimationen har redan tagits emot eller gäller inte längre. Ingenting har gått förlorat.",
                    "The answer from the e-ID has been taken already or is no longer valid. Nothing is lost.",
                ),
            ],
            Self::OtherBrowser => [
                ("Fortsätt i den webbläsare där du började", "Go on in the browser where you started"),
                (
                    "E-legitimationen svarade till en annan webbläsare. Ingenting har skrivits under.",
                    "The e-ID answered to another browser. Nothing has been signed.",
                ),
            ],
            Self::Cancelled => [
                ("Du avbröt", "You cancelled"),
                ("Ingenting har skrivits under. Du kan försöka igen.", "Nothing has been signed. You can try again."),
            ],
            Self::Provider => [
                ("E-legitimationen gick inte att använda", "The e-ID could not be used"),
                (
                    "E-legitimationen svarade med ett fel. Ingenting har skrivits under. Försök igen.",
                    "The e-ID answered with an error. Nothing has been signed. Try again.",
                ),
            ],
            Self::WrongPerson => [
                ("Fel person", "Wrong person"),
                (
                    "Du legitimerade dig som någon annan än den som ska skriva under. Ingenting har skrivits under. Försök igen med rätt e-legitimation.",
                    "You identified as somebody else than the person who is to sign. Nothing has been signed. Try again with the right e-ID.",
                ),
            ],
            Self::Evidence => [
                ("Svaret godtogs inte", "The answer was not accepted"),
                (
                    "E-legitimationens svar stämde inte med det som skulle skrivas under. Ingenting har skrivits under.",
                    "The e-ID's answer did not match what was to be signed. Nothing has been signed.",
                ),
            ],
            Self::Busy => [
                ("Någon annan skriver under just nu", "Somebody else is signing right now"),
                ("Försök igen om några minuter.", "Try again in a few minutes."),
            ],
            Self::ForeignForm => [
                ("Formuläret kom inte härifrån", "The form did not come from here"),
                (
                    "Öppna sidan på nytt och försök igen. Kakor måste vara tillåtna.",
                    "Open the page anew and try again. Cookies must be allowed.",
                ),
            ],
            Self::Refused => [
                ("Dokumentet går inte att skriva under", "The document can't be signed"),
                ("Kontakta den e-tjänst som bad dig skriva under.", "Contact the e-service that asked you to sign."),
            ],
            Self::Ended => {
                [("Ärendet är avslutat", "The request has ended"), ("Det går inte längre att skriva under.", "It can no longer be signed.")]
            }
            Self::Unavailable => [
                ("Det går inte just nu", "Not possible right now"),
                ("Ingenting har gått förlorat. Försök igen om en stund.", "Nothing is lost. Try again in a while."),
            ],
        }
    }
}

/// A message, with a link back to the signing page when it is known.
pub fn message(coordination: &Coordination, language: Language, message: Message, back: Option<String>) -> Response {
    let frame = frame(&coordination.municipality, language, None);
    let [heading, sentence] = message.words();
    let label = frame.text("Tillbaka till underskriften", "Back to the signature").to_owned();
    let page = StatePage {
        heading: frame.text(heading.0, heading.1).to_owned(),
        text: vec![frame.text(sentence.0, sentence.1).to_owned()],
        documents: Vec::new(),
        links: back.map(|address| (label, address)).into_iter().collect(),
        refresh: Refresh::Never,
        frame,
    };
    respond(coordination, message.status(), &page, None)
}

/// Where the request stands for a signer who can't sign now.
pub fn state(coordination: &Coordination, request: &SignRequest, signer: usize, language: Language, base: &str) -> Response {
    let frame = frame(&coordination.municipality, language, Some(base));
    let status = request.status();
    let signer_status = request.signer_status(signer);
    let (heading, sentence) = words(request, signer_status);
    let service = coordination.municipality.e_services.get(&request.requester).map_or("", |service| service.name.as_str());
    let label = format!("{} {service}", frame.text("Tillbaka till", "Back to"));
    let on_its_way = signer_status == SignerStatus::Signing;
    let page = StatePage {
        heading: frame.text(heading.0, heading.1).to_owned(),
        text: vec![frame.text(sentence.0, sentence.1).to_owned()],
        documents: if signer_status == SignerStatus::Signed { rows(request, base) } else { Vec::new() },
        links: if on_its_way { Vec::new() } else { vec![(label, with_status(&request.return_url, status, &request.id).to_string())] },
        refresh: if on_its_way { Refresh::Soon } else { Refresh::Never },
        frame,
    };
    respond(coordination, StatusCode::OK, &page, None)
}

type Words = (&'static str, &'static str);

fn words(request: &SignRequest, signer: SignerStatus) -> (Words, Words) {
    match (&request.stage, signer) {
        (Stage::Closed { outcome: Outcome::Completed, .. }, _) => (
            ("Underskrivet", "Signed"),
            ("Alla har skrivit under. Här är de underskrivna dokumenten.", "Everybody has signed. Here are the signed documents."),
        ),
        (Stage::Closed { outcome: Outcome::Declined, .. }, _) => (
            ("Någon har avstått", "Somebody has declined"),
            ("Ärendet är avslutat utan att alla skrev under.", "The request has ended without everybody's signature."),
        ),
        (Stage::Closed { outcome: Outcome::Withdrawn, .. }, _) => (
            ("Begäran är återtagen", "The request is withdrawn"),
            ("E-tjänsten har tagit tillbaka sin begäran om underskrift.", "The e-service has withdrawn its request for a signature."),
        ),
        (Stage::Closed { outcome: Outcome::Expired, .. }, _) => (
            ("Tiden har gått ut", "The time is over"),
            (
                "Det gick inte att skriva under i tid. Be e-tjänsten om en ny begäran.",
                "It was not signed in time. Ask the e-service for a new request.",
            ),
        ),
        (Stage::Closed { outcome: Outcome::Failed { .. }, .. }, _) => (
            ("Något gick fel", "Something went wrong"),
            (
                "Underskriften kunde inte göras klar. E-tjänsten ser felet.",
                "The signature could not be finished. The e-service sees the error.",
            ),
        ),
        (_, SignerStatus::Signed) => (
            ("Du har skrivit under", "You have signed"),
            ("Ärendet fortsätter hos nästa person som ska skriva under.", "The request goes on with the next person who is to sign."),
        ),
        (_, SignerStatus::Signing) => (
            ("Underskriften görs klar", "The signature is being finished"),
            ("Det tar några sekunder. Sidan läses om av sig själv.", "This takes a few seconds. The page loads itself again."),
        ),
        _ => (
            ("Det är inte din tur än", "It is not your turn yet"),
            ("Någon annan ska skriva under först. Öppna länken igen senare.", "Somebody else is to sign first. Open the link again later."),
        ),
    }
}
