//! A note behind a document: pages of text that say something about the pages before. The bytes of the document stay as
//! they are, so that everybody can see what was added.

use crate::appearance::{Paragraph, Typeset};
use crate::form::{self, Field};
use crate::page_tree;
use crate::permission::Permissions;
use crate::reader::pages;
use crate::reader::{Document, File};
use crate::refusal::Refusal;
use crate::tags::{MarkedPage, Structure};
use crate::writer::Revision;
use crate::writer::text;

/// A4.
const PAGE: (f64, f64) = (595.0, 842.0);

/// What a note says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its heading.
    pub heading: String,
    /// Below it.
    pub paragraphs: Vec<String>,
    /// The language of both (BCP 47).
    pub language: String,
}

/// Why a document gets no note.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoNote {
    /// It is signed: a page behind a signature is a change of what was signed.
    #[error("the document is signed")]
    Signed,
    /// It is not sound.
    #[error(transparent)]
    Document(#[from] Refusal),
}

/// The bytes to append to `pdf` so that `note` stands behind its last page.
pub fn append_note<'a>(pdf: impl Into<Document<'a>>, note: &Note) -> Result<Vec<u8>, NoNote> {
    let file = File::open_strictly(pdf)?;
    let fields = form::fields(&file)?;
    Permissions::read(&file, &fields)?;
    if fields.iter().any(Field::signed) {
        return Err(NoNote::Signed);
    }
    let structure = Structure::of(&file)?;
    let mut revision = Revision::new(&file);
    let heading = Paragraph { text: &note.heading, size: 18.0 };
    let rest = note.paragraphs.iter().map(|paragraph| Paragraph { text: paragraph, size: 10.0 });
    let set = Typeset::new(std::iter::once(heading).chain(rest), PAGE)?;
    let resources = set.put_resources(&mut revision)?;
    let tree = pages::root(&file)?;
    let mut added = Vec::new();
    let mut marked = Vec::new();
    for (index, page) in set.pages().iter().enumerate() {
        let content = revision.put_stream("/Filter/FlateDecode", &page.content(structure.is_some()))?;
        let key = structure.as_ref().map(|structure| format!("/StructParents {}", structure.struct_parent(index))).unwrap_or_default();
        let [width, height] = [PAGE.0, PAGE.1].map(text::number);
        // What it could inherit it says itself.
        let number = revision.put_new(format!(
            "<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {width} {height}]/CropBox[0 0 {width} {height}]/Rotate 0/Resources{resources}/Contents {content} 0 R/Tabs/S{key}>>"
        ))?;
        added.push(number);
        marked.push(MarkedPage { page: number, count: page.marks() });
    }
    page_tree::append(&mut revision, &file, &added)?;
    if let Some(structure) = structure {
        structure.add_paragraphs(&mut revision, &file, &marked, &note.language)?;
    }
    let update = revision.finish();
    Ok([update.before, update.after].concat())
}
