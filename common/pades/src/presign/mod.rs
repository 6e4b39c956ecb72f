//! The check before signing: what you see is what you sign. Whatever could change the look of a document after it was
//! signed, or hides something from its signer, is a finding with a stable code. What the law leaves open is for the
//! municipality to decide ([`Policy`]); all else is always refused.

mod document;
mod objects;
mod rules;
mod structure;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::reader::limits::Limits;
use crate::reader::{Document, File};
use crate::refusal::Refusal;

/// Something that speaks against signing a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What.
    pub code: Item,
    /// The page, from 1, when it is on one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<usize>,
    /// Number of the object; 0 for the file as a whole.
    pub object: u32,
}

/// Everything that is looked for; the names are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Item {
    /// A script.
    Javascript,
    /// An action that does more than going to another place, or one that starts by itself.
    ActiveAction,
    /// Content that is not in the file.
    ExternalContent,
    /// Sound, film, 3D and the like.
    ActiveMedia,
    /// A reference to an object that is not there: the next revision would fill it.
    DanglingReference,
    /// An earlier signature that is broken, or that a later change has passed over.
    PriorSignatureInvalid,
    /// Attachments.
    EmbeddedFiles,
    /// Layers that are hidden, or change by themselves.
    HiddenLayers,
    /// Annotations that are hidden, or only on screen or in print.
    HiddenAnnotations,
    /// Form fields that can still be filled in.
    EditableFields,
    /// A form whose look is made by the reader.
    DynamicForm,
    /// A font that is not in the file.
    FontsNotEmbedded,
    /// A claim of PDF/A that is not met.
    PdfaClaim,
    /// Earlier revisions with other pages.
    EarlierRevisions,
    /// Objects in the file that no cross-reference lists, and pages that nothing uses.
    UnusedContent,
    /// Metadata that are not well-formed.
    Metadata,
    /// A page of an odd size or unit.
    OddGeometry,
}

/// What is done about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Nothing.
    Allow,
    /// The e-service is told.
    Warn,
    /// The document is not signed.
    Refuse,
}

/// What is done about findings that the law leaves open.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// [`Item::EmbeddedFiles`].
    pub embedded_files: Action,
    /// [`Item::HiddenLayers`].
    pub hidden_layers: Action,
    /// [`Item::HiddenAnnotations`].
    pub hidden_annotations: Action,
    /// [`Item::EditableFields`].
    pub editable_fields: Action,
    /// [`Item::DynamicForm`].
    pub dynamic_form: Action,
    /// [`Item::FontsNotEmbedded`].
    pub fonts_not_embedded: Action,
    /// [`Item::PdfaClaim`].
    pub pdfa_claim: Action,
    /// [`Item::EarlierRevisions`].
    pub earlier_revisions: Action,
    /// [`Item::UnusedContent`].
    pub unused_content: Action,
    /// [`Item::Metadata`].
    pub metadata: Action,
    /// [`Item::OddGeometry`].
    pub odd_geometry: Action,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            embedded_files: Action::Refuse,
            hidden_layers: Action::Refuse,
            hidden_annotations: Action::Warn,
            editable_fields: Action::Warn,
            dynamic_form: Action::Warn,
            fonts_not_embedded: Action::Warn,
            pdfa_claim: Action::Warn,
            earlier_revisions: Action::Warn,
            unused_content: Action::Refuse,
            metadata: Action::Warn,
            odd_geometry: Action::Warn,
        }
    }
}

impl Policy {
    /// What is done about `item`.
    pub fn action(&self, item: Item) -> Action {
        match item {
            Item::Javascript
            | Item::ActiveAction
            | Item::ExternalContent
            | Item::ActiveMedia
            | Item::DanglingReference
            | Item::PriorSignatureInvalid => Action::Refuse,
            Item::EmbeddedFiles => self.embedded_files,
            Item::HiddenLayers => self.hidden_layers,
            Item::HiddenAnnotations => self.hidden_annotations,
            Item::EditableFields => self.editable_fields,
            Item::DynamicForm => self.dynamic_form,
            Item::FontsNotEmbedded => self.fonts_not_embedded,
            Item::PdfaClaim => self.pdfa_claim,
            Item::EarlierRevisions => self.earlier_revisions,
            Item::UnusedContent => self.unused_content,
            Item::Metadata => self.metadata,
            Item::OddGeometry => self.odd_geometry,
        }
    }

    /// Those of `findings` about which `action` is done.
    pub fn select(&self, findings: &[Finding], action: Action) -> Vec<Finding> {
        findings.iter().filter(|finding| self.action(finding.code) == action).copied().collect()
    }
}

impl Item {
    /// The stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Javascript => "javascript",
            Self::ActiveAction => "active_action",
            Self::ExternalContent => "external_content",
            Self::ActiveMedia => "active_media",
            Self::DanglingReference => "dangling_reference",
            Self::PriorSignatureInvalid => "prior_signature_invalid",
            Self::EmbeddedFiles => "embedded_files",
            Self::HiddenLayers => "hidden_layers",
            Self::HiddenAnnotations => "hidden_annotations",
            Self::EditableFields => "editable_fields",
            Self::DynamicForm => "dynamic_form",
            Self::FontsNotEmbedded => "fonts_not_embedded",
            Self::PdfaClaim => "pdfa_claim",
            Self::EarlierRevisions => "earlier_revisions",
            Self::UnusedContent => "unused_content",
            Self::Metadata => "metadata",
            Self::OddGeometry => "odd_geometry",
        }
    }
}

/// Bytes parsed and inflated, for any file and for each of its bytes.
const WORK: u64 = 64 << 20;
const WORK_A_BYTE: u64 = 16;

/// Everything that speaks against signing `pdf`; each code once a page. What can't be read soundly is refused.
pub fn check<'a>(pdf: impl Into<Document<'a>>) -> Result<Vec<Finding>, Refusal> {
    let document = pdf.into();
    // Everything is looked at once, so that the work grows with the file and not with what its streams inflate to.
    let work = WORK + WORK_A_BYTE * document.len() as u64;
    let limits = Limits { work: work.min(document.limits.work), ..document.limits };
    let file = File::open(document.limited(limits))?;
    let mut findings = Findings::default();
    let reached = objects::check(&file, &mut findings)?;
    document::check(&file, &mut findings)?;
    structure::check(&file, &reached, &mut findings)?;
    Ok(findings.0.into_iter().collect())
}

/// What of an opened document may change its look by itself, or depends on where it is shown.
pub(crate) fn changing(file: &File<'_>) -> Result<Vec<Finding>, Refusal> {
    const CHANGING: [Item; 7] = [
        Item::Javascript,
        Item::ActiveAction,
        Item::ExternalContent,
        Item::ActiveMedia,
        Item::HiddenLayers,
        Item::DynamicForm,
        Item::FontsNotEmbedded,
    ];
    let mut findings = Findings::default();
    objects::check(file, &mut findings)?;
    document::check(file, &mut findings)?;
    Ok(findings.0.into_iter().filter(|finding| CHANGING.contains(&finding.code)).collect())
}

/// Findings, each code once a page, at the first object.
#[derive(Default)]
struct Findings(BTreeSet<Finding>);

impl Findings {
    fn add(&mut self, code: Item, page: Option<usize>, object: u32) {
        if !self.0.iter().any(|known| known.code == code && known.page == page) {
            self.0.insert(Finding { code, page, object });
        }
    }

    fn has(&self, code: Item) -> bool {
        self.0.iter().any(|known| known.code == code)
    }
}
