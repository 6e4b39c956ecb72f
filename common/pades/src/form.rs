//! The interactive form: what fields there are, and adding a signature field (ISO 32000-2, 12.7).

use std::collections::HashSet;

use crate::reader::lexer::{Object, parse};
use crate::reader::{File, dictionary};
use crate::refusal::Refusal;
use crate::writer::{Change, Revision};

/// Deepest field tree.
const DEEPEST: usize = 32;
/// Most fields.
const MOST: usize = 100_000;

/// A field of the form.
#[derive(Clone, Debug)]
pub struct Field {
    /// Fully qualified name.
    pub name: String,
    /// Whether it is a signature field.
    pub signature: bool,
    /// Object number of its value, when that is an indirect dictionary.
    pub value: Option<u32>,
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
    for kid in kids {
        let source = file.object(kid)?;
        // A kid without a name of its own is just a widget of this field.
        if dictionary(&source, kid)?.source("T").is_some() {
            fields.push(kid);
        }
    }
    if fields.is_empty() {
        let value = field.get("V").and_then(|value| value.reference());
        found.push(Field { name, signature, value });
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

/// Adds `field` to the form and sets /SigFlags; whatever was indirect stays so. Gives the changes that the catalog
/// itself needs.
pub fn add_field(
    revision: &mut Revision<'_, '_>,
    file: &File<'_>,
    field: u32,
    first_signature: bool,
) -> Result<Vec<Change<'static>>, Refusal> {
    let (root, catalog) = file.catalog()?;
    let catalog = dictionary(&catalog, root)?;
    let reference = format!("{field} 0 R");
    let Some(form_source) = catalog.source("AcroForm") else {
        let form = revision.allocate();
        revision.put(form, format!("<</Fields[{reference}]/SigFlags 3>>").into_bytes())?;
        return Ok(vec![("AcroForm", Some(format!("{form} 0 R").into_bytes()))]);
    };
    let form = file.resolve(form_source)?;
    let form = dictionary(&form, root)?;
    let flags = form.integer("SigFlags").unwrap_or(0) | 3;
    let mut changes = vec![("SigFlags", Some(flags.to_string().into_bytes()))];
    changes.extend(add_to_array(revision, file, &form, "Fields", &reference)?.map(|array| ("Fields", Some(array))));
    // A viewer that makes appearances anew would change the document after the signature.
    if first_signature && form.source("NeedAppearances").is_some() {
        changes.push(("NeedAppearances", None));
    }
    match parse(form_source).and_then(|form| form.reference()) {
        Some(number) => revision.patch(number, &changes).map(|()| Vec::new()),
        None => Ok(vec![("AcroForm", Some(crate::writer::patched(&form, &changes)))]),
    }
}

/// Adds `reference` to an array entry. An indirect array is replaced as an object; else the new value is given.
pub fn add_to_array(
    revision: &mut Revision<'_, '_>,
    file: &File<'_>,
    dictionary: &crate::reader::lexer::Dictionary<'_>,
    name: &str,
    reference: &str,
) -> Result<Option<Vec<u8>>, Refusal> {
    let Some(source) = dictionary.source(name) else {
        return Ok(Some(format!("[{reference}]").into_bytes()));
    };
    let indirect = parse(source).and_then(|array| array.reference());
    let array = file.resolve(source)?;
    let Some(Object::Array(elements)) = parse(&array) else {
        return Err(Refusal::Malformed { object: indirect.unwrap_or(0), what: "not an array" });
    };
    let mut body = b"[".to_vec();
    for element in elements {
        body.extend_from_slice(element);
        body.push(b' ');
    }
    body.extend_from_slice(reference.as_bytes());
    body.push(b']');
    match indirect {
        Some(number) => revision.put(number, body).map(|()| None),
        None => Ok(Some(body)),
    }
}
