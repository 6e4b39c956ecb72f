//! The e-service's pages: no script, Swedish, plainly a demo.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use sigill_web::security::{content_security_policy, private};

use super::Demo;
use super::cases::Case;
use super::claim::{ClaimForm, Mistake, kronor, person};
use super::document::fee_claim_pdf;
use crate::test_eid::{TestPerson, test_persons};

#[derive(Template)]
#[template(path = "demo/form.html")]
struct FormPage<'a> {
    organisation: &'a str,
    form: ClaimForm,
    mistakes: Vec<Mistake>,
    persons: &'static [TestPerson],
}

impl FormPage<'_> {
    fn mistake(&self, field: &str) -> Option<&'static str> {
        self.mistakes.iter().find(|mistake| mistake.field == field).map(|mistake| mistake.message)
    }
}

struct Signer {
    name: String,
    role: &'static str,
    status: &'static str,
    link: Option<String>,
}

#[derive(Template)]
#[template(path = "demo/case.html")]
struct CasePage<'a> {
    organisation: &'a str,
    period: String,
    total: String,
    status: &'static str,
    /// For the eye: waiting, completed or ended.
    state: &'static str,
    level: Option<String>,
    signers: Vec<Signer>,
    signed: Option<String>,
}

#[derive(Template)]
#[template(path = "demo/message.html")]
struct MessagePage<'a> {
    organisation: &'a str,
    heading: &'a str,
    text: &'a str,
}

pub async fn form(State(demo): State<Arc<Demo>>) -> Response {
    show_form(&demo, ClaimForm::example(), Vec::new())
}

fn show_form(demo: &Demo, form: ClaimForm, mistakes: Vec<Mistake>) -> Response {
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(status, &FormPage { organisation: &demo.organisation, form, mistakes, persons: test_persons() })
}

pub async fn submit(State(demo): State<Arc<Demo>>, Form(form): Form<ClaimForm>) -> Response {
    let claim = match form.parse() {
        Ok(claim) => claim,
        Err(mistakes) => return show_form(&demo, form, mistakes),
    };
    let name = demo.new_case();
    let created = async {
        let pdf = fee_claim_pdf(&demo.organisation, &name, &claim, demo.clock.now()).map_err(|error| error.to_string())?;
        let created = demo.create(&name, &claim, &pdf).await.map_err(|error| error.to_string())?;
        let sign_request = created["id"].as_str().unwrap_or_default().to_owned();
        demo.keep(&name, &Case { claim, sign_request }).map_err(|error| error.to_string())
    };
    match created.await {
        Ok(()) => Redirect::to(&format!("/demo/cases/{name}")).into_response(),
        Err(error) => message(&demo, StatusCode::BAD_GATEWAY, "Ärendet skickades inte", &error),
    }
}

pub async fn case(State(demo): State<Arc<Demo>>, Path(name): Path<String>) -> Response {
    let Some(case) = demo.read(&name) else {
        return message(&demo, StatusCode::NOT_FOUND, "Ärendet finns inte", "Kontrollera adressen.");
    };
    // The address may say anything: only Sigill's own answer counts.
    let status = match demo.status(&case.sign_request).await {
        Ok(status) => status,
        Err(error) => return message(&demo, StatusCode::BAD_GATEWAY, "Läget går inte att hämta", &error.to_string()),
    };
    let numbers = [(&case.claim.politician, "förtroendevald"), (&case.claim.approver, "godkänner")];
    let signers = numbers.into_iter().enumerate().map(|(index, (number, role))| {
        let signer = &status["signers"][index];
        let word = signer["status"].as_str().unwrap_or_default();
        Signer {
            name: person(number).map_or_else(String::new, |person| person.name()),
            role,
            status: signer_word(word),
            link: signer["signingUrl"].as_str().filter(|_| matches!(word, "ready" | "signing")).map(str::to_owned),
        }
    });
    let word = status["status"].as_str().unwrap_or_default();
    let page_content = CasePage {
        organisation: &demo.organisation,
        period: case.claim.period.clone(),
        total: kronor(case.claim.total()),
        status: request_word(word),
        state: match word {
            "created" | "pending" => "waiting",
            "completed" => "completed",
            _ => "ended",
        },
        level: status["achievedLevel"].as_str().map(str::to_owned),
        signers: signers.collect(),
        signed: (word == "completed").then(|| format!("/demo/cases/{name}/signed.pdf")),
    };
    page(StatusCode::OK, &page_content)
}

pub async fn signed(State(demo): State<Arc<Demo>>, Path(name): Path<String>) -> Response {
    let Some(case) = demo.read(&name) else {
        return message(&demo, StatusCode::NOT_FOUND, "Ärendet finns inte", "Kontrollera adressen.");
    };
    match demo.signed(&case.sign_request).await {
        Ok(pdf) => (private(), [(CONTENT_TYPE, "application/pdf")], pdf).into_response(),
        Err(error) => message(&demo, StatusCode::BAD_GATEWAY, "Dokumentet går inte att hämta", &error.to_string()),
    }
}

fn request_word(status: &str) -> &'static str {
    match status {
        "created" | "pending" => "Väntar på underskrift",
        "completed" => "Underskrivet av alla",
        "declined" => "Någon har avstått",
        "withdrawn" => "Återtaget",
        "expired" => "Tiden har gått ut",
        _ => "Något gick fel",
    }
}

fn signer_word(status: &str) -> &'static str {
    match status {
        "ready" => "Kan skriva under nu",
        "signing" => "Skriver under",
        "signed" => "Har skrivit under",
        "declined" => "Har avstått",
        _ => "Väntar på sin tur",
    }
}

fn message(demo: &Demo, status: StatusCode, heading: &str, text: &str) -> Response {
    page(status, &MessagePage { organisation: &demo.organisation, heading, text })
}

fn page(status: StatusCode, page: &impl Template) -> Response {
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    let mut headers = private();
    headers.extend(content_security_policy(policy));
    (status, headers, Html(page.render().unwrap_or_default())).into_response()
}

pub async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("style.css"))
}
