//! Reads the facts of a document.

use std::cell::RefCell;
use std::collections::HashSet;

use super::changes::{Change, compare};
use super::coverage::{Covered, Hashes, covered};
use super::facts::{Code, DocumentFacts, Facts, Fault, RevisionFacts, SignatureFacts, SignatureKind};
use super::policy::{MOST_SIGNATURES, Policy, Protection};
use super::references::References;
use super::revisions::{Revision, check_body, revisions};
use super::stage::Stage;
use super::store::{self, Material};
use super::{ChangeKind, cms_facts, document, timestamps};
use crate::digest::Digest;
use crate::form::Field;
use crate::inspect;
use crate::permission::Permissions;
use crate::presign;
use crate::reader::pages::pages;
use crate::reader::syntax::{Object, parse};
use crate::reader::{Entry, File, dictionary};
use crate::refusal::Refusal;

/// The facts of `pdf`. The policy tells which changes a revision may make.
pub fn collect(pdf: &[u8], policy: &Policy) -> Facts {
    let hashes = RefCell::new(Hashes::of(pdf));
    let version = pdf.strip_prefix(b"%PDF-").and_then(|rest| rest.get(..3)).map(|version| String::from_utf8_lossy(version).into_owned());
    let mut facts = Facts {
        document: DocumentFacts {
            sha256: Digest([0; 32]),
            bytes: pdf.len() as u64,
            pdf_version: version,
            pages: None,
            changing: Vec::new(),
        },
        revisions: Vec::new(),
        signatures: Vec::new(),
        faults: Vec::new(),
        material: Material::default(),
    };
    if let Err(fault) = read(pdf, policy, &hashes, &mut facts) {
        facts.faults.push(fault);
    }
    facts.document.sha256 = hashes.into_inner().whole();
    facts
}

fn read(pdf: &[u8], policy: &Policy, hashes: &RefCell<Hashes<'_>>, facts: &mut Facts) -> Result<(), Fault> {
    let file = File::open(document(pdf)).map_err(structure)?;
    let revisions = revisions(pdf, &file)?;
    if let Some(last) = revisions.last().filter(|last| last.end < pdf.len()) {
        facts.faults.push(Fault::new(Code::BytesOutsideRevisions, format!("from byte {}", last.end)));
    }
    facts.revisions = revisions
        .iter()
        .enumerate()
        .map(|(index, revision)| RevisionFacts { number: index + 1, end: revision.end as u64, changes: Vec::new() })
        .collect();
    let stages = stages(pdf, &revisions)?;
    if let Some(last) = stages.last() {
        let fault = if stages.len() > 1 { update } else { structure };
        facts.document.pages = Some(pages(&last.file).map_err(fault)?.len());
        facts.material = store::read(&last.file).map_err(fault)?;
        facts.document.changing = presign::changing(&last.file).map_err(fault)?;
    }
    if let Some(first) = stages.first()
        && !store::read(&first.file).map_err(structure)?.is_empty()
    {
        facts.material.revisions.push(first.number);
    }
    for (index, stage) in stages.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| stages.get(before));
        let new = stage.fields.iter().filter(|field| field.signed() && !before.is_some_and(|before| holds(before, field)));
        for field in new {
            if facts.signatures.len() >= MOST_SIGNATURES {
                return Err(Fault::new(Code::Limit, "more signatures than are looked at"));
            }
            let signature = signature(stage, field, hashes, &mut facts.material);
            facts.signatures.push(signature);
        }
    }
    collisions(&mut facts.signatures);
    later(policy, &stages, facts)
}

/// What a refusal of the reader means.
fn structure(refusal: Refusal) -> Fault {
    let code = match refusal {
        Refusal::Encrypted => Code::Encrypted,
        Refusal::LimitExceeded { .. } | Refusal::TooComplex { .. } => Code::Limit,
        _ => Code::Structure,
    };
    Fault::new(code, format!("{}: {refusal}", refusal.code()))
}

/// What it means of a revision behind a signature.
fn update(refusal: Refusal) -> Fault {
    let fault = structure(refusal);
    Fault { code: if fault.code == Code::Structure { Code::UpdateStructure } else { fault.code }, ..fault }
}

/// All revisions from the first one with a signature on, or just the newest one.
fn stages<'a>(pdf: &'a [u8], revisions: &[Revision]) -> Result<Vec<Stage<'a>>, Fault> {
    let mut stages = Vec::new();
    for (index, revision) in revisions.iter().enumerate() {
        let stage = Stage::open(pdf, *revision, index + 1, revisions.len());
        let last = index + 1 == revisions.len();
        match stage {
            Ok(stage) if last || !stages.is_empty() || stage.fields.iter().any(Field::signed) => stages.push(stage),
            Ok(_) => {}
            Err(refusal) if stages.is_empty() => return Err(structure(refusal).in_revision(index + 1)),
            Err(refusal) => return Err(update(refusal).in_revision(index + 1)),
        }
    }
    Ok(stages)
}

