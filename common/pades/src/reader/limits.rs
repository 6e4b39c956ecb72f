//! How much work a document may be. Nothing here is a time: the same document is always judged alike.

use std::cell::Cell;

use crate::refusal::{Limit, Refusal};

/// The most that is done for one opened document. What needs more is refused with the limit's own reason code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Sections of the cross-reference chain.
    pub revisions: usize,
    /// Objects looked up, each time they are.
    pub objects: u64,
    /// Levels of the page tree and of the form.
    pub depth: usize,
    /// Bytes that one compressed stream inflates to.
    pub inflated: u64,
    /// Bytes parsed and inflated in all.
    pub work: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { revisions: 1_024, objects: 2_000_000, depth: 64, inflated: 16 << 20, work: 512 << 20 }
    }
}

/// What has been done for one opened document.
#[derive(Default)]
pub struct Spent {
    objects: Cell<u64>,
    work: Cell<u64>,
}

impl Spent {
    /// Counts one more object, which took `work` bytes of parsing.
    pub fn object(&self, limits: &Limits, work: usize) -> Result<(), Refusal> {
        self.objects.set(self.objects.get() + 1);
        if self.objects.get() > limits.objects {
            return Err(Refusal::LimitExceeded { limit: Limit::Objects });
        }
        self.work(limits, work)
    }

    /// Counts bytes parsed or inflated.
    pub fn work(&self, limits: &Limits, bytes: usize) -> Result<(), Refusal> {
        self.work.set(self.work.get().saturating_add(bytes as u64));
        if self.work.get() > limits.work { Err(Refusal::LimitExceeded { limit: Limit::Work }) } else { Ok(()) }
    }
}
