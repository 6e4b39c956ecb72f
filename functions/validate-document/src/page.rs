//! The page where anyone can have a file checked. A form and no script; the file is kept nowhere.

use askama::Template;
use axum::body::Bytes;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use sigill_core::config::Municipality;
use sigill_core::sign_request::Language;
use sigill_web::language;
use sigill_web::pages::{Frame, ValidatePage, VerdictPage};
use sigill_web::security::page_headers;
use sigill_web::text::Text;
use sigill_web::verdict::Verdict;

use crate::validation::Validation;

const PATH: &str = "/validate";
/// Name of the file in the form.
const FILE: &str = "document";

/// In which language somebody reads.
pub struct Reader {
    asked: Option<Language>,
    accepted: Option<Language>,
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let asked = language::asked(parts.uri.query().unwrap_or_default());
        Ok(Self { asked, accepted: language::accepted(&parts.headers) })
    }
}

impl Reader {
    fn frame(&self, municipality: &Municipality) -> Frame {
        let offered = |language: &Language| municipality.languages.contains(language);
        let language = self.asked.filter(offered).or(self.accepted.filter(offered)).or(municipality.languages.first().copied());
        let language = language.unwrap_or_default();
        let other = municipality.languages.iter().copied().find(|other| *other != language);
        Frame {
            text: Text(language),
            organisation: municipality.organisation.name.clone(),
            contact: municipality.organisation.contact.clone(),
            accessibility_statement: municipality.organisation.accessibility_statement.as_ref().map(ToString::to_string),
            other_language: other.map(|other| (other, format!("{PATH}?lang={}", other.tag()))),
        }
    }
}

/// `GET /validate`.
pub async fn form(State(validation): State<Validation>, reader: Reader) -> Response {
    ask(&validation, &reader, StatusCode::OK, None)
}

fn ask(validation: &Validation, reader: &Reader, status: StatusCode, problem: Option<fn(Text) -> &'static str>) -> Response {
    let frame = reader.frame(&validation.municipality);
    let address = format!("{PATH}?lang={}", frame.text.tag());
    let problem = problem.map(|problem| problem(frame.text));
    respond(validation, status, &ValidatePage { frame, address, problem })
}

/// `POST /validate`: the file as a form sends it.
pub async fn verdict(State(validation): State<Validation>, reader: Reader, form: Multipart) -> Response {
    let (name, pdf) = match file(form).await {
        Ok(Some(file)) => file,
        Ok(None) => return ask(&validation, &reader, StatusCode::BAD_REQUEST, Some(|text| text.validate_no_file())),
        Err(()) => return ask(&validation, &reader, StatusCode::PAYLOAD_TOO_LARGE, Some(|text| text.validate_too_large())),
    };
    match validation.report(pdf).await {
        Ok(report) => {
            let frame = reader.frame(&validation.municipality);
            let verdict = Verdict::new(&report, frame.text);
            let root = validation.municipality.public_url.join("/pki/root.pem").map(String::from).unwrap_or_default();
            let address = format!("{PATH}?lang={}", frame.text.tag());
            let sha256 = report.facts.document.sha256.to_string();
            respond(&validation, StatusCode::OK, &VerdictPage { frame, address, name, sha256, verdict, root })
        }
        Err(detail) => {
            tracing::warn!(detail, "a document was not validated");
            ask(&validation, &reader, StatusCode::SERVICE_UNAVAILABLE, Some(|text| text.validate_not_now()))
        }
    }
}

/// The name and the bytes of the chosen file; `None` when none was chosen.
async fn file(mut form: Multipart) -> Result<Option<(String, Bytes)>, ()> {
    while let Some(field) = form.next_field().await.map_err(|_| ())? {
        if field.name() == Some(FILE) {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|_| ())?;
            return Ok((!bytes.is_empty()).then_some((name, bytes)));
        }
    }
    Ok(None)
}

fn respond(validation: &Validation, status: StatusCode, page: &impl Template) -> Response {
    let headers: HeaderMap = page_headers(&validation.municipality);
    match page.render() {
        Ok(html) => (status, headers, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page was not rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
