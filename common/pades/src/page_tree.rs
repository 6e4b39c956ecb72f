//! New pages behind the last one (ISO 32000-2, 7.7.3).

use crate::reader::pages;
use crate::reader::{File, dictionary};
use crate::refusal::Refusal;
use crate::writer::{Revision, array};

/// Hangs the page objects `added`, whose parent is the root of the tree, behind the last page.
pub fn append(revision: &mut Revision<'_, '_>, file: &File<'_>, added: &[u32]) -> Result<(), Refusal> {
    let tree = pages::root(file)?;
    let source = file.object(tree)?;
    let source = dictionary(&source, tree)?;
    let count = pages::pages(file)?.len() + added.len();
    let mut changes = vec![("Count", Some(count.to_string().into_bytes()))];
    changes.extend(array::append(revision, file, &source, "Kids", added)?.map(|kids| ("Kids", Some(kids))));
    revision.patch(tree, &changes)
}
