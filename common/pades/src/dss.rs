//! The document security store (ISO 32000-2, 12.8.4.3): everything needed to validate, in the document.

use std::collections::HashMap;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use ring::digest;
use std::io::Write;

use crate::inspect::signatures;
use crate::reader::syntax::{Dictionary, Object, parse};
use crate::reader::{Document, File, dictionary};
use crate::refusal::Refusal;
use crate::writer::{Change, Revision, patched};

/// Certificates and revocation data, DER.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidationMaterial {
    /// Certificates.
    pub certificates: Vec<Vec<u8>>,
    /// OCSP responses.
    pub ocsp: Vec<Vec<u8>>,
    /// Certificate lists.
    pub crls: Vec<Vec<u8>>,
}

/// A revision that adds `material` to the store, and names it for each signature (VRI). Nothing that is in the store
/// is removed or stored twice. Gives the bytes to append.
pub fn add_validation_material<'a>(pdf: impl Into<Document<'a>>, material: &ValidationMaterial) -> Result<Vec<u8>, Refusal> {
    let file = File::open(pdf)?;
    let mut revision = Revision::new(&file);
    let changes: Vec<_> = store(&mut revision, &file, material)?.into_iter().collect();
    if !changes.is_empty() {
        revision.patch(file.catalog()?.0, &changes)?;
    }
    let update = revision.finish();
    Ok([update.before, update.after].concat())
}

/// Adds `material` to the store within `revision`. Gives the change that the catalog itself needs.
pub(crate) fn store(
    revision: &mut Revision<'_, '_>,
    file: &File<'_>,
    material: &ValidationMaterial,
) -> Result<Option<Change<'static>>, Refusal> {
    let (root, catalog_source) = file.catalog()?;
    let catalog = dictionary(&catalog_source, root)?;
    let known_source = catalog.source("DSS").map(|dss| file.resolve(dss)).transpose()?;
    let known = known_source.as_deref().map(|dss| dictionary(dss, root)).transpose()?.unwrap_or_default();
    let mut changes = Vec::new();
    let mut references = Vec::new();
    for (name, values) in [("Certs", &material.certificates), ("OCSPs", &material.ocsp), ("CRLs", &material.crls)] {
        let (all, ours) = add_values(revision, file, &known, name, values)?;
        if !all.is_empty() {
            changes.push((name, Some(array(&all))));
        }
        references.push(ours);
    }
    changes.push(("VRI", Some(vri(revision, file, &known, &references)?)));
    if known.source("Type").is_none() {
        changes.push(("Type", Some(b"/DSS".to_vec())));
    }
    match catalog.get("DSS").and_then(|dss| dss.reference()) {
        Some(number) => revision.patch(number, &changes).map(|()| None),
        None => {
            let number = revision.allocate();
            revision.put(number, patched(&known, &changes))?;
            Ok(Some(("DSS", Some(format!("{number} 0 R").into_bytes()))))
        }
    }
}

/// Object numbers of everything in one array of the store, and of what this material names.
fn add_values(
    revision: &mut Revision<'_, '_>,
    file: &File<'_>,
    known: &Dictionary<'_>,
    name: &str,
    values: &[Vec<u8>],
) -> Result<(Vec<u32>, Vec<u32>), Refusal> {
    let mut all = references(file, known, name)?;
    let mut stored = HashMap::new();
    for number in &all {
        stored.insert(file.stream(*number)?, *number);
    }
    let mut ours = Vec::new();
    for value in values {
        let number = match stored.get(value) {
            Some(number) => *number,
            None => {
                let number = put(revision, value)?;
                stored.insert(value.clone(), number);
                all.push(number);
                number
            }
        };
        ours.push(number);
    }
    ours.sort_unstable();
    ours.dedup();
    Ok((all, ours))
}

fn put(revision: &mut Revision<'_, '_>, value: &[u8]) -> Result<u32, Refusal> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail.
    let _ = encoder.write_all(value);
    revision.put_stream("/Filter/FlateDecode", &encoder.finish().unwrap_or_default())
}

fn references(file: &File<'_>, dss: &Dictionary<'_>, name: &str) -> Result<Vec<u32>, Refusal> {
    let Some(source) = dss.source(name) else {
        return Ok(Vec::new());
    };
    let source = file.resolve(source)?;
    match parse(&source) {
        Some(Object::Array(elements)) => Ok(elements.into_iter().filter_map(|element| parse(element)?.reference()).collect()),
        _ => Err(Refusal::Malformed { object: 0, what: "the DSS holds something else than arrays" }),
    }
}

/// The VRI dictionary: signatures that have an entry keep it, new ones get `references`.
fn vri(revision: &mut Revision<'_, '_>, file: &File<'_>, known: &Dictionary<'_>, references: &[Vec<u32>]) -> Result<Vec<u8>, Refusal> {
    let source = known.source("VRI").map(|vri| file.resolve(vri)).transpose()?;
    let known = source.as_deref().map(|vri| dictionary(vri, 0)).transpose()?.unwrap_or_default();
    let mut entries = Vec::new();
    for signature in signatures(file)? {
        let key = vri_key(file, &signature.byte_range)?;
        if known.source(&key).is_some() {
            continue;
        }
        let number = revision.allocate();
        let arrays = ["Cert", "OCSP", "CRL"].iter().zip(references).filter(|(_, numbers)| !numbers.is_empty());
        let arrays: Vec<u8> = arrays.flat_map(|(name, numbers)| [format!("/{name}").into_bytes(), array(numbers)].concat()).collect();
        revision.put(number, [b"<<".as_slice(), &arrays, b">>"].concat())?;
        entries.push((key, format!("{number} 0 R").into_bytes()));
    }
    let changes: Vec<_> = entries.iter().map(|(key, value)| (key.as_str(), Some(value.clone()))).collect();
    Ok(patched(&known, &changes))
}

/// Upper-case hexadecimal SHA-1 of the /Contents string with its padding, as the standard wants its name.
fn vri_key(file: &File<'_>, byte_range: &[u64; 4]) -> Result<String, Refusal> {
    let [_, from, to, _] = byte_range.map(|value| usize::try_from(value).unwrap_or(usize::MAX));
    let hex = file.document.range(from, to)?.unwrap_or_default();
    let contents = match parse(&hex) {
        Some(Object::String(contents)) => contents,
        _ => Vec::new(),
    };
    let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &contents);
    Ok(hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect())
}

fn array(numbers: &[u32]) -> Vec<u8> {
    let list: Vec<String> = numbers.iter().map(|number| format!("{number} 0 R")).collect();
    format!("[{}]", list.join(" ")).into_bytes()
}
