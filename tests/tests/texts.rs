//! The catalogues of what pages say hold nothing that no page says.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::fs;
use std::path::Path;

#[test]
fn every_text_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = String::new();
    for folder in ["common/web/src", "common/web/templates", "functions/eid-callback/src"] {
        for file in fs::read_dir(root.join(folder)).unwrap() {
            sources.push_str(&fs::read_to_string(file.unwrap().path()).unwrap());
        }
    }
    let texts = fs::read_to_string(root.join("common/web/text/sv.json")).unwrap();
    let texts: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&texts).unwrap();
    for key in texts.keys() {
        assert!(sources.contains(&format!(".{key}(")), "no page says {key}");
    }
}
