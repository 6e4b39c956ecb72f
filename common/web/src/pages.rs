//! The signer's pages, one struct each: a value that is missing does not compile. No scripts, no third parties.

use askama::Template;
use sigill_core::sign_request::Language;

/// What every page shows around its content.
pub struct Frame {
    /// The language of this page.
    pub language: Language,
    /// The organisation.
    pub organisation: String,
    /// Where people get help.
    pub contact: String,
    /// The accessibility statement.
    pub accessibility_statement: Option<String>,
    /// This page in the other language, when it can be had.
    pub other_language: Option<String>,
}

impl Frame {
    /// The text in the page's language.
    pub fn text<'a>(&self, swedish: &'a str, english: &'a str) -> &'a str {
        match self.language {
            Language::Sv => swedish,
            Language::En => english,
        }
    }
}

/// A document in a list.
pub struct DocumentRow {
    /// Its name.
    pub name: String,
    /// Pages.
    pub pages: usize,
    /// Size for people.
    pub size: String,
    /// First digits of SHA-256, grouped.
    pub fingerprint: String,
    /// All of it.
    pub sha256: String,
    /// Where it opens.
    pub open: String,
    /// Where it is saved.
    pub download: String,
}

/// An e-ID to choose.
pub struct ProviderChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// The page where a person reads and signs.
#[derive(Template)]
#[template(path = "sign.html")]
pub struct SignPage {
    /// Around it.
    pub frame: Frame,
    /// What is asked.
    pub title: String,
    /// More about it.
    pub message: Option<String>,
    /// Which e-service asks.
    pub requester: String,
    /// Who is asked.
    pub signer: String,
    /// Until when, local time.
    pub expires: String,
    /// What is signed.
    pub documents: Vec<DocumentRow>,
    /// The e-IDs.
    pub providers: Vec<ProviderChoice>,
    /// Where the forms go.
    pub base: String,
    /// Against cross-site requests.
    pub token: String,
}

/// A page that tells where things stand.
#[derive(Template)]
#[template(path = "state.html")]
pub struct StatePage {
    /// Around it.
    pub frame: Frame,
    /// The heading, also the title.
    pub heading: String,
    /// Sentences.
    pub text: Vec<String>,
    /// Documents to open.
    pub documents: Vec<DocumentRow>,
    /// Where to go on: label and address.
    pub links: Vec<(String, String)>,
    /// Whether the page looks again by itself.
    pub refresh: Refresh,
}

/// Whether a page loads itself again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// Every five seconds, while something is on its way.
    Soon,
    /// Never.
    Never,
}

impl StatePage {
    fn refreshes(&self) -> bool {
        self.refresh == Refresh::Soon
    }
}

/// Bytes for people.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{},{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// The pages' style sheet.
pub const STYLE: &str = include_str!("../static/style.css");
