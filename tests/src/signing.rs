//! `sigill sign`, once and again.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::judges::Signed;
use crate::server::binary;

/// Runs `sigill` in `folder`.
pub fn sigill(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(binary()).args(arguments).current_dir(folder).output().unwrap()
}

/// Runs `sigill sign`, which succeeds.
pub fn sign(folder: &Path, arguments: &[&str]) {
    let output = sigill(folder, &[&["sign"], arguments].concat());
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The root that the signatures of `folder` lead to.
pub fn root(folder: &Path) -> PathBuf {
    let root = folder.join("root.pem");
    std::fs::write(&root, sigill(folder, &["trust-anchors"]).stdout).unwrap();
    root
}

/// How the fields of three signers come to be.
#[derive(Clone, Copy, Debug)]
pub enum Fields {
    /// One by one, each with its signature.
    OneByOne,
    /// All with the first signature.
    Together,
}

/// Signs `input` three times; earlier bytes stay as they are. Gives the file after the first and after the third one.
pub fn three_signatures(folder: &Path, name: &str, input: &[u8], level: &str, fields: Fields, options: &[&str]) -> [Signed; 2] {
    let file = |signatures: usize| format!("{name}-{signatures}.pdf");
    std::fs::write(folder.join(file(0)), input).unwrap();
    let mut before = input.to_vec();
    for signatures in 1..=3 {
        let (from, to, field) = (file(signatures - 1), file(signatures), format!("Signature{signatures}"));
        let mut arguments = vec![from.as_str(), &to, "--level", level];
        match fields {
            Fields::Together if signatures > 1 => arguments.extend(["--field", &field]),
            Fields::Together => arguments.extend([&["--reserve", "2"], options].concat()),
            Fields::OneByOne => arguments.extend(options),
        }
        sign(folder, &arguments);
        let after = std::fs::read(folder.join(&to)).unwrap();
        assert!(after.starts_with(&before), "{to}: earlier bytes are untouched");
        before = after;
    }
    let timestamps = usize::from(level == "B-LTA");
    [1, 3].map(|signatures| Signed {
        pdf: folder.join(file(signatures)),
        signatures,
        timestamps: signatures * timestamps,
        level: level[2..].to_owned(),
    })
}
