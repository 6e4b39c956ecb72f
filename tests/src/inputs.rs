//! Every class of document that the whole is tried on.

use std::path::Path;

use crate::archival::{CLAIMS, document};
use crate::pdf::{hybrid, one_page};

/// Name and bytes of a document of each class.
pub fn classes() -> Vec<(String, Vec<u8>)> {
    let form = "/AcroForm<</Fields[5 0 R]/NeedAppearances true/DA(/Helv 0 Tf)>>";
    let mut classes: Vec<(String, Vec<u8>)> = [
        ("classic-table", one_page("", "")),
        ("classic-1.7", crate::pdf::replaced(&one_page("", ""), "%PDF-1.4", "%PDF-1.7")),
        ("existing-form", one_page(form, "/Annots[5 0 R]")),
        ("rotated-90", one_page("", "/Rotate 90")),
        ("rotated-180", one_page("", "/Rotate 180")),
        ("rotated-270", one_page("", "/Rotate 270")),
        ("hybrid-reference", hybrid()),
    ]
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .into();
    classes.extend(CLAIMS.iter().map(|(name, claim)| (format!("krilla-{name}"), document(*claim))));
    classes.extend(fixtures());
    classes
}

/// The documents that other producers made.
pub fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pdf");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "pdf"));
    files.sort();
    files.into_iter().map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap())).collect()
}
