//! Foreign tools that judge our output. One that is missing is a visible skip, or a failure when
//! `REQUIRE_INTEROP_TOOLS=1`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::independent;

/// The tool, or `None` after saying that it is missing.
pub fn tool(name: &str, place: Option<PathBuf>) -> Option<PathBuf> {
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

pub(crate) fn run(command: &mut Command) -> Output {
    command.output().unwrap()
}

/// A file that ought to be soundly signed.
#[derive(Clone, Debug)]
pub struct Signed {
    pub pdf: PathBuf,
    /// How many signatures.
    pub signatures: usize,
    /// How many document timestamps.
    pub timestamps: usize,
    /// `B`, `T`, `LT` or `LTA`: what EU DSS finds in each signature.
    pub level: String,
}

/// The foreign judges that are programs of ours around a library: tab-separated lines, the file first.
fn judge_in_java(variable: &str, class: &str, name: &str, arguments: &[&Path]) -> Option<Vec<Vec<String>>> {
    let java = tool("java", None)?;
    let Some(classes) = std::env::var_os(variable) else {
        return tool(name, Some(PathBuf::new())).and(None);
    };
    let output = run(Command::new(java).arg("-cp").arg(classes).arg(class).args(arguments));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    Some(lines.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

fn of<'a>(judged: &'a [Vec<String>], pdf: &Path) -> Vec<Vec<&'a str>> {
    let lines = judged.iter().filter(|line| Path::new(&line[0]) == pdf);
    lines.map(|line| line[1..].iter().map(String::as_str).collect()).collect()
}

/// Independent validation by pyHanko, strict: for each file an object for each signature and timestamp.
pub fn pyhanko(roots: &Path, pdfs: &[&Path]) -> Option<Value> {
    let python = tool("python with pyHanko", Some(std::env::var_os("SIGILL_PYTHON").map(PathBuf::from).unwrap_or_default()))?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/judge_pyhanko.py");
    let output = run(Command::new(python).arg(script).arg(roots).args(pdfs));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Signs `plain.pdf` of `folder` with pyHanko in several ways; `None` when it is missing.
pub fn signed_by_pyhanko(folder: &Path) -> Option<()> {
    let python = tool("python with pyHanko", Some(std::env::var_os("SIGILL_PYTHON").map(PathBuf::from).unwrap_or_default()))?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/make_pyhanko.py");
    let output = run(Command::new(python).arg(script).arg(folder));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(())
}

/// `qpdf --check` without a warning.
pub fn qpdf_is_content(pdf: &Path) {
    let Some(qpdf) = tool("qpdf", None) else { return };
    let output = run(Command::new(qpdf).arg("--check").arg(pdf));
    assert!(output.status.success(), "{}: {}", pdf.display(), String::from_utf8_lossy(&output.stderr));
}

/// How many signatures poppler's pdfsig calls valid.
fn pdfsig_valid(pdf: &Path) -> Option<usize> {
    let output = run(Command::new(tool("pdfsig", None)?).arg(pdf));
    Some(String::from_utf8_lossy(&output.stdout).matches("Signature is Valid").count())
}

/// What each foreign judge says of a file that need not be sound, in a word or two.
#[derive(Clone, Debug)]
pub struct Opinion {
    pub dss: String,
    pub pyhanko: String,
    pub pdfsig: String,
}

/// The opinions of all judges on each file; `None` when one of them is missing.
pub fn opinions(root: &Path, pdfs: &[&Path]) -> Option<Vec<Opinion>> {
    let pyhanko = pyhanko(root, pdfs)?;
    let dss = judge_in_java("SIGILL_DSS", "Judge", "EU DSS", &[&[root], pdfs].concat())?;
    let pdfsig = tool("pdfsig", None)?;
    let opinion = |pdf: &&Path| {
        let dss = of(&dss, pdf).into_iter().map(|line| line[0].to_owned()).collect();
        let judged = pyhanko[pdf.to_str().unwrap()].as_array().unwrap();
        let judged = judged.iter().map(|signature| if signature["ok"] == true { "accepted" } else { "refused" }.to_owned()).collect();
        let said = run(Command::new(&pdfsig).arg(pdf));
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let said = said.lines().filter_map(|line| line.trim().strip_prefix("- Signature Validation: "));
        let said = said.map(|word| if word == "Signature is Valid." { "valid" } else { "invalid" }.to_owned()).collect();
        Opinion { dss: summary(dss), pyhanko: summary(judged), pdfsig: summary(said) }
    };
    Some(pdfs.iter().map(opinion).collect())
}

/// The same word of all signatures, or what there is.
fn summary(mut words: Vec<String>) -> String {
    words.sort();
    words.dedup();
    if words.is_empty() { "no signature".to_owned() } else { words.join(", ") }
}

/// The words of all pages in one line, as poppler reads them.
pub fn words(pdf: &Path) -> Option<String> {
    let output = run(Command::new(tool("pdftotext", None)?).arg("-raw").arg(pdf).arg("-"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// veraPDF finds that each file is what it claims to be; what claims nothing passes.
pub fn assert_conforming(pdfs: &[&Path]) {
    let Some(judged) = judge_in_java("SIGILL_VERAPDF", "VeraPdf", "veraPDF", pdfs) else { return };
    for pdf in pdfs {
        assert!(!of(&judged, pdf).is_empty(), "veraPDF did not judge {}", pdf.display());
    }
    let failed: Vec<_> = judged.iter().filter(|line| line[2] != "PASS").collect();
    assert!(failed.is_empty(), "veraPDF: {failed:#?}");
}

/// Every judge accepts every signature of every file, whole and trusted, and finds the level.
pub fn assert_all_signed(root: &Path, files: &[Signed]) {
    let pdfs: Vec<&Path> = files.iter().map(|file| file.pdf.as_path()).collect();
    let pyhanko = pyhanko(root, &pdfs);
    let dss = judge_in_java("SIGILL_DSS", "Judge", "EU DSS", &[&[root], pdfs.as_slice()].concat());
    for Signed { pdf, signatures, timestamps, level } in files {
        let name = pdf.display();
        qpdf_is_content(pdf);
        if let Some(valid) = pdfsig_valid(pdf) {
            assert_eq!(valid, *signatures, "pdfsig on {name}");
        }
        if let Some(judged) = &pyhanko {
            let judged = judged[pdf.to_str().unwrap()].as_array().unwrap();
            assert_eq!(judged.len(), signatures + timestamps, "pyHanko on {name}: {judged:#?}");
            assert!(judged.iter().all(|signature| signature["ok"] == true), "pyHanko on {name}: {judged:#?}");
        }
        if let Some(judged) = &dss {
            let expected = ["TOTAL_PASSED", &format!("PAdES-BASELINE-{level}")];
            assert_eq!(of(judged, pdf), vec![expected; *signatures], "EU DSS on {name}");
        }
        independent::assert_verifies(root, pdf, signatures + timestamps);
    }
    assert_conforming(&pdfs);
}

/// [`assert_all_signed`] of one file.
pub fn assert_signed(root: &Path, pdf: &Path, signatures: usize, timestamps: usize, level: &str) {
    assert_all_signed(root, &[Signed { pdf: pdf.to_owned(), signatures, timestamps, level: level.to_owned() }]);
}

/// What the CloudFormation linter says about a SAM template and about what SAM makes of it, and parliament about the
/// policies in it; empty when they have nothing to say.
pub fn deployment_faults(template: &Path) -> Option<String> {
    let python = tool("python", std::env::var_os("SIGILL_PYTHON").map(PathBuf::from))?;
    let linter = tool("cfn-lint", Some(python.with_file_name("cfn-lint")))?;
    let made = template.with_extension("json");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/judge_template.py");
    let read = run(Command::new(&python).arg(script).arg(template).arg(&made));
    let lint = |file: &Path| String::from_utf8_lossy(&run(Command::new(&linter).arg(file)).stdout).into_owned();
    let Ok(policies) = serde_json::from_slice::<Value>(&read.stdout) else {
        return Some(String::from_utf8_lossy(&read.stderr).into_owned());
    };
    assert!(policies["policies"].as_u64() > Some(5), "{policies}");
    let findings = policies["findings"].as_array()?.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n");
    Some([lint(template), lint(&made), findings].concat())
}

/// The emulator of AWS.
pub fn ministack() -> Option<PathBuf> {
    let beside = std::env::var_os("SIGILL_PYTHON").map(PathBuf::from).unwrap_or_default().with_file_name("ministack");
    tool("ministack", Some(beside))
}
