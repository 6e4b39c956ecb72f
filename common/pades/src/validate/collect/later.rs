//! The revisions behind a signature: what each changed, and whether it might.

use std::collections::HashSet;

use super::{structure, update};
use crate::inspect;
use crate::permission::Permissions;
use crate::reader::Entry;
use crate::refusal::Refusal;
use crate::validate::ChangeKind;
use crate::validate::changes::references::References;
use crate::validate::changes::{Change, compare};
use crate::validate::facts::{Code, Facts, Fault};
use crate::validate::policy::{Policy, Protection};
use crate::validate::revisions::check_body;
use crate::validate::stage::Stage;

/// Looks at every revision behind a signature.
pub fn later(policy: &Policy, stages: &[Stage<'_>], facts: &mut Facts) -> Result<(), Fault> {
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
    if let Err(fault) = check_body(&stage.file, &stage.revision, listing) {
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
