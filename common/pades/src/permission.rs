//! What earlier signatures permit (ISO 32000-2, 12.8.2): DocMDP, FieldMDP, usage rights, and what an empty field asks of
//! its signer (12.7.5.5).

use crate::form::{self, Field};
use crate::reader::syntax::{Dictionary, Object, parse};
use crate::reader::{File, dictionary};
use crate::refusal::Refusal;

/// The permissions that all signatures so far leave.
pub struct Permissions {
    certified: bool,
    locks: Vec<Lock>,
}

/// Which fields a signature locks: by name, with everything below it.
enum Lock {
    All,
    Include(Vec<String>),
    Exclude(Vec<String>),
}

impl Lock {
    fn covers(&self, field: &str) -> bool {
        let named = |names: &[String]| {
            names.iter().any(|name| field.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
        };
        match self {
            Self::All => true,
            Self::Include(names) => named(names),
            Self::Exclude(names) => !named(names),
        }
    }
}

impl Permissions {
    /// Reads them. Refuses a document that allows no further signature at all.
    pub fn read(file: &File<'_>, fields: &[Field]) -> Result<Self, Refusal> {
        let (root, catalog) = file.catalog()?;
        let mut certified = false;
        if let Some(permissions) = dictionary(&catalog, root)?.source("Perms") {
            let permissions = file.resolve(permissions)?;
            let permissions = dictionary(&permissions, root)?;
            // A change would void the rights.
            if permissions.source("UR3").is_some() || permissions.source("UR").is_some() {
                return Err(Refusal::SignatureForbidden);
            }
            if let Some(signature) = permissions.source("DocMDP") {
                certified = true;
                references(file, &file.resolve(signature)?, root)?;
            }
        }
        let mut locks = Vec::new();
        for value in fields.iter().filter(|field| field.signed()).filter_map(|field| field.value) {
            locks.extend(references(file, &file.object(value)?, value)?);
        }
        Ok(Self { certified, locks })
    }

    /// Whether an author has certified the document.
    pub fn certified(&self) -> bool {
        self.certified
    }

    /// Whether the empty field `name` may be signed.
    pub fn check_existing(&self, name: &str) -> Result<(), Refusal> {
        if self.locks.iter().any(|lock| lock.covers(name)) { Err(Refusal::SignatureForbidden) } else { Ok(()) }
    }

    /// Whether a new field `name` that shows on a page may be added: after a certification, readers take it for a change.
    pub fn check_new_visible(&self, name: &str) -> Result<(), Refusal> {
        if self.certified { Err(Refusal::NewFieldForbidden) } else { self.check_existing(name) }
    }
}

/// What the signature's /Reference array locks; P=1 of a DocMDP transform is a refusal.
fn references(file: &File<'_>, signature: &[u8], object: u32) -> Result<Vec<Lock>, Refusal> {
    let malformed = |what| Refusal::Malformed { object, what };
    let Some(references) = dictionary(signature, object)?.source("Reference") else {
        return Ok(Vec::new());
    };
    let references = file.resolve(references)?;
    let Some(Object::Array(references)) = parse(&references) else {
        return Err(malformed("Reference is not an array"));
    };
    let mut locks = Vec::new();
    for reference in references {
        let reference = file.resolve(reference)?;
        let reference = dictionary(&reference, object)?;
        let Some(parameters) = reference.source("TransformParams") else {
            continue;
        };
        let parameters = file.resolve(parameters)?;
        let parameters = dictionary(&parameters, object)?;
        if reference.is_name("TransformMethod", "DocMDP") && parameters.integer("P") == Some(1) {
            return Err(Refusal::SignatureForbidden);
        }
        if reference.is_name("TransformMethod", "FieldMDP") {
            locks.push(lock(file, &parameters).ok_or_else(|| malformed("a FieldMDP transform"))??);
        }
    }
    Ok(locks)
}

fn lock(file: &File<'_>, parameters: &Dictionary<'_>) -> Option<Result<Lock, Refusal>> {
    let names = || -> Result<Vec<String>, Refusal> {
        let names = parameters.source("Fields").map(|names| file.resolve(names)).transpose()?.unwrap_or_default();
        let Some(Object::Array(names)) = parse(&names) else { return Ok(Vec::new()) };
        let mut found = Vec::with_capacity(names.len());
        for name in names {
            if let Some(Object::String(name)) = parse(&file.resolve(name)?) {
                found.push(form::text_string(&name));
            }
        }
        Ok(found)
    };
    match parameters.get("Action")? {
        Object::Name(action) => match action.as_ref() {
            b"All" => Some(Ok(Lock::All)),
            b"Include" => Some(names().map(Lock::Include)),
            b"Exclude" => Some(names().map(Lock::Exclude)),
            _ => None,
        },
        _ => None,
    }
}

/// The /Reference entry that the lock of an empty field asks its signature to have: a FieldMDP transform that says the
/// same. What a seed value dictionary demands, or a lock that changes the document's permissions, is not for us to judge.
pub fn reference_of(file: &File<'_>, field: &Field) -> Result<Option<Vec<u8>>, Refusal> {
    let source = file.object(field.number)?;
    let source = dictionary(&source, field.number)?;
    if let Some(seed) = source.source("SV") {
        let seed = file.resolve(seed)?;
        if dictionary(&seed, field.number)?.integer("Ff").unwrap_or(0) != 0 {
            return Err(Refusal::FieldConstrained);
        }
    }
    let Some(lock_source) = source.source("Lock") else {
        return Ok(None);
    };
    let lock_source = file.resolve(lock_source)?;
    let parameters = dictionary(&lock_source, field.number)?;
    if parameters.source("P").is_some() {
        return Err(Refusal::FieldConstrained);
    }
    lock(file, &parameters).ok_or(Refusal::Malformed { object: field.number, what: "its lock" })??;
    let mut reference = b"[<</Type/SigRef/TransformMethod/FieldMDP/TransformParams<</Type/TransformParams/V/1.2".to_vec();
    for name in ["Action", "Fields"] {
        if let Some(value) = parameters.source(name) {
            reference.extend_from_slice(format!("/{name} ").as_bytes());
            reference.extend_from_slice(value);
        }
    }
    reference.extend_from_slice(b">>>>]");
    Ok(Some(reference))
}