/// Whether the stage has this signature in this field.
fn holds(stage: &Stage<'_>, field: &Field) -> bool {
    stage.fields.iter().any(|known| known.signed() && known.name == field.name && known.value == field.value)
}

fn signature(stage: &Stage<'_>, field: &Field, hashes: &RefCell<Hashes<'_>>, material: &mut Material) -> SignatureFacts {
    let mut facts = SignatureFacts {
        field: field.name.clone(),
        kind: SignatureKind::Signature,
        sub_filter: None,
        revision: stage.number,
        byte_range: None,
        claimed_time: None,
        certification: None,
        cms: None,
        timestamp: None,
        faults: Vec::new(),
    };
    let number = field.value.unwrap_or_default();
    if let Err(fault) = verify(stage, number, hashes, material, &mut facts) {
        facts.faults.push(fault.in_revision(stage.number));
    }
    facts
}

fn verify(
    stage: &Stage<'_>,
    number: u32,
    hashes: &RefCell<Hashes<'_>>,
    material: &mut Material,
    facts: &mut SignatureFacts,
) -> Result<(), Fault> {
    let dictionary_fault = |refusal: Refusal| Fault::new(Code::SignatureDictionary, refusal.to_string()).of_object(number);
    let found = inspect::facts(&stage.file, facts.field.clone(), number).map_err(dictionary_fault)?;
    facts.sub_filter = Some(found.sub_filter.clone());
    facts.byte_range = Some(found.byte_range);
    facts.claimed_time = found.signing_time.clone();
    facts.certification = certification(&stage.file, number).map_err(dictionary_fault)?;
    let covered = covered(stage, number, found.byte_range, &found.contents)?;
    match found.sub_filter.as_str() {
        "ETSI.RFC3161" => {
            facts.kind = SignatureKind::DocumentTimestamp;
            let imprint = hashes.borrow_mut().digest(&ring::digest::SHA256, &covered);
            let imprint = Digest(imprint.try_into().map_err(|_| Fault::new(Code::Timestamp, "the imprint"))?);
            let (timestamp, certificates) = timestamps::read(&found.contents, &imprint)?;
            facts.timestamp = Some(timestamp);
            material.certificates.extend(certificates);
            Ok(())
        }
        "ETSI.CAdES.detached" | "adbe.pkcs7.detached" => signed(&covered, &found.contents, hashes, material, facts),
        other => Err(Fault::new(Code::SubFilter, other.to_owned()).of_object(number)),
    }
}

fn signed(
    covered: &Covered,
    contents: &[u8],
    hashes: &RefCell<Hashes<'_>>,
    material: &mut Material,
    facts: &mut SignatureFacts,
) -> Result<(), Fault> {
    let detached = |algorithm| Some(hashes.borrow_mut().digest(algorithm, covered));
    let (verified, cms, faults) = cms_facts::read(contents, &detached)?;
    material.certificates.extend(verified.certificates);
    facts.cms = Some(cms);
    facts.faults.extend(faults);
    if let Some(token) = verified.timestamp {
        let (timestamp, certificates) = timestamps::read(&token, &Digest::of(&verified.signature))?;
        facts.timestamp = Some(timestamp);
        material.certificates.extend(certificates);
    }
    Ok(())
}

/// P of a DocMDP transform (12.8.2.2).
fn certification(file: &File<'_>, number: u32) -> Result<Option<u8>, Refusal> {
    let source = file.object(number)?;
    let Some(references) = dictionary(&source, number)?.source("Reference") else { return Ok(None) };
    let references = file.resolve(references)?;
    let Some(Object::Array(references)) = parse(&references) else { return Ok(None) };
    for reference in references {
        let reference = file.resolve(reference)?;
        let reference = dictionary(&reference, number)?;
        if !reference.is_name("TransformMethod", "DocMDP") {
            continue;
        }
        let Some(parameters) = reference.source("TransformParams") else { return Ok(Some(2)) };
        let parameters = file.resolve(parameters)?;
        let permission = dictionary(&parameters, number)?.integer("P").unwrap_or(2);
        return Ok(Some(u8::try_from(permission).unwrap_or(1)));
    }
    Ok(None)
}

/// No two signatures come with one revision: neither would cover the other.
fn collisions(signatures: &mut [SignatureFacts]) {
    let revisions: Vec<usize> = signatures.iter().map(|signature| signature.revision).collect();
    for signature in signatures {
        if revisions.iter().filter(|revision| **revision == signature.revision).count() > 1 {
            let fault = Fault::new(Code::RangeCollision, "another signature came with the same revision");
            signature.faults.push(fault.in_revision(signature.revision));
        }
    }
}

