//! The check before signing: what could change or hide something is found, and ordinary documents are let through.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::Path;

use pades::presign::{Action, Finding, Policy, check};
use sigill_tests::archival;
use sigill_tests::attacks::{all, traps};
use sigill_tests::notary::Notary;
use sigill_tests::pdf::{hybrid, one_page};
use sigill_tests::server::Server;

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.code()).collect()
}

#[test]
fn whatever_could_change_the_look_is_found_where_it_is() {
    let on_page = |entries: &str| one_page("", &format!("/Annots[5 0 R]{entries}"));
    let annotation = |entries: &str| one_page("", &format!("/Annots[<</Type/Annot{entries}/Rect[1 1 9 9]>>]"));
    for (code, page, pdf) in [
        ("javascript", None, one_page("/OpenAction<</S/JavaScript/JS(x)>>", "")),
        ("javascript", None, one_page("/OpenAction<</S/J#61vaScript/#4a#53(x)>>", "")),
        ("javascript", None, one_page("/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(x)>>]>>>>", "")),
        ("javascript", Some(1), annotation("/Subtype/Link/A<</S/URI/Next<</S/JavaScript/JS(x)>>>>")),
        ("active_action", Some(1), on_page("/AA<</O<</S/Named/N/Print>>>>")),
        ("active_action", None, one_page("/OpenAction<</S/Named/N/Print>>", "")),
        ("active_action", Some(1), annotation("/Subtype/Link/A<</S/Launch/F(x)>>")),
        ("active_action", Some(1), annotation("/Subtype/Link/A<</S/GoToR/F(x)/D[0/Fit]>>")),
        ("active_action", Some(1), annotation("/Subtype/Widget/FT/Btn/A<</S/SubmitForm/F(x)>>")),
        ("active_action", None, one_page("/Outlines<</First<</A<</S/Hide/T(x)>>>>>>", "")),
        ("active_media", Some(1), annotation("/Subtype/Screen")),
        ("active_media", Some(1), annotation("/Subtype/Redact")),
        ("embedded_files", Some(1), annotation("/Subtype/FileAttachment")),
        ("embedded_files", None, one_page("/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/EF<</F 4 0 R>>>>]>>>>", "")),
        ("embedded_files", None, one_page("/Collection<<>>", "")),
        ("hidden_layers", None, one_page("/OCProperties<</OCGs[]/D<</OFF[4 0 R]>>>>", "")),
        ("hidden_layers", None, one_page("/OCProperties<</OCGs[]/D<</BaseState/OFF>>>>", "")),
        ("hidden_layers", None, one_page("/OCProperties<</OCGs[]/D<</AS[<<>>]>>>>", "")),
        ("hidden_layers", None, one_page("/OCProperties<</OCGs[]/D<<>>/Configs[<<>>]>>", "")),
        ("hidden_layers", None, one_page("/OCProperties<</OCGs[<</Type/OCG/Usage<</Print<</PrintState/OFF>>>>>>]/D<<>>>>", "")),
        ("hidden_annotations", Some(1), annotation("/Subtype/Square/F 2")),
        ("hidden_annotations", Some(1), annotation("/Subtype/Square/F 32")),
        ("editable_fields", None, one_page("/AcroForm<</Fields[5 0 R]>>", "/Annots[5 0 R]")),
        ("dynamic_form", None, one_page("/AcroForm<</Fields[]/NeedAppearances true>>", "")),
        ("dynamic_form", None, one_page("/AcroForm<</Fields[]/CO[5 0 R]>>", "")),
        ("external_content", Some(1), on_page("/X<</Subtype/Form/Ref<<>>/Length 0>>")),
        ("external_content", Some(1), on_page("/X<</Subtype/Image/F(http://example.com/x)/Length 0>>")),
        ("fonts_not_embedded", Some(1), one_page("", "")),
        ("dangling_reference", Some(1), on_page("/X 77 0 R")),
        ("odd_geometry", Some(1), on_page("/UserUnit 9")),
    ] {
        let findings = check(&pdf).unwrap();
        let found = findings.iter().any(|finding| finding.code.code() == code && finding.page == page);
        assert!(found, "{code} on {page:?}: {findings:?} in {}", String::from_utf8_lossy(&pdf));
    }
}

