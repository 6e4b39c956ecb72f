//! What a revision changed, by what the changed objects are for. Whatever no rule explains is unexplained.

mod comparison;
mod document;
mod fields;
mod kind;
mod metadata;
mod objects;
mod pages;
pub mod references;
pub mod same;

use std::collections::BTreeSet;

pub use comparison::Comparison;
pub use kind::{Change, ChangeKind};
use references::References;

use super::stage::Stage;
use crate::refusal::Refusal;

/// The result of a comparison.
pub struct Changes {
    /// What and where.
    pub found: BTreeSet<(ChangeKind, u32)>,
    /// All objects that are other ones than before or were not in use before.
    pub touched: Vec<u32>,
}

/// Compares two stages that follow each other.
pub fn compare(old: &Stage<'_>, new: &Stage<'_>, references: &References) -> Result<Changes, Refusal> {
    let mut comparison = Comparison::start(old, new, references)?;
    comparison.trailer();
    comparison.catalog()?;
    comparison.pages()?;
    comparison.added_objects()?;
    let unexplained: Vec<u32> = comparison.overwritten.difference(&comparison.explained).copied().collect();
    for number in unexplained {
        let kind = comparison.describe(number);
        comparison.note(kind, number);
    }
    Ok(Changes { found: comparison.found, touched: comparison.overwritten.union(&comparison.added).copied().collect() })
}
