//! The CMS in a signature, rule by rule, as openssl prints it. The rules are numbered in `common/pades/CONFORMANCE.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use sigill_tests::independent::printed;
use sigill_tests::pdf::one_page;
use sigill_tests::server::folder;
use sigill_tests::signing::sign;

/// The one CMS of a document signed at `level`.
fn cms(level: &str) -> Option<String> {
    let at = folder();
    std::fs::write(at.join("in.pdf"), one_page("", "")).unwrap();
    sign(&at, &["in.pdf", "out.pdf", "--level", level]);
    let mut all = printed(&at.join("out.pdf"))?;
    assert_eq!(all.len(), 1);
    all.pop()
}

/// Everything from the line `start` on.
fn from<'c>(cms: &'c str, start: &str) -> &'c str {
    &cms[cms.find(start).unwrap_or_else(|| panic!("no {start} in {cms}"))..]
}

/// Without spaces and line ends, to compare what openssl breaks into lines.
fn dense(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_content_is_elsewhere_and_there_is_one_signer() {
    let Some(cms) = cms("B-B") else { return };
    assert!(cms.contains("contentType: pkcs7-signedData"));
    assert!(dense(&cms).contains("encapContentInfo: eContentType: pkcs7-data (1.2.840.113549.1.7.1) eContent: <ABSENT>"), "{cms}");
    let signers = from(&cms, "signerInfos:");
    assert_eq!(signers.matches("d.issuerAndSerialNumber:").count(), 1, "{signers}");
}

#[test]
fn versions_are_those_of_data_and_issuer_with_serial_number() {
    let Some(cms) = cms("B-B") else { return };
    assert!(dense(&cms).contains("d.signedData: version: 1 ") && dense(&cms).contains("signerInfos: version: 1 d.issuerAndSerialNumber"));
}

#[test]
fn the_signed_attributes_are_those_of_pades_without_a_signing_time() {
    let Some(cms) = cms("B-T") else { return };
    let signers = from(&cms, "signerInfos:");
    let attributes = from(signers, "signedAttrs:").split("signatureAlgorithm:").next().unwrap();
    let objects: Vec<&str> = attributes.lines().filter_map(|line| line.trim().strip_prefix("object: ")).collect();
    let expected = ["contentType", "undefined (1.2.840.113549.1.9.52)", "messageDigest", "id-smime-aa-signingCertificateV2"];
    assert_eq!(objects.len(), expected.len(), "{objects:?}");
    // In the order of their DER, as a SET OF has it.
    for (object, expected) in objects.iter().zip(expected) {
        assert!(object.starts_with(expected), "{objects:?}");
    }
    assert!(dense(attributes).contains("OBJECT:pkcs7-data"), "{attributes}");
}

#[test]
fn the_signing_certificate_is_named_without_its_default_algorithm() {
    let Some(cms) = cms("B-B") else { return };
    let attribute = from(&cms, "id-smime-aa-signingCertificateV2").split("signatureAlgorithm:").next().unwrap();
    // SigningCertificateV2, certs, ESSCertIDv2, and at once the hash.
    assert_eq!(attribute.matches("cons:").count(), 3, "{attribute}");
    assert!(attribute.contains("d=3") && attribute.contains("prim:    OCTET STRING"), "{attribute}");
}

#[test]
fn algorithms_are_named_alike_and_without_needless_parameters() {
    let Some(cms) = cms("B-B") else { return };
    let all = dense(&cms);
    assert!(all.contains("digestAlgorithms: algorithm: sha256 (2.16.840.1.101.3.4.2.1) parameter: <ABSENT>"), "{cms}");
    assert!(all.contains("digestAlgorithm: algorithm: sha256 (2.16.840.1.101.3.4.2.1) parameter: <ABSENT>"), "{cms}");
    assert!(all.contains("signatureAlgorithm: algorithm: ecdsa-with-SHA256 (1.2.840.10045.4.3.2) parameter: <ABSENT>"), "{cms}");
}

#[test]
fn unsigned_attributes_are_absent_or_the_timestamp_alone() {
    let Some(without) = cms("B-B") else { return };
    assert!(dense(from(&without, "signerInfos:")).contains("unsignedAttrs: <ABSENT>"), "{without}");
    let with = cms("B-T").unwrap();
    let unsigned = from(from(&with, "signerInfos:"), "unsignedAttrs:");
    assert_eq!(unsigned.matches("object: ").count(), 1, "{unsigned}");
    assert!(unsigned.contains("object: id-smime-aa-timeStampToken"), "{unsigned}");
}

#[test]
fn the_signer_is_among_the_certificates_and_the_root_is_not() {
    let Some(cms) = cms("B-B") else { return };
    let certificates = from(&cms, "certificates:").split("signerInfos:").next().unwrap();
    let subjects: Vec<&str> = certificates.lines().filter(|line| line.trim().starts_with("subject:")).collect();
    assert!(subjects.len() == 1 && subjects[0].contains("serialNumber="), "{subjects:?}");
}
