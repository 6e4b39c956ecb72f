//! Reads the facts of a document.

mod later;
mod signature;

use std::cell::RefCell;

use later::later;
use signature::{collisions, signature};

use super::coverage::Hashes;
use super::document;
use super::facts::{Code, DocumentFacts, Facts, Fault, RevisionFacts};
use super::policy::{MOST_SIGNATURES, Policy};
use super::revisions::{Revision, revisions};
use super::stage::Stage;
use super::store::{self, Material};
use crate::digest::Digest;
use crate::form::Field;
use crate::presign;
use crate::reader::pages::pages;
use crate::reader::{Document, File};
use crate::refusal::Refusal;

/// The facts of `pdf`. The policy tells which changes a revision may make.
pub fn collect<'a>(pdf: impl Into<Document<'a>>, policy: &Policy) -> Facts {
    let pdf = document(pdf);
    let hashes = RefCell::new(Hashes::of(pdf));
    let header = pdf.window(0, 8).unwrap_or_default();
    let version = header.strip_prefix(b"%PDF-").and_then(|rest| rest.get(..3)).map(|version| String::from_utf8_lossy(version).into_owned());
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

fn read(pdf: Document<'_>, policy: &Policy, hashes: &RefCell<Hashes<'_>>, facts: &mut Facts) -> Result<(), Fault> {
    let file = File::open(pdf).map_err(structure)?;
    let revisions = revisions(&file)?;
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
fn stages<'a>(pdf: Document<'a>, revisions: &[Revision]) -> Result<Vec<Stage<'a>>, Fault> {
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