/// Looks at every revision behind a signature.
fn later(policy: &Policy, stages: &[Stage<'_>], facts: &mut Facts) -> Result<(), Fault> {
    let Some((first, updates)) = stages.split_first().filter(|_| !facts.signatures.is_empty()) else { return Ok(()) };
    let mut targets = HashSet::new();
    for stage in updates {
        let listing = stage.listing().map_err(update)?;
        check(stage, &listing, facts)?;
        targets.extend(listing.into_iter().map(|(number, _)| number));
    }
    let mut references = if updates.is_empty() { return Ok(()) } else { References::of(first, targets).map_err(structure)? };
    let mut old = first;
    for stage in updates {
        let found = compare(old, stage, &references).map_err(|refusal| update(refusal).in_revision(stage.number))?;
        let protection = protection(old, facts)?;
        let kinds: Vec<ChangeKind> = found.found.iter().map(|(kind, _)| *kind).collect();
        let signs = kinds.iter().any(|kind| matches!(kind, ChangeKind::Signature | ChangeKind::DocumentTimestamp));
        let serves = signs || kinds.contains(&ChangeKind::ValidationData);
        let changes = found.found.into_iter().map(|(kind, object)| {
            let alone = match kind {
                ChangeKind::Metadata => !kinds.contains(&ChangeKind::Signature),
                ChangeKind::MetadataOfWriting | ChangeKind::Information => !serves,
                _ => false,
            };
            Change { kind, object, permitted: policy.permits(kind, protection) && !alone && !is_locked(old, stage, kind, object) }
        });
        let changes: Vec<Change> = changes.collect();
        if kinds.contains(&ChangeKind::ValidationData) {
            facts.material.revisions.push(stage.number);
        }
        removed(stage, facts);
        for change in changes.iter().filter(|change| !change.permitted) {
            let fault = Fault::new(Code::ChangedAfterSigning, change.kind.description()).in_revision(stage.number).of_object(change.object);
            let fault = Fault { change: Some(change.kind), ..fault };
            facts.signatures.iter_mut().filter(|signature| signature.revision < stage.number).for_each(|signature| {
                signature.faults.push(fault.clone());
            });
        }
        if let Some(revision) = facts.revisions.get_mut(stage.number - 1) {
            revision.changes = changes;
        }
        references.advance(stage, &found.touched).map_err(update)?;
        old = stage;
    }
    Ok(())
}

/// The bytes of an update are in order.
fn check(stage: &Stage<'_>, listing: &[(u32, Entry)], facts: &mut Facts) -> Result<(), Fault> {
    if let Err(fault) = check_body(stage.pdf, &stage.file, &stage.revision, listing) {
        facts.faults.push(fault.in_revision(stage.number));
    }
    Ok(())
}

/// What the signatures up to `stage` still permit.
fn protection(stage: &Stage<'_>, facts: &Facts) -> Result<Protection, Fault> {
    let permissions = match Permissions::read(&stage.file, &stage.fields) {
        Ok(permissions) => permissions,
        Err(Refusal::SignatureForbidden) => return Ok(Protection::NoChanges),
        Err(refusal) => return Err(structure(refusal).in_revision(stage.number)),
    };
    let here = || facts.signatures.iter().filter(|signature| signature.revision <= stage.number);
    Ok(match (permissions.certified(), here().all(|signature| signature.certification.is_some())) {
        (false, _) => Protection::Signed,
        (true, true) => Protection::FormFilling,
        (true, false) => Protection::CertifiedAndSigned,
    })
}

/// Whether an earlier signature has locked the field that a change is about.
fn is_locked(old: &Stage<'_>, new: &Stage<'_>, kind: ChangeKind, object: u32) -> bool {
    if !matches!(kind, ChangeKind::Signature | ChangeKind::FormFilling) {
        return false;
    }
    let Ok(permissions) = Permissions::read(&old.file, &old.fields) else { return true };
    let field = new.fields.iter().find(|field| field.number == object || field.widgets.contains(&object));
    field.is_none_or(|field| permissions.check_existing(&field.name).is_err())
}

/// Finds signatures of earlier revisions that this one does not have any more.
fn removed(stage: &Stage<'_>, facts: &mut Facts) {
    for signature in facts.signatures.iter_mut().filter(|signature| signature.revision < stage.number) {
        let field = stage.fields.iter().find(|field| field.name == signature.field);
        let code = match field.map(|field| (field, field.value)) {
            None | Some((_, None)) => Code::SignatureRemoved,
            Some((field, Some(value))) => {
                let range = inspect::facts(&stage.file, field.name.clone(), value).ok().map(|found| found.byte_range);
                if field.signature && range == signature.byte_range {
                    continue;
                }
                Code::SignatureReplaced
            }
        };
        if !signature.faults.iter().any(|fault| fault.code == code) {
            signature.faults.push(Fault::new(code, "by a later revision").in_revision(stage.number));
        }
    }
}
