//! The catalogues of what people read hold nothing that nobody reads.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::fs;
use std::path::Path;

#[test]
fn every_text_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = String::new();
    for folder in ["common", "functions"] {
        read_all(&root.join(folder), &mut sources);
    }
    let texts = fs::read_to_string(root.join("common/web/text/sv.json")).unwrap();
    let texts: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&texts).unwrap();
    for key in texts.keys() {
        assert!(sources.contains(&format!(".{key}(")), "nobody reads {key}");
    }
}

/// Every source and template below `folder`.
fn read_all(folder: &Path, sources: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "html") {
            sources.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}
