//! What people see of a signature, as poppler finds it on the page.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::Path;
use std::process::Command;

use pades::{Appearance, Logo, NewField, Rect, SignatureField, SignatureParameters, Visibility};
use sigill_tests::judges::tool;
use sigill_tests::pdf::one_page;
use sigill_tests::server::folder;

/// `input` with a visible signature of `name`; its /Contents is void, for only the look matters here.
fn shown(input: &[u8], visibility: Visibility, name: &str, logo: Option<Logo>) -> Vec<u8> {
    let lines = vec![name.to_owned(), "Elektroniskt underskriven".to_owned(), "2026-11-24 21:02".to_owned()];
    let parameters = SignatureParameters {
        field: SignatureField::New(NewField { name: "Signature".to_owned(), label: "Underskrift".to_owned() }),
        visibility,
        appearance: Some(Appearance { lines, logo }),
        signing_time: 0,
        reason: None,
        location: None,
        contact: None,
        signer_name: None,
        contents_capacity: 16,
    };
    let prepared = pades::prepare(input, &parameters).unwrap();
    let hashed = pades::Hashed::of(input);
    [input, &pades::complete(&hashed, &prepared, &[0x30, 0]).unwrap()].concat()
}

fn poppler(program: &str, options: &[&str], pdf: &Path) -> Option<String> {
    let output = Command::new(tool(program, None)?).args(options).arg(pdf).arg("-").output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_name_in_any_script_is_shown_and_can_be_copied() {
    let at = folder();
    for name in [
        "Åsa Öberg",
        "Máret Ánne Čájet Đorđe Ŋŋiŧŧi",
        "Jyväskylän Äijö",
        "Zażółć Gęślą-Jaźń",
        "İbrahim Şükrü Çağ",
        "Nguyễn Thị Phượng",
        "Ǵuljan Ҡаһарман Щербакова",
        "Ελένη Παπαδοπούλου",
        // Not in the font: the name is there for all but the eye.
        "王小明 Wang",
        // Combining marks.
        "Jo\u{308}rgen",
    ] {
        let pdf = at.join("shown.pdf");
        std::fs::write(&pdf, shown(&one_page("", ""), Visibility::Automatic, name, None)).unwrap();
        let Some(text) = poppler("pdftotext", &["-layout"], &pdf) else { return };
        assert!(text.contains(name), "{name}: {text}");
    }
}

/// Word, left edge and upper edge, as the page is shown.
fn words(pdf: &Path) -> Option<Vec<(String, f64, f64)>> {
    let html = poppler("pdftotext", &["-bbox"], pdf)?;
    let words = html.lines().filter_map(|line| line.trim().strip_prefix("<word ")).map(|word| {
        let value = |name: &str| word.split_once(&format!("{name}=\"")).unwrap().1.split('"').next().unwrap().parse().unwrap();
        let text = word.split_once('>').unwrap().1.split('<').next().unwrap();
        (text.to_owned(), value("xMin"), value("yMin"))
    });
    Some(words.collect())
}

#[test]
fn a_signature_stands_upright_on_every_kind_of_page() {
    let at = folder();
    for page in [
        "",
        "/Rotate 90",
        "/Rotate 180",
        "/Rotate 270",
        "/Rotate -90",
        "/UserUnit 2",
        "/CropBox[100 100 500 700]",
        "/CropBox[100 100 500 700]/Rotate 90",
        "/CropBox[-50 -50 2000 2000]",
    ] {
        let pdf = at.join("shown.pdf");
        std::fs::write(&pdf, shown(&one_page("", page), Visibility::Automatic, "Åsa Öberg", None)).unwrap();
        let Some(words) = words(&pdf) else { return };
        let find = |text: &str| words.iter().find(|(word, ..)| word == text).unwrap_or_else(|| panic!("no {text} on {page}: {words:?}"));
        let (given, surname, below) = (find("Åsa"), find("Öberg"), find("Elektroniskt"));
        assert!(given.1 < surname.1 && (given.2 - surname.2).abs() < 1.0, "{page}: {words:?}");
        assert!(given.2 < below.2 && (given.1 - below.1).abs() < 3.0, "{page}: {words:?}");
    }
}

#[test]
fn a_logo_of_any_kind_is_shown_before_the_text() {
    let logo = Logo::from_png(include_bytes!("../fixtures/logo/logo.png")).unwrap();
    let at = folder();
    let visibility = Visibility::At { page: 1, rect: Rect { x: 60.0, y: 60.0, width: 235.0, height: 62.0 } };
    let pdf = at.join("shown.pdf");
    std::fs::write(&pdf, shown(&one_page("", ""), visibility, "Åsa Öberg", Some(logo))).unwrap();
    let Some(words) = words(&pdf) else { return };
    let name = words.iter().find(|(word, ..)| word == "Åsa").unwrap();
    assert!(name.1 > 60.0 + 62.0, "{words:?}");
    let Some(_) = poppler("pdftotext", &[], &pdf) else { return };
    if let Some(program) = tool("pdfimages", None) {
        let list = Command::new(program).arg("-list").arg(&pdf).output().unwrap();
        let list = String::from_utf8_lossy(&list.stdout);
        assert!(list.contains("160    96") && !list.contains("smask"), "{list}");
    }
}
