//! The command line: `sigill sign` on every class of input, judged by foreign tools, and what the others say.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::Path;
use std::process::Command;

use sigill_tests::browser::Browser;
use sigill_tests::judges::{assert_all_signed, tool};
use sigill_tests::pdf::{hybrid, one_page, replaced};
use sigill_tests::server::{Server, folder};
use sigill_tests::signing::{Fields, root, sigill, three_signatures};

/// Signs `input` three times, each signature with a field of its own.
fn signs_three_times(input: &[u8], level: &str) {
    let at = folder();
    let signed = three_signatures(&at, "signed", input, level, Fields::OneByOne, &[]);
    assert_all_signed(&root(&at), &signed);
}

#[test]
fn a_field_may_be_added_with_each_signature() {
    signs_three_times(&one_page("", ""), "B-LTA");
    signs_three_times(&one_page("/AcroForm<</Fields[5 0 R]/NeedAppearances true/DA(/Helv 0 Tf)>>", "/Annots[5 0 R]"), "B-B");
    signs_three_times(&hybrid(), "B-T");
}

#[test]
fn what_qpdf_makes_of_a_document_is_signed() {
    if Command::new("qpdf").arg("--version").output().is_err() {
        assert!(std::env::var_os("REQUIRE_INTEROP_TOOLS").is_none_or(|value| value != "1"), "qpdf is required and missing");
        eprintln!("skipped: qpdf not found");
        return;
    }
    for options in [
        ["--object-streams=generate", "--compress-streams=y"],
        ["--linearize", "--object-streams=disable"],
        ["--linearize", "--object-streams=generate"],
    ] {
        let at = folder();
        std::fs::write(at.join("plain.pdf"), one_page("/AcroForm<</Fields[5 0 R]>>", "/Annots[5 0 R]")).unwrap();
        let made = Command::new("qpdf").args(options).args(["plain.pdf", "made.pdf"]).current_dir(&at).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        signs_three_times(&std::fs::read(at.join("made.pdf")).unwrap(), "B-T");
    }
}

#[test]
fn what_cannot_be_signed_soundly_is_refused_with_its_code() {
    let plain = one_page("", "");
    let certified = "/Perms<</DocMDP<</Reference[<</TransformMethod/DocMDP/TransformParams<</P 1>>>>]>>>>";
    for (code, input) in [
        ("not_pdf", b"hello".to_vec()),
        ("trailing_data", [plain.as_slice(), b"junk"].concat()),
        ("trailing_data", replaced(&plain, "%%EOF", "")),
        ("xref_damaged", replaced(&plain, "3 0 obj", "3 0 obj\n\n\n")),
        ("xref_damaged", replaced(&plain, "startxref\n", "startxref\n1")),
        ("encrypted", replaced(&plain, "/Root 1 0 R", "/Root 1 0 R/Encrypt<<>>")),
        ("signature_forbidden", one_page(certified, "")),
        ("dynamic_form", one_page("/AcroForm<</Fields[]/XFA[]>>", "")),
    ] {
        let at = folder();
        std::fs::write(at.join("in.pdf"), input).unwrap();
        let output = sigill(&at, &["sign", "in.pdf", "out.pdf"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{code}: {said}");
        assert!(said.contains(&format!("\"refused\":\"{code}\"")), "{code}: {said}");
        assert!(!at.join("out.pdf").exists());
    }
}

#[test]
fn check_config_names_file_line_and_reason() {
    let at = folder();
    let local = include_str!("../../common/config/local.toml");
    std::fs::write(at.join("good.toml"), local).unwrap();
    assert!(sigill(&at, &["check-config", "good.toml"]).status.success());
    for (wrong, culprit, reason) in [
        (local.replace("languages =", "langages ="), "langages", "unknown field `langages`"),
        (
            local.replace("certificate_minutes = 30", "certificate_minutes = 0"),
            "certificate_minutes",
            "certificate_minutes must be 1 to 1440",
        ),
        (local.replace("default_expiry_days = 30", "default_expiry_days = 400"), "default_expiry_days", "more than longest_expiry_days"),
        (local.replace("mode = \"local\"", "mode = \"production\""), "public_url", "public_url must be https"),
    ] {
        let line = 1 + wrong.lines().position(|line| line.starts_with(culprit)).unwrap();
        std::fs::write(at.join("bad.toml"), wrong).unwrap();
        let output = sigill(&at, &["check-config", "bad.toml"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success());
        assert!(said.starts_with(&format!("bad.toml:{line}: ")) && said.contains(reason), "{line} {reason}: {said}");
    }
}

#[test]
fn every_shipped_configuration_loads() {
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../common/config")).unwrap() {
        let output = sigill(&folder(), &["check-config", file.unwrap().path().to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn what_the_server_says_first_can_be_done_as_it_stands() {
    let at = folder();
    let server = Server::start_in(&at);
    for said in ["/demo\n", "/v1/openapi.json\n", "/pki/root.pem\n", "189001019802  Åsa Öberg\n", at.to_str().unwrap()] {
        assert!(server.welcome.contains(said), "{said} in {}", server.welcome);
    }
    let second = sigill(&folder(), &["--listen", server.base.trim_start_matches("http://")]);
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(!second.status.success() && said.contains("is in use by another program: choose another port"), "{said}");
    if tool("curl", None).is_none() {
        return;
    }
    let line = server.welcome.lines().find(|line| line.trim().starts_with("curl ")).unwrap();
    let answer = Command::new("sh").args(["-c", line]).output().unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
    let link = answer["signers"][0]["signingUrl"].as_str().unwrap();
    assert_eq!(Browser::default().get(link).heading(), "Arvodesräkning oktober 2026");
}