#[test]
fn the_traps_of_shadow_attacks_are_found_before_they_are_signed() {
    for (name, code, pdf) in traps() {
        let findings = check(&pdf).unwrap();
        assert!(codes(&findings).contains(&code), "{name}: {findings:?}");
    }
}

#[test]
fn a_document_whose_signature_was_passed_over_gets_no_further_one() {
    let notary = Notary::default();
    let policy = Policy::default();
    for attack in all(&notary) {
        // What is refused as not readable is refused.
        let Ok(findings) = check(&attack.pdf) else { continue };
        let refused = policy.select(&findings, Action::Refuse);
        assert!(!refused.is_empty(), "{}: {findings:?}", attack.name);
    }
    assert_eq!(policy.select(&check(&notary.sign(&one_page("", ""))).unwrap(), Action::Refuse), []);
}

#[test]
fn ordinary_documents_are_let_through() {
    let mut documents: Vec<(String, Vec<u8>)> = vec![("one page".to_owned(), one_page("", "")), ("hybrid".to_owned(), hybrid())];
    documents.extend(archival::CLAIMS.map(|(name, claim)| (name.to_owned(), archival::document(claim))));
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pdf")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "pdf") {
            documents.push((path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()));
        }
    }
    assert!(documents.len() > 20);
    for (name, pdf) in documents {
        let findings = check(&pdf).unwrap();
        assert_eq!(Policy::default().select(&findings, Action::Refuse), [], "{name}");
        // What is made for the archive has nothing to be warned of.
        if archival::CLAIMS.iter().any(|(claim, _)| *claim == name) {
            assert_eq!(findings, [], "{name}");
        }
    }
}

#[test]
fn the_e_service_is_told_what_is_wrong_and_how_to_mend_it() {
    let server = Server::start();
    let body = server.body(&one_page("/OpenAction<</S/JavaScript/JS(x)>>", ""), &[("Åsa Öberg", "189001019802")]);
    for (language, words) in [("sv", "Skriv ut det till PDF på nytt"), ("en", "Print it to PDF again")] {
        let refused = server.api("POST", "/v1/sign-requests", Some(&body), &[("Accept-Language", language)]);
        assert_eq!(refused.status, 422);
        let problem = refused.json();
        assert_eq!(
            (problem["reason"].as_str(), problem["violations"][0]["field"].as_str()),
            (Some("javascript"), Some("documents[0].content"))
        );
        assert!(problem["violations"][0]["message"].as_str().unwrap().contains(words), "{problem:#}");
    }
    let made = server.create(&server.body(&one_page("", ""), &[("Åsa Öberg", "189001019802")]));
    let warning = &made["warnings"][0];
    assert_eq!(
        (&warning["document"], &warning["code"], &warning["page"]),
        (&1.into(), &"fonts_not_embedded".into(), &1.into()),
        "{made:#}"
    );
}

#[test]
fn the_municipality_decides_what_the_law_leaves_open() {
    let attached = check(&one_page("/Collection<<>>", "")).unwrap();
    let strict = Policy { fonts_not_embedded: Action::Refuse, ..Policy::default() };
    let lenient = Policy { embedded_files: Action::Allow, ..Policy::default() };
    assert_eq!(codes(&Policy::default().select(&attached, Action::Refuse)), ["embedded_files"]);
    assert_eq!(codes(&strict.select(&attached, Action::Refuse)), ["embedded_files", "fonts_not_embedded"]);
    assert_eq!(codes(&lenient.select(&attached, Action::Refuse)), Vec::<&str>::new());
}
