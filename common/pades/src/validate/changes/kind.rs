//! The kinds of change.

use serde::Serialize;

/// A change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// What it is.
    pub kind: ChangeKind,
    /// Number of the object; 0 for the trailer.
    pub object: u32,
    /// Whether the policy permits it there.
    pub permitted: bool,
}

/// The kinds of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// A field was signed.
    Signature,
    /// A document timestamp was added.
    DocumentTimestamp,
    /// A signature field that shows nothing was added.
    SignatureField,
    /// A signature field that shows on a page was added.
    VisibleSignatureField,
    /// A new field lies over another annotation.
    OverlappingField,
    /// A new field covers a large part of its page.
    CoveringField,
    /// Certificates or revocation data were added to the store.
    ValidationData,
    /// Validation data were removed or replaced.
    ValidationDataRemoved,
    /// Developer extensions were named.
    Extensions,
    /// The version was raised.
    Version,
    /// Structure elements for new fields were added.
    Structure,
    /// The metadata were changed.
    Metadata,
    /// The metadata were changed in what tells of the writing alone.
    MetadataOfWriting,
    /// Producer or time in the document information were changed.
    Information,
    /// A form field was filled in.
    FormFilling,
    /// A form field was otherwise changed, or one was added or removed.
    FormField,
    /// A signature was changed, replaced or removed.
    SignatureAltered,
    /// An annotation was added.
    AnnotationAdded,
    /// An annotation was changed or removed.
    AnnotationChanged,
    /// Content, size, rotation or resources of a page.
    Page,
    /// Pages were added, removed or reordered.
    PageTree,
    /// Layers (optional content).
    Layers,
    /// Actions, scripts, names or destinations.
    Actions,
    /// Anything else in the catalog.
    Catalog,
    /// Anything in the trailer that has to stay.
    Trailer,
    /// An object that was in use was freed.
    Freed,
    /// An object came to be where there was only a reference to it.
    DanglingReference,
    /// Something with a script or an action was added.
    ActiveContent,
    /// An object was added that nothing uses.
    Unused,
    /// An object was replaced, and no rule explains it.
    Unexplained,
}

impl ChangeKind {
    /// In a few words.
    pub fn description(self) -> &'static str {
        match self {
            Self::Signature => "a field was signed",
            Self::DocumentTimestamp => "a document timestamp was added",
            Self::SignatureField => "a signature field was added",
            Self::VisibleSignatureField => "a visible signature field was added",
            Self::OverlappingField => "a new field lies over another annotation",
            Self::CoveringField => "a new field covers a large part of its page",
            Self::ValidationData => "validation data were added",
            Self::ValidationDataRemoved => "validation data were removed or replaced",
            Self::Extensions => "extensions were named",
            Self::Version => "the version was raised",
            Self::Structure => "structure elements were added",
            Self::Metadata => "the metadata were changed",
            Self::MetadataOfWriting => "producer or time in the metadata were changed",
            Self::Information => "the document information was changed",
            Self::FormFilling => "a form field was filled in",
            Self::FormField => "a form field was changed, added or removed",
            Self::SignatureAltered => "a signature was changed, replaced or removed",
            Self::AnnotationAdded => "an annotation was added",
            Self::AnnotationChanged => "an annotation was changed or removed",
            Self::Page => "content, size or resources of a page were changed",
            Self::PageTree => "pages were added, removed or reordered",
            Self::Layers => "layers were changed",
            Self::Actions => "actions or destinations were changed",
            Self::Catalog => "the catalog was changed",
            Self::Trailer => "the trailer was changed",
            Self::Freed => "an object that was in use was freed",
            Self::DanglingReference => "an object came to be where there was only a reference to it",
            Self::ActiveContent => "a script or an action was added",
            Self::Unused => "an object was added that nothing uses",
            Self::Unexplained => "an object was replaced",
        }
    }
}
