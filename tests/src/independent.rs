//! The signatures as somebody finds them who has nothing of ours: read by lopdf, verified by openssl.

use std::path::Path;
use std::process::Command;

use lopdf::{Dictionary, Document, Object};

use crate::judges::{run, tool};
use crate::server::folder;

/// AuthnContext, RFC 7773, as openssl prints an extension that it has no name for.
const AUTHN_CONTEXT: &str = "1.2.752.201.5.1";

/// lopdf reaches `expected` signatures from the form; openssl verifies each over the bytes of its ByteRange up to
/// `root`, and reads the certificate of each signer.
pub fn assert_verifies(root: &Path, pdf: &Path, expected: usize) {
    let bytes = std::fs::read(pdf).unwrap();
    let document = Document::load_mem(&bytes).unwrap();
    let signatures = signatures(&document);
    assert_eq!(signatures.len(), expected, "lopdf on {}", pdf.display());
    let Some(openssl) = tool("openssl", None) else { return };
    let at = folder();
    for signature in signatures {
        let range: Vec<usize> = numbers(&document, signature);
        let signed = [&bytes[range[0]..range[0] + range[1]], &bytes[range[2]..range[2] + range[3]]].concat();
        let cms = contents(signature);
        std::fs::write(at.join("signed"), signed).unwrap();
        std::fs::write(at.join("cms"), cms).unwrap();
        let verify = if signature.get(b"SubFilter").unwrap().as_name().unwrap() == b"ETSI.RFC3161" {
            ["ts", "-verify", "-data", "signed", "-in", "cms", "-token_in", "-CAfile"].as_slice()
        } else {
            // -cades: the signing certificate attribute, too.
            &["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "cms", "-content", "signed"]
        };
        let mut verification = Command::new(&openssl);
        verification.args(verify).current_dir(&at);
        if verify[0] == "cms" {
            verification.args(["-purpose", "any", "-out", "verified", "-signer", "signer", "-CAfile"]);
        }
        let output = run(verification.arg(root));
        assert!(output.status.success(), "openssl on {}: {}", pdf.display(), String::from_utf8_lossy(&output.stderr));
        if verify[0] == "cms" {
            assert_eq!(std::fs::read(at.join("verified")).unwrap(), std::fs::read(at.join("signed")).unwrap());
            assert_names_a_person(&openssl, &at.join("signer"));
        }
    }
}

/// The CMS of each signature of `pdf` and whatever it is signed with, as openssl prints it.
pub fn printed(pdf: &Path) -> Option<Vec<String>> {
    let openssl = tool("openssl", None)?;
    let document = Document::load(pdf).unwrap();
    let printed = signatures(&document).into_iter().map(|signature| {
        let file = folder().join("cms");
        std::fs::write(&file, contents(signature)).unwrap();
        let output = run(Command::new(&openssl).args(["cms", "-cmsout", "-print", "-inform", "DER", "-in"]).arg(file));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    });
    Some(printed.collect())
}

/// /Contents up to where its DER value ends; the rest is zero.
fn contents(signature: &Dictionary) -> &[u8] {
    let padded = signature.get(b"Contents").unwrap().as_str().unwrap();
    let (cms, rest) = padded.split_at(der_length(padded));
    assert!(rest.iter().all(|byte| *byte == 0), "something behind the CMS");
    cms
}

fn assert_names_a_person(openssl: &Path, certificate: &Path) {
    let output = run(Command::new(openssl).args(["x509", "-noout", "-text", "-nameopt", "utf8,sep_comma_plus", "-in"]).arg(certificate));
    let text = String::from_utf8_lossy(&output.stdout);
    let subject = text.lines().find(|line| line.trim_start().starts_with("Subject:")).unwrap();
    for part in ["serialNumber=", "GN=", "SN=", "CN=", "C=SE"] {
        assert!(subject.contains(part), "no {part} in {subject}");
    }
    assert!(text.contains(AUTHN_CONTEXT) && text.contains("Non Repudiation"), "{text}");
    let valid = run(Command::new(openssl).args(["x509", "-noout", "-checkend", "0", "-in"]).arg(certificate));
    assert!(valid.status.success(), "the certificate has expired");
}

/// The values of all signature fields, by way of the form.
fn signatures(document: &Document) -> Vec<&Dictionary> {
    let resolve = |object| document.dereference(object).unwrap().1;
    let Ok(form) = document.catalog().unwrap().get(b"AcroForm") else { return Vec::new() };
    let mut open: Vec<&Object> = resolve(resolve(form).as_dict().unwrap().get(b"Fields").unwrap()).as_array().unwrap().iter().collect();
    let mut found = Vec::new();
    while let Some(field) = open.pop() {
        let field = resolve(field).as_dict().unwrap();
        if let Ok(kids) = field.get(b"Kids") {
            open.extend(resolve(kids).as_array().unwrap());
        }
        let value = field.get(b"V").ok().map(resolve).and_then(|value| value.as_dict().ok());
        found.extend(value.filter(|value| value.has(b"ByteRange")));
    }
    found
}

fn numbers(document: &Document, signature: &Dictionary) -> Vec<usize> {
    let range = document.dereference(signature.get(b"ByteRange").unwrap()).unwrap().1.as_array().unwrap();
    range.iter().map(|number| usize::try_from(number.as_i64().unwrap()).unwrap()).collect()
}

/// Length of the DER value that `padded` begins with.
fn der_length(padded: &[u8]) -> usize {
    match padded[1] {
        short @ 0..0x80 => 2 + usize::from(short),
        long => {
            let count = usize::from(long & 0x7f);
            2 + count + padded[2..2 + count].iter().fold(0, |length, byte| length << 8 | usize::from(*byte))
        }
    }
}
