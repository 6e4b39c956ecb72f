//! The signer's pages, one struct each: a value that is missing does not compile. No scripts, no third parties.

use askama::Template;
use sigill_core::sign_request::Language;

use crate::text::Text;
use crate::verdict::Verdict;

/// What every page shows around its content.
pub struct Frame {
    /// What it says, in the language of the page.
    pub text: Text,
    /// The organisation.
    pub organisation: String,
    /// Where people get help.
    pub contact: String,
    /// The accessibility statement.
    pub accessibility_statement: Option<String>,
    /// The other language, and this page in it, when it can be had.
    pub other_language: Option<(Language, String)>,
}

/// A document in a list.
pub struct DocumentRow {
    /// Its name.
    pub name: String,
    /// How many pages.
    pub pages: String,
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
    /// Back to the e-service.
    pub leave: Link,
}

/// A page that tells where things stand.
#[derive(Template)]
#[template(path = "state.html")]
pub struct StatePage {
    /// Around it.
    pub frame: Frame,
    /// Whether it is what the person wanted.
    pub tone: Tone,
    /// The heading, also the title.
    pub heading: &'static str,
    /// Sentences.
    pub sentences: Vec<&'static str>,
    /// Documents to open.
    pub documents: Vec<DocumentRow>,
    /// Where to go on, the most likely way first.
    pub links: Vec<Link>,
}

/// How a page looks at first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It went well.
    Good,
    /// Something to know or to do.
    Notice,
}

impl StatePage {
    fn is_good(&self) -> bool {
        self.tone == Tone::Good
    }
}

/// A way on.
pub struct Link {
    /// What it is called.
    pub label: String,
    /// Where it leads.
    pub address: String,
}

/// The page that asks for a document to be checked.
#[derive(Template)]
#[template(path = "validate.html")]
pub struct ValidatePage {
    /// Around it.
    pub frame: Frame,
    /// Where the form goes.
    pub address: String,
    /// Why there is no verdict.
    pub problem: Option<&'static str>,
}

/// The page that tells what was found.
#[derive(Template)]
#[template(path = "verdict.html")]
pub struct VerdictPage {
    /// Around it.
    pub frame: Frame,
    /// Back to the form.
    pub address: String,
    /// Name of the file.
    pub name: String,
    /// SHA-256 of it.
    pub sha256: String,
    /// What was found.
    pub verdict: Verdict,
    /// Where the root certificate is.
    pub root: String,
}

/// The pages' style sheet.
pub const STYLE: &str = include_str!("../static/style.css");
/// Their icon (SVG).
pub const ICON: &str = include_str!("../static/icon.svg");
