//! The ledger is true to the tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;

#[test]
fn every_row_names_tests_that_exist() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ledger = std::fs::read_to_string(folder.join("CONFORMANCE.md")).unwrap();
    let rows = ledger.lines().filter(|line| line.starts_with("| ") && !line.contains("| tests |"));
    let mut named = 0;
    for row in rows {
        let last = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let tests: Vec<&str> = last.split('`').filter(|text| text.contains("::")).collect();
        assert!(!tests.is_empty() || last.starts_with("not "), "neither a test nor an honest word: {row}");
        for test in tests {
            let (file, name) = test.split_once("::").unwrap();
            let source = ["tests", "../../tests/tests"]
                .iter()
                .find_map(|at| std::fs::read_to_string(folder.join(at).join(format!("{file}.rs"))).ok());
            let source = source.unwrap_or_else(|| panic!("no file {file}: {row}"));
            assert!(source.contains(&format!("fn {name}()")), "no test {test}: {row}");
            named += 1;
        }
    }
    assert!(named > 60, "{named}");
}
