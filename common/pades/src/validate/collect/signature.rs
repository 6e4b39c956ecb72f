//! One signature: its dictionary, its digest, its CMS.

use std::cell::RefCell;

use crate::digest::Digest;
use crate::form::Field;
use crate::inspect;
use crate::reader::syntax::{Object, parse};
use crate::reader::{File, dictionary};
use crate::refusal::Refusal;
use crate::validate::coverage::{Covered, Hashes, covered};
use crate::validate::facts::{Code, Fault, SignatureFacts, SignatureKind};
use crate::validate::stage::Stage;
use crate::validate::store::Material;
use crate::validate::{cms_facts, timestamps};

pub fn signature(stage: &Stage<'_>, field: &Field, hashes: &RefCell<Hashes<'_>>, material: &mut Material) -> SignatureFacts {
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
pub fn collisions(signatures: &mut [SignatureFacts]) {
    let revisions: Vec<usize> = signatures.iter().map(|signature| signature.revision).collect();
    for signature in signatures {
        if revisions.iter().filter(|revision| **revision == signature.revision).count() > 1 {
            let fault = Fault::new(Code::RangeCollision, "another signature came with the same revision");
            signature.faults.push(fault.in_revision(signature.revision));
        }
    }
}
