//! No false alarm: what is soundly signed passes `sigill validate`, whoever signed it.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::Path;
use std::process::Command;

use sigill_tests::archival;
use sigill_tests::judges::signed_by_pyhanko;
use sigill_tests::pdf::{hybrid, one_page};
use sigill_tests::server::folder;
use sigill_tests::signing::{Fields, sigill, sign, three_signatures};

/// `sigill validate` says that all of them pass; `levels` are those of the signatures, file by file.
fn assert_passes(folder: &Path, options: &[&str], files: &[(String, Vec<&str>)]) {
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let output = sigill(folder, &[&["validate", "--json"], options, &names].concat());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    for (line, (name, levels)) in said.lines().zip(files) {
        let report = &serde_json::from_str::<serde_json::Value>(line).unwrap()["report"];
        assert_eq!(report["conclusion"]["indication"], "TOTAL_PASSED", "{name}: {report:#}");
        let found: Vec<_> = report["signatures"].as_array().unwrap().iter().filter_map(|signature| signature["level"].as_str()).collect();
        assert_eq!(found, *levels, "{name}");
    }
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn our_own_signatures_pass_at_every_level_in_every_kind_of_file() {
    let at = folder();
    let mut inputs = vec![("classic".to_owned(), one_page("", "")), ("hybrid".to_owned(), hybrid())];
    inputs.push(("form".to_owned(), one_page("/AcroForm<</Fields[5 0 R]/DA(/Helv 0 Tf)>>", "/Annots[5 0 R]")));
    for (name, claim) in archival::CLAIMS.into_iter().filter(|(name, _)| matches!(*name, "a-1b" | "a-2a-and-ua-1" | "a-4")) {
        inputs.push((name.to_owned(), archival::document(claim)));
    }
    if Command::new("qpdf").arg("--version").output().is_ok() {
        std::fs::write(at.join("plain.pdf"), one_page("", "")).unwrap();
        for (name, options) in [
            ("object-streams", ["--object-streams=generate", "--compress-streams=y"]),
            ("linearized", ["--linearize", "--object-streams=disable"]),
            ("linearized-with-object-streams", ["--linearize", "--object-streams=generate"]),
        ] {
            assert!(Command::new("qpdf").args(options).args(["plain.pdf", "made.pdf"]).current_dir(&at).status().unwrap().success());
            inputs.push((name.to_owned(), std::fs::read(at.join("made.pdf")).unwrap()));
        }
    }
    let mut files = Vec::new();
    for (index, (name, input)) in inputs.iter().enumerate() {
        // All levels for the first, and in turn for the others.
        let levels = ["B-B", "B-T", "B-LT", "B-LTA"];
        for level in levels.iter().enumerate().filter(|(number, _)| index == 0 || index % 4 == *number).map(|(_, level)| *level) {
            let fields = if index % 2 == 0 { Fields::OneByOne } else { Fields::Together };
            let name = format!("{name}-{level}");
            three_signatures(&at, &name, input, level, fields, &[]);
            files.extend([1, 2, 3].map(|signatures| (format!("{name}-{signatures}.pdf"), vec![level; signatures])));
        }
    }
    assert_passes(&at, &[], &files);
}

#[test]
fn what_pyhanko_signs_passes() {
    let at = folder();
    std::fs::write(at.join("plain.pdf"), one_page("", "")).unwrap();
    if signed_by_pyhanko(&at).is_none() {
        return;
    }
    let files = [
        ("once", vec!["B-B"]),
        ("twice", vec!["B-B", "B-B"]),
        ("visible", vec!["B-B"]),
        ("visible-twice", vec!["B-B", "B-B"]),
        ("stamped", vec!["B-T"]),
        ("lta", vec!["B-LTA"]),
        ("lta-twice", vec!["B-LTA", "B-LTA"]),
        ("certified", vec!["B-B"]),
        ("certified-signed", vec!["B-B", "B-B"]),
        ("prepared-first", vec!["B-B"]),
        ("prepared-second", vec!["B-B", "B-B"]),
    ];
    let files = files.map(|(name, levels)| (format!("{name}.pdf"), levels));
    assert_passes(&at, &["--data", "no-such-folder", "--trust", "root.pem"], &files);
}

#[test]
fn chains_and_revocation_are_judged_by_the_rules() {
    let at = folder();
    std::fs::write(at.join("plain.pdf"), one_page("", "")).unwrap();
    if signed_by_pyhanko(&at).is_none() {
        return;
    }
    for (file, lists, code, sub_indication) in [
        ("below.pdf", ["root.crl", "middle.crl"].as_slice(), 0, None),
        ("below.pdf", &["root.crl"], 2, Some("TRY_LATER")),
        ("below.pdf", &["root.crl", "forged.crl"], 2, Some("TRY_LATER")),
        ("below.pdf", &["root.crl", "revoked.crl"], 2, Some("REVOKED_NO_POE")),
        ("below-stamped.pdf", &["root.crl", "middle.crl"], 0, None),
        ("below-stamped.pdf", &["root.crl", "revoked.crl"], 3, Some("REVOKED")),
        ("below-stamped.pdf", &["middle-revoked.crl", "middle.crl"], 3, Some("REVOKED")),
        ("below-ocsp.pdf", &[], 0, None),
        ("inside.pdf", &[], 0, None),
        ("outside.pdf", &[], 2, Some("CHAIN_CONSTRAINTS_FAILURE")),
        ("forged.pdf", &[], 2, Some("CHAIN_CONSTRAINTS_FAILURE")),
    ] {
        let lists: Vec<&str> = lists.iter().flat_map(|list| ["--crl", list]).collect();
        let options = ["validate", "--json", "--data", "no-such-folder", "--trust", "root.pem", file];
        let output = sigill(&at, &[options.as_slice(), &lists].concat());
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let conclusion = &said["report"]["conclusion"];
        assert_eq!(
            (output.status.code(), conclusion["subIndication"].as_str()),
            (Some(code), sub_indication),
            "{file} {lists:?}: {said:#}"
        );
    }
}

#[test]
fn the_exit_code_tells_the_verdict() {
    let at = folder();
    std::fs::write(at.join("plain.pdf"), one_page("", "")).unwrap();
    std::fs::write(at.join("broken.pdf"), "hello").unwrap();
    sign(&at, &["plain.pdf", "signed.pdf"]);
    let mut changed = std::fs::read(at.join("signed.pdf")).unwrap();
    let amount = changed.windows(6).position(|window| window == b"Arvode").unwrap();
    changed[amount] = b'E';
    std::fs::write(at.join("changed.pdf"), changed).unwrap();
    for (code, language, options, said) in [
        (0, "sv", vec!["signed.pdf"], "har inte ändrats"),
        (0, "en", vec!["signed.pdf"], "Level of assurance: 3"),
        (2, "en", vec!["broken.pdf"], "can't be checked"),
        (2, "sv", vec!["--data", "no-such-folder", "signed.pdf"], "inte känd"),
        (2, "en", vec!["signed.pdf", "--at", "2050-01-01T00:00:00Z"], "expired"),
        (3, "sv", vec!["changed.pdf", "signed.pdf"], "Lita inte på dokumentet"),
        (4, "sv", vec!["plain.pdf"], "inte underskrivet"),
    ] {
        let output = sigill(&at, &[&["validate", "--language", language], options.as_slice()].concat());
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(code), "{options:?}: {text}");
        assert!(text.contains(said), "{options:?}: {text}");
        assert!(!text.contains("189001019802"), "no personal identity number");
    }
}
