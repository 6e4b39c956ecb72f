//! Foreign tools that judge our output. One that is missing is a visible skip, or a failure when
//! `REQUIRE_INTEROP_TOOLS=1`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The tool, or `None` after saying that it is missing.
fn tool(name: &str, place: Option<PathBuf>) -> Option<PathBuf> {
    let found = place.or_else(|| {
        let paths = std::env::var_os("PATH")?;
        std::env::split_paths(&paths).map(|folder| folder.join(name)).find(|path| path.is_file())
    });
    match found {
        Some(path) if path.is_file() => Some(path),
        _ if std::env::var_os("REQUIRE_INTEROP_TOOLS").is_some_and(|value| value == "1") => panic!("{name} is required and missing"),
        _ => {
            eprintln!("skipped: {name} not found");
            None
        }
    }
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap()
}

/// Independent validation by pyHanko, strict; an object for each signature and timestamp.
pub fn pyhanko(root: &Path, pdf: &Path) -> Option<Vec<Value>> {
    let python = tool("python with pyHanko", Some(std::env::var_os("SIGILL_PYTHON").map(PathBuf::from).unwrap_or_default()))?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/judge_pyhanko.py");
    let output = run(Command::new(python).arg(script).arg(root).arg(pdf));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// `qpdf --check` without a warning.
pub fn qpdf_is_content(pdf: &Path) {
    let Some(qpdf) = tool("qpdf", None) else { return };
    let output = run(Command::new(qpdf).arg("--check").arg(pdf));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// How many signatures poppler's pdfsig calls valid.
pub fn pdfsig_valid(pdf: &Path) -> Option<usize> {
    let output = run(Command::new(tool("pdfsig", None)?).arg(pdf));
    Some(String::from_utf8_lossy(&output.stdout).matches("Signature is Valid").count())
}

/// Indication and level of each signature by EU DSS with its own policy, offline.
pub fn dss(root: &Path, pdf: &Path) -> Option<Vec<(String, String)>> {
    let java = tool("java", None)?;
    let Some(classes) = std::env::var_os("SIGILL_DSS") else {
        return tool("EU DSS", Some(PathBuf::new())).and(None);
    };
    let output = run(Command::new(java).arg("-cp").arg(classes).arg("Judge").arg(root).arg(pdf));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    Some(lines.lines().filter_map(|line| line.split_once('\t')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect())
}

/// Every judge accepts every signature, whole and trusted, and EU DSS finds `level` (`B`, `T`, `LT`, `LTA`) in each.
pub fn assert_signed(root: &Path, pdf: &Path, signatures: usize, timestamps: usize, level: &str) {
    qpdf_is_content(pdf);
    if let Some(valid) = pdfsig_valid(pdf) {
        assert_eq!(valid, signatures, "pdfsig");
    }
    if let Some(judged) = pyhanko(root, pdf) {
        assert_eq!(judged.len(), signatures + timestamps, "{judged:#?}");
        for signature in judged {
            assert_eq!(signature["ok"], true, "{signature:#}");
        }
    }
    if let Some(judged) = dss(root, pdf) {
        let expected = ("TOTAL_PASSED".to_owned(), format!("PAdES-BASELINE-{level}"));
        assert_eq!(judged, vec![expected; signatures], "EU DSS");
    }
}
