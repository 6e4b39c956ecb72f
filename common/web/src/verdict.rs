//! A validation report in plain words, for the validation page and the command line. A personal identity number is in
//! neither: the report has none.

use jiff::Timestamp;
use pades::presign::Item;
use pades::validate::{ChangeKind, Code, Fault, Indication, Report, SignatureFacts, SignatureKind, SignatureReport, SvtReport, SvtStatus};

use crate::text::Text;

/// What a person reads.
pub struct Verdict {
    /// The conclusion.
    pub indication: Indication,
    /// In a sentence.
    pub headline: &'static str,
    /// What is wrong with the file as a whole.
    pub remarks: Vec<String>,
    /// Each signature and timestamp.
    pub signatures: Vec<SignatureVerdict>,
}

/// A signature or timestamp.
pub struct SignatureVerdict {
    /// Whose it is.
    pub heading: String,
    /// Label and text.
    pub rows: Vec<(&'static str, String)>,
    /// What speaks against it.
    pub remarks: Vec<String>,
}

impl Verdict {
    /// Whether all is well.
    pub fn is_good(&self) -> bool {
        self.indication == Indication::TotalPassed
    }

    /// `report` in the language of `text`.
    pub fn new(report: &Report, text: Text) -> Self {
        let indication = report.conclusion.indication;
        let headline = match indication {
            Indication::TotalPassed => text.verdict_passed(),
            Indication::Indeterminate if report.signatures.is_empty() => text.verdict_unreadable(),
            Indication::Indeterminate => text.verdict_indeterminate(),
            Indication::TotalFailed => text.verdict_failed(),
            Indication::NoSignatureFound => text.verdict_no_signature(),
        };
        let signatures = report.facts.signatures.iter().zip(&report.signatures);
        let mut remarks = remarks(&report.facts.faults, text);
        // A font that is not embedded is common, and seldom matters.
        if report.facts.document.changing.iter().any(|finding| finding.code != Item::FontsNotEmbedded) {
            remarks.push(text.verdict_changing().to_owned());
        }
        Self {
            indication,
            headline,
            remarks,
            signatures: signatures.map(|(facts, judged)| signature(report, facts, judged, text)).collect(),
        }
    }
}

fn signature(report: &Report, facts: &SignatureFacts, judged: &SignatureReport, text: Text) -> SignatureVerdict {
    let name = judged.signer.clone().unwrap_or_else(|| text.verdict_unknown_name().to_owned());
    let heading = match facts.kind {
        SignatureKind::Signature => text.verdict_signature(name),
        SignatureKind::DocumentTimestamp => text.verdict_timestamp(name),
    };
    let mut rows = vec![(text.verdict_result(), result(judged, text).to_owned())];
    if let Some(cms) = &facts.cms {
        rows.extend(cms.signer.organisation.clone().map(|organisation| (text.verdict_organisation(), organisation)));
    }
    if let Some(context) = &judged.authn_context {
        rows.push((text.verdict_eid(), context.identity_provider.clone()));
        rows.push((text.verdict_loa(), level_of_assurance(&context.level_of_assurance)));
        if let Ok(at) = context.authentication_instant.parse::<Timestamp>() {
            rows.push((text.verdict_authenticated(), text.moment(at)));
        }
    }
    rows.push((text.verdict_time(), time(facts, judged, text)));
    if let Some(cms) = &facts.cms {
        let issuer = [&cms.signer.issuer, &cms.signer.issuer_organisation].into_iter().flatten().cloned().collect::<Vec<_>>();
        rows.push((text.verdict_issuer(), issuer.join(", ")));
    }
    rows.extend(judged.level.map(|level| (text.verdict_level(), format!("PAdES {level}"))));
    rows.push((text.verdict_covers(), covers(report, judged, text)));
    rows.extend(report.svts.iter().filter(|svt| svt.field == facts.field).map(|svt| (text.verdict_svt(), validation_token(svt, text))));
    if judged.preserved_by.is_some() && facts.kind == SignatureKind::Signature {
        rows.push((text.verdict_svt(), text.verdict_preserved().to_owned()));
    }
    SignatureVerdict { heading, rows, remarks: remarks(&judged.findings, text) }
}

fn result(judged: &SignatureReport, text: Text) -> &'static str {
    match judged.conclusion.indication {
        Indication::TotalPassed => text.verdict_holds(),
        Indication::Indeterminate => text.verdict_unsure(),
        Indication::TotalFailed | Indication::NoSignatureFound => text.verdict_holds_not(),
    }
}

/// What a Signature Validation Token says, and whether that counts.
fn validation_token(svt: &SvtReport, text: Text) -> String {
    let issuer = svt.signed_by.as_ref().or(svt.issuer.as_ref()).cloned().unwrap_or_else(|| text.verdict_unknown_name().to_owned());
    let time = svt.issued.and_then(|issued| Timestamp::from_second(issued.0).ok()).map_or_else(String::new, |at| text.moment(at));
    match svt.status {
        SvtStatus::Accepted if svt.covers.is_empty() => text.verdict_svt_of_others().to_owned(),
        SvtStatus::Accepted => text.verdict_svt_accepted(issuer, time),
        SvtStatus::IssuerNotTrusted => text.verdict_svt_untrusted(issuer, time),
        SvtStatus::Invalid(_) => text.verdict_svt_invalid().to_owned(),
    }
}

