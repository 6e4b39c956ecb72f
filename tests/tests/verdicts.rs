//! Our verdict beside those of EU DSS, pyHanko and pdfsig, on every attack and on sound documents: `golden/verdicts.md`.
//! `UPDATE_GOLDEN=1 cargo test -p sigill-tests --test verdicts` writes it anew.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use pades::validate::{Fault, Indication, Report, validate};
use sigill_core::certificate::pem;
use sigill_tests::attacks::{all, base, certify};
use sigill_tests::judges::{Opinion, opinions};
use sigill_tests::notary::{Notary, now};
use sigill_tests::server::folder;

const HEAD: &str = "# Verdicts

Our verdict on every attack fixture and on some sound documents, beside those of other validators: EU DSS with its own
policy, pyHanko strict, and poppler's pdfsig. Written by `tests/tests/verdicts.rs`; every run of the tests compares.

Where others accept what we refuse, the last column says why we do: it is what our report finds. pdfsig checks the
covered bytes alone, so that it calls valid whatever only comes behind them. EU DSS reports most later changes as
warnings, and its main indication stays what it is without them. pyHanko permits filled-in form fields behind any
signature that does not forbid them.

";

#[test]
fn the_verdicts_are_those_of_the_golden_table() {
    let notary = Notary::default();
    let at = folder();
    let mut files: Vec<(String, Vec<u8>)> = sound(&notary).into_iter().map(|(name, pdf)| (format!("sound: {name}"), pdf)).collect();
    files.extend(all(&notary).into_iter().map(|attack| (attack.name.to_owned(), attack.pdf)));
    let root = at.join("root.pem");
    std::fs::write(&root, pem(notary.root())).unwrap();
    let paths: Vec<PathBuf> = (0..files.len()).map(|index| at.join(format!("{index}.pdf"))).collect();
    paths.iter().zip(&files).for_each(|(path, (_, pdf))| std::fs::write(path, pdf).unwrap());
    let Some(opinions) = opinions(&root, &paths.iter().map(PathBuf::as_path).collect::<Vec<_>>()) else { return };
    let trust = notary.trust();
    let rows: Vec<_> =
        files.iter().zip(opinions).map(|((name, pdf), opinion)| (name, validate(pdf, &trust, now().as_second()), opinion)).collect();
    let table = table(&rows);
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/verdicts.md");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(golden.parent().unwrap()).unwrap();
        std::fs::write(&golden, &table).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap();
    let changed: Vec<_> = table.lines().filter(|line| !expected.contains(line)).collect();
    assert!(table == expected, "the verdicts are other ones than in golden/verdicts.md: {changed:#?}");
}

fn sound(notary: &Notary) -> Vec<(&'static str, Vec<u8>)> {
    let once = notary.sign(&base());
    let twice = notary.sign(&once);
    let thrice = notary.sign(&twice);
    vec![
        ("one signature", once),
        ("two signatures", twice),
        ("three signatures", thrice),
        ("certified, no changes permitted", certify(notary, 1)),
        ("certified, forms may be filled in", certify(notary, 2)),
        ("certified, annotations permitted", certify(notary, 3)),
    ]
}

fn table(rows: &[(&String, Report, Opinion)]) -> String {
    let mut out = HEAD.to_owned();
    let attacks: Vec<_> = rows.iter().filter(|(name, ..)| !name.starts_with("sound: ")).collect();
    let passed =
        |accepts: &dyn Fn(&Report, &Opinion) -> bool| attacks.iter().filter(|(_, report, opinion)| accepts(report, opinion)).count();
    writeln!(out, "Of {} attacks, accepted:\n\n| ours | EU DSS | pyHanko | pdfsig |\n|---|---|---|---|", attacks.len()).unwrap();
    writeln!(
        out,
        "| {} | {} | {} | {} |\n",
        passed(&|report, _| report.conclusion.indication == Indication::TotalPassed),
        passed(&|_, opinion| opinion.dss == "TOTAL_PASSED"),
        passed(&|_, opinion| opinion.pyhanko == "accepted"),
        passed(&|_, opinion| opinion.pdfsig == "valid"),
    )
    .unwrap();
    out.push_str("| document | ours | EU DSS | pyHanko | pdfsig | what we find |\n|---|---|---|---|---|---|\n");
    for (name, report, opinion) in rows {
        let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let indication = word(serde_json::to_value(report.conclusion.indication).unwrap());
        let sub = report.conclusion.sub_indication.map(|sub| format!(", {}", word(serde_json::to_value(sub).unwrap()))).unwrap_or_default();
        writeln!(out, "| {name} | {indication}{sub} | {} | {} | {} | {} |", opinion.dss, opinion.pyhanko, opinion.pdfsig, findings(report))
            .unwrap();
    }
    out
}

/// What was found, each once, without numbers that differ from run to run.
fn findings(report: &Report) -> String {
    let signatures = report.signatures.iter().flat_map(|signature| &signature.findings);
    let word = |fault: &Fault| {
        let code = serde_json::to_value(fault.code).unwrap().as_str().unwrap().replace('_', " ");
        fault.change.map_or(code.clone(), |change| format!("{code}: {}", change.description()))
    };
    let words: BTreeSet<String> = report.facts.faults.iter().chain(signatures).map(word).collect();
    words.into_iter().collect::<Vec<_>>().join("; ")
}
