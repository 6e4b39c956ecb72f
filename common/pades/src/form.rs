//! The interactive form: what fields there are, and adding a signature field (ISO 32000-2, 12.7).

use std::collections::HashSet;

use crate::reader::syntax::{Object, parse};
use crate::reader::{File, dictionary};
use crate::refusal::Refusal;
use crate::writer::{Change, Revision, array};

/// Deepest field tree.
const DEEPEST: usize = 32;
/// Most fields.
const MOST: usize = 100_000;

/// A field of the form.
#[derive(Clone, Debug)]
pub struct Field {
    /// Fully qualified name.
    pub name: String,
    /// Its object number.
    pub number: u32,
    /// Whether it is a signature field.
    pub signature: bool,
    /// Object number of its value, when that is an indirect object.
    pub value: Option<u32>,
    /// Object numbers of its widgets: itself, or its kids.
    pub widgets: Vec<u32>,
}

impl Field {
    /// Whether somebody has signed it.
    pub fn signed(&self) -> bool {
        self.signature && self.value.is_some()
    }
}

/// Every terminal field.
pub fn fields(file: &File<'_>) -> Result<Vec<Field>, Refusal> {
    let (root, catalog) = file.catalog()?;
    let mut found = Vec::new();
    let Some(form) = dictionary(&catalog, root)?.source("AcroForm") else {
        return Ok(found);
    };
    let form = file.resolve(form)?;
    let form = dictionary(&form, root)?;
    if form.source("XFA").is_some() {
        return Err(Refusal::DynamicForm);
    }
    if let Some(array) = form.source("Fields") {
        let array = file.resolve(array)?;
        let mut seen = HashSet::new();
        for field in elements(&array, root)? {
            walk(file, field, &Inherited::default(), 0, &mut seen, &mut found)?;
        }
    }
    Ok(found)
}

#[derive(Clone, Default)]
struct Inherited {
    name: String,
    signature: bool,
}

fn walk(
    file: &File<'_>,
    number: u32,
    inherited: &Inherited,
    depth: usize,
    seen: &mut HashSet<u32>,
    found: &mut Vec<Field>,
) -> Result<(), Refusal> {
    if depth > DEEPEST || found.len() >= MOST {
        return Err(Refusal::TooComplex { what: "form fields" });
    }
    if !seen.insert(number) {
        return Err(Refusal::Malformed { object: number, what: "the form names it twice" });
    }
    let source = file.object(number)?;
    let field = dictionary(&source, number)?;
    let own = match field.source("T").map(|name| file.resolve(name)).transpose()? {
        Some(name) => match parse(&name) {
            Some(Object::String(bytes)) => Some(text_string(&bytes)),
            _ => {
                return Err(Refusal::Malformed { object: number, what: "its name is not a string" });
            }
        },
        None => None,
    };
    let name = match (inherited.name.as_str(), &own) {
        (parent, None) => parent.to_owned(),
        ("", Some(own)) => own.clone(),
        (parent, Some(own)) => format!("{parent}.{own}"),
    };
    let signature = if field.source("FT").is_some() { field.is_name("FT", "Sig") } else { inherited.signature };
    let kids = match field.source("Kids") {
        Some(kids) => elements(&file.resolve(kids)?, number)?,
        None => Vec::new(),
    };
    let mut fields = Vec::new();
    let mut widgets = Vec::new();
    for kid in kids {
        let source = file.object(kid)?;
        // A kid without a name of its own is just a widget of this field.
        let named = dictionary(&source, kid)?.source("T").is_some();
        if named { fields.push(kid) } else { widgets.push(kid) }
    }
    if fields.is_empty() {
        let value = match field.get("V") {
            Some(Object::Reference(number)) => Some(number),
            Some(_) if signature => return Err(Refusal::Malformed { object: number, what: "its signature is not an object of its own" }),
            _ => None,
        };
        if field.is_name("Subtype", "Widget") {
            widgets.push(number);
        }
        found.push(Field { name, number, signature, value, widgets });
        return Ok(());
    }
    let inherited = Inherited { name, signature };
    fields.into_iter().try_for_each(|kid| walk(file, kid, &inherited, depth + 1, seen, found))
}

fn elements(source: &[u8], object: u32) -> Result<Vec<u32>, Refusal> {
    let Some(Object::Array(elements)) = parse(source) else {
        return Err(Refusal::Malformed { object, what: "not an array" });
    };
    let references = elements.into_iter().map(|element| parse(element).and_then(|element| element.reference()));
    references.collect::<Option<_>>().ok_or(Refusal::Malformed { object, what: "an element is not a reference" })
}

/// A text string's characters: UTF-16BE or UTF-8 with its mark, else Latin-1, which is close enough to compare names.
pub fn text_string(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// `hint` and a number that no field of the document has, neither as its whole nor as its last name.
pub fn unique_name(fields: &[Field], hint: &str) -> String {
    let taken: HashSet<&str> =
        fields.iter().flat_map(|field| [field.name.as_str(), field.name.rsplit('.').next().unwrap_or_default()]).collect();
    let hint = hint.replace('.', "_");
    (1u32..).map(|number| format!("{hint}{number}")).find(|name| !taken.contains(name.as_str())).unwrap_or(hint)
}

/// Adds `fields` to the form and sets /SigFlags; whatever was indirect stays so. Gives the changes that the catalog
/// itself needs.
pub fn add_fields(
    revision: &mut Revision<'_, '_>,
    file: &File<'_>,
    fields: &[u32],
    order: SignatureOrder,
) -> Result<Vec<Change<'static>>, Refusal> {
    let (root, catalog) = file.catalog()?;
    let catalog = dictionary(&catalog, root)?;
    let Some(form_source) = catalog.source("AcroForm") else {
        let form = revision.allocate();
        let fields = array::references(fields);
        revision.put(form, [b"<</SigFlags 3/Fields[", fields.as_slice(), b"]>>"].concat())?;
        return Ok(vec![("AcroForm", Some(format!("{form} 0 R").into_bytes()))]);
    };
    let form = file.resolve(form_source)?;
    let form = dictionary(&form, root)?;
    let mut changes = Vec::new();
    let flags = form.integer("SigFlags").unwrap_or(0);
    if flags & 3 != 3 {
        changes.push(("SigFlags", Some((flags | 3).to_string().into_bytes())));
    }
    if !fields.is_empty() {
        changes.extend(array::append(revision, file, &form, "Fields", fields)?.map(|array| ("Fields", Some(array))));
    }
    // A viewer that makes appearances anew would change the document after the signature.
    if order == SignatureOrder::First && form.source("NeedAppearances").is_some() {
        changes.push(("NeedAppearances", None));
    }
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    match parse(form_source).and_then(|form| form.reference()) {
        Some(number) => revision.patch(number, &changes).map(|()| Vec::new()),
        None => Ok(vec![("AcroForm", Some(crate::writer::patched(&form, &changes)))]),
    }
}

/// Whether the document has been signed before: some things may be set up with the first signature only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureOrder {
    /// No signature yet.
    First,
    /// There are some.
    Later,
}
