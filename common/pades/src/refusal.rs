/// Why a document is not signed. Each has a stable reason code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No `%PDF-` header at the very start.
    #[error("the file does not start with a PDF header")]
    NotPdf,
    /// Bytes after the last end-of-file marker, or none.
    #[error("the file does not end with its end-of-file marker")]
    TrailingData,
    /// The cross-reference chain is broken; a reader would have to repair it.
    #[error("the cross-reference is damaged at byte {offset}: {what}")]
    XrefDamaged {
        /// Where.
        offset: usize,
        /// What was found.
        what: &'static str,
    },
    /// An object is not what the standard says.
    #[error("object {object} is malformed: {what}")]
    Malformed {
        /// Its number; 0 for the trailer.
        object: u32,
        /// What is wrong.
        what: &'static str,
    },
    /// The document is encrypted, be it only against changes.
    #[error("the document is encrypted")]
    Encrypted,
    /// A certification signature forbids any change (DocMDP, P=1), or a lock covers the field.
    #[error("an earlier signature forbids further signatures")]
    SignatureForbidden,
    /// An XFA form: its look is made by a program.
    #[error("the document holds a dynamic (XFA) form")]
    DynamicForm,
    /// The page for the visible signature does not exist.
    #[error("there is no page {page}")]
    PageMissing {
        /// From 1.
        page: usize,
    },
    /// The place for the visible signature is not inside the page.
    #[error("the place for the visible signature is not inside page {page}")]
    OutsidePage {
        /// From 1.
        page: usize,
    },
    /// More than the limits of this engine allow.
    #[error("the document exceeds a limit: {what}")]
    TooComplex {
        /// Which limit.
        what: &'static str,
    },
    /// More than [`crate::Limits`] allow.
    #[error("the document exceeds the limit of {}", limit.name())]
    LimitExceeded {
        /// Which limit.
        limit: Limit,
    },
    /// The bytes could not be read now. This is not the document's fault: it is worth trying again.
    #[error("the bytes at {offset} can't be read")]
    Unreadable {
        /// Where.
        offset: usize,
    },
    /// The page has no free place for a visible signature, and a signed document gets no further page.
    #[error("there is no free place for a visible signature")]
    NoFreePlace,
    /// There is no signature field of the name that was given.
    #[error("the document has no such signature field")]
    FieldMissing,
    /// The field is signed already.
    #[error("the signature field is signed already")]
    FieldSigned,
    /// The field demands something of its signature (a seed value, a lock with permissions) that is not for us to judge.
    #[error("the signature field demands what this engine does not give")]
    FieldConstrained,
    /// A certified document gets no new visible field: readers take it for a change.
    #[error("the document is certified: only an existing field or an invisible signature is possible")]
    NewFieldForbidden,
}

/// The limits of the engine, one for each field of [`crate::Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Sections of the cross-reference chain.
    Revisions,
    /// Objects looked up.
    Objects,
    /// Levels of the page tree or of the form.
    Depth,
    /// Bytes that a compressed stream inflates to.
    Inflated,
    /// Bytes parsed and inflated in all.
    Work,
}

impl Limit {
    fn name(self) -> &'static str {
        match self {
            Self::Revisions => "revisions",
            Self::Objects => "objects",
            Self::Depth => "depth",
            Self::Inflated => "inflated bytes",
            Self::Work => "work",
        }
    }
}

impl Refusal {
    /// The stable reason code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPdf => "not_pdf",
            Self::TrailingData => "trailing_data",
            Self::XrefDamaged { .. } => "xref_damaged",
            Self::Malformed { .. } => "malformed",
            Self::Encrypted => "encrypted",
            Self::SignatureForbidden => "signature_forbidden",
            Self::DynamicForm => "dynamic_form",
            Self::PageMissing { .. } => "page_missing",
            Self::OutsidePage { .. } => "outside_page",
            Self::TooComplex { .. } => "too_complex",
            Self::LimitExceeded { limit } => match limit {
                Limit::Revisions => "limit_revisions",
                Limit::Objects => "limit_objects",
                Limit::Depth => "limit_depth",
                Limit::Inflated => "limit_inflated",
                Limit::Work => "limit_work",
            },
            Self::Unreadable { .. } => "unreadable",
            Self::NoFreePlace => "no_free_place",
            Self::FieldMissing => "field_missing",
            Self::FieldSigned => "field_signed",
            Self::FieldConstrained => "field_constrained",
            Self::NewFieldForbidden => "new_field_forbidden",
        }
    }
}