/// The Swedish levels by their number; others as they stand.
pub fn level_of_assurance(uri: &str) -> String {
    let known =
        uri.strip_prefix("http://id.elegnamnden.se/loa/1.0/loa").or(uri.strip_prefix("http://id.swedenconnect.se/loa/1.0/uncertified-loa"));
    known.map_or_else(|| uri.to_owned(), |level| format!("{level} ({uri})"))
}

fn time(facts: &SignatureFacts, judged: &SignatureReport, text: Text) -> String {
    if judged.time_is_proven {
        return text.verdict_time_proven(
            Timestamp::from_second(judged.best_signature_time.0).map_or_else(|_| String::new(), |at| text.moment(at)),
        );
    }
    match facts.claimed_time.as_deref().and_then(pdf_date) {
        Some(at) => text.verdict_time_claimed(text.moment(at)),
        None => text.verdict_time_unknown().to_owned(),
    }
}

/// `D:YYYYMMDDHHmmSS` with `Z` or an offset (ISO 32000-2, 7.9.4).
fn pdf_date(date: &str) -> Option<Timestamp> {
    let digits = date.strip_prefix("D:")?;
    let (local, zone) = digits.split_at_checked(14)?;
    let part = |from: usize, to: usize| local.get(from..to);
    let zone = match zone.replace('\'', "").as_str() {
        "" | "Z" | "Z0000" => "Z".to_owned(),
        offset if offset.len() == 5 => format!("{}:{}", offset.get(..3)?, offset.get(3..)?),
        _ => return None,
    };
    let date = format!("{}-{}-{}", part(0, 4)?, part(4, 6)?, part(6, 8)?);
    format!("{date}T{}:{}:{}{zone}", part(8, 10)?, part(10, 12)?, part(12, 14)?).parse().ok()
}

fn covers(report: &Report, judged: &SignatureReport, text: Text) -> String {
    if judged.covers_revision == judged.of_revisions {
        return text.verdict_covers_all().to_owned();
    }
    let later = report.facts.revisions.iter().filter(|revision| revision.number > judged.covers_revision);
    let mut additions: Vec<&str> = Vec::new();
    for change in later.flat_map(|revision| &revision.changes) {
        let addition = match change.kind {
            ChangeKind::Signature => text.verdict_added_signature(),
            ChangeKind::DocumentTimestamp => text.verdict_added_timestamp(),
            ChangeKind::ValidationData => text.verdict_added_material(),
            ChangeKind::FormFilling => text.verdict_added_form(),
            ChangeKind::SignatureField
            | ChangeKind::VisibleSignatureField
            | ChangeKind::Extensions
            | ChangeKind::Version
            | ChangeKind::Structure
            | ChangeKind::MetadataOfWriting
            | ChangeKind::Information => continue,
            _ => text.verdict_added_other(),
        };
        if !additions.contains(&addition) {
            additions.push(addition);
        }
    }
    if additions.is_empty() {
        additions.push(text.verdict_added_other());
    }
    text.verdict_covers_some(additions.join(", "), judged.covers_revision, judged.of_revisions)
}

/// Each remark once, however often it applies.
fn remarks(faults: &[Fault], text: Text) -> Vec<String> {
    let mut remarks: Vec<String> = Vec::new();
    for remark in faults.iter().map(|fault| remark(fault, text)) {
        if !remarks.contains(&remark) {
            remarks.push(remark);
        }
    }
    remarks
}

fn remark(fault: &Fault, text: Text) -> String {
    let sentence = match fault.code {
        Code::Structure => text.verdict_structure(),
        Code::Encrypted => text.verdict_encrypted(),
        Code::Limit => text.verdict_limit(),
        Code::BytesOutsideRevisions | Code::UnlistedObjects | Code::UpdateStructure => text.verdict_outside(),
        Code::SignatureRemoved | Code::SignatureReplaced => text.verdict_removed(),
        Code::SignatureWithoutField => text.verdict_without_field(),
        Code::Digest => text.verdict_digest(),
        Code::SignatureValue => text.verdict_value(),
        Code::SubFilter | Code::Algorithm => text.verdict_algorithm(),
        Code::SigningCertificate => text.verdict_certificate(),
        Code::Timestamp => text.verdict_bad_timestamp(),
        Code::ChangedAfterSigning => return text.verdict_changed(change(fault.change, text)),
        Code::NoChain => text.verdict_no_chain(),
        Code::ChainConstraints => text.verdict_chain(),
        Code::NotYetValid => text.verdict_not_yet(),
        Code::NoProofOfTime => text.verdict_no_time(),
        Code::NoRevocationData => text.verdict_no_revocation(),
        Code::Revoked | Code::RevokedNoProofOfTime => text.verdict_revoked(),
        _ => text.verdict_malformed(),
    };
    sentence.to_owned()
}

fn change(kind: Option<ChangeKind>, text: Text) -> &'static str {
    use ChangeKind::*;
    match kind {
        Some(FormFilling | FormField) => text.verdict_change_form(),
        Some(AnnotationAdded | AnnotationChanged) => text.verdict_change_annotation(),
        Some(Page | PageTree) => text.verdict_change_page(),
        Some(Layers) => text.verdict_change_layers(),
        Some(Actions | ActiveContent) => text.verdict_change_actions(),
        Some(Signature | SignatureField | VisibleSignatureField | OverlappingField | CoveringField | SignatureAltered) => {
            text.verdict_change_signature()
        }
        Some(Metadata | MetadataOfWriting | Information) => text.verdict_change_metadata(),
        _ => text.verdict_change_other(),
    }
}
