//! The document security store (ISO 32000-2, 12.8.4.3): what it holds, and that it only grows.

use super::changes::{ChangeKind, Comparison};
use super::svt::Token;
use crate::reader::syntax::{Object, parse};
use crate::reader::{File, dictionary};
use crate::refusal::Refusal;

/// Certificates and revocation data, DER.
#[derive(Clone, Debug, Default)]
pub struct Material {
    /// Of all signatures and timestamps, and of the store.
    pub certificates: Vec<Vec<u8>>,
    /// How many of the certificates come from the store; they stand first.
    pub stored: usize,
    pub crls: Vec<Vec<u8>>,
    pub ocsp: Vec<Vec<u8>>,
    /// The revisions that added to the store.
    pub revisions: Vec<usize>,
    /// Signature Validation Tokens in document timestamps.
    pub svts: Vec<Token>,
}

impl Material {
    /// Whether there is nothing in the store.
    pub fn is_empty(&self) -> bool {
        self.stored == 0 && self.crls.is_empty() && self.ocsp.is_empty()
    }
}

/// The store's contents.
pub fn read(file: &File<'_>) -> Result<Material, Refusal> {
    let (root, catalog) = file.catalog()?;
    let Some(store) = dictionary(&catalog, root)?.source("DSS") else { return Ok(Material::default()) };
    let store = file.resolve(store)?;
    let store = dictionary(&store, root)?;
    let values = |name: &str| -> Result<Vec<Vec<u8>>, Refusal> {
        let Some(array) = store.source(name) else { return Ok(Vec::new()) };
        let array = file.resolve(array)?;
        let Some(Object::Array(elements)) = parse(&array) else {
            return Err(Refusal::Malformed { object: root, what: "the DSS holds something else than arrays" });
        };
        let numbers = elements.into_iter().filter_map(|element| parse(element)?.reference());
        numbers.map(|number| file.stream(number)).collect()
    };
    let certificates = values("Certs")?;
    Ok(Material { stored: certificates.len(), certificates, crls: values("CRLs")?, ocsp: values("OCSPs")?, ..Material::default() })
}

/// Compares the stores; `catalog` refers to them. Arrays and the entries of signatures may grow, nothing else.
pub fn compare(comparison: &mut Comparison<'_, '_>, catalog: u32, old: Option<&[u8]>, new: Option<&[u8]>) -> Result<(), Refusal> {
    let Some(new) = new else {
        if old.is_some() {
            comparison.note(ChangeKind::ValidationDataRemoved, catalog);
        }
        return Ok(());
    };
    let growth = level(comparison, catalog, old, Some(new), 0)?;
    match growth {
        Growth::None => {}
        Growth::More => comparison.note(ChangeKind::ValidationData, catalog),
        Growth::Other => comparison.note(ChangeKind::ValidationDataRemoved, catalog),
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Growth {
    None,
    More,
    Other,
}

/// The store itself (0), its VRI dictionary (1), and an entry of that (2).
fn level(comparison: &mut Comparison<'_, '_>, holder: u32, old: Option<&[u8]>, new: Option<&[u8]>, depth: u8) -> Result<Growth, Refusal> {
    let (number, replacement) = (reference(old), reference(new));
    if let Some(number) = number.filter(|number| comparison.overwritten.contains(number)) {
        comparison.explain_for(number, holder);
    }
    // Another object in its place is as good when it holds all that there was.
    let holder = number.unwrap_or(holder);
    let before = comparison.old.file.resolve(old.unwrap_or(b"<<>>"))?;
    let after = comparison.new.file.resolve(new.unwrap_or(b"<<>>"))?;
    let (before, after) = (dictionary(&before, holder)?, dictionary(&after, holder)?);
    let mut growth = if number == replacement { Growth::None } else { Growth::More };
    for (name, value) in before.entries() {
        let name = String::from_utf8_lossy(name).into_owned();
        if after.source(&name).is_none() && parse(value) != Some(Object::Null) {
            growth = Growth::Other;
        }
    }
    for (name, value) in after.entries() {
        let name = String::from_utf8_lossy(name).into_owned();
        let was = before.source(&name);
        let here = match (depth, name.as_str()) {
            (_, "Type") if was.is_none() || comparison.same(was, Some(value)) => Growth::None,
            (0, "Certs" | "OCSPs" | "CRLs") | (2, "Cert" | "OCSP" | "CRL") => array(comparison, holder, was, value)?,
            (0, "VRI") => level(comparison, holder, was, Some(value), 1)?,
            (1, key) if key.len() == 40 && key.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) => {
                level(comparison, holder, was, Some(value), 2)?
            }
            (2, "TU" | "TS") if was.is_none() => Growth::More,
            _ if comparison.same(was, Some(value)) => Growth::None,
            _ => Growth::Other,
        };
        growth = growth.max(here);
    }
    Ok(growth)
}

fn reference(source: Option<&[u8]>) -> Option<u32> {
    source.and_then(parse).and_then(|value| value.reference())
}

/// All that there was is still there; the order means nothing.
fn array(comparison: &mut Comparison<'_, '_>, holder: u32, old: Option<&[u8]>, new: &[u8]) -> Result<Growth, Refusal> {
    if let Some(number) = reference(old).filter(|number| comparison.overwritten.contains(number)) {
        comparison.explain_for(number, holder);
    }
    let before = comparison.old.file.resolve(old.unwrap_or(b"[]"))?;
    let after = comparison.new.file.resolve(new)?;
    let (Some(Object::Array(before)), Some(Object::Array(after))) = (parse(&before), parse(&after)) else { return Ok(Growth::Other) };
    let numbers = |elements: &[&[u8]]| -> Option<Vec<u32>> { elements.iter().map(|element| parse(element)?.reference()).collect() };
    let (Some(before), Some(after)) = (numbers(&before), numbers(&after)) else { return Ok(Growth::Other) };
    Ok(match (before.iter().all(|number| after.contains(number)), after.len() == before.len()) {
        (false, _) => Growth::Other,
        (true, true) => Growth::None,
        (true, false) => Growth::More,
    })
}
