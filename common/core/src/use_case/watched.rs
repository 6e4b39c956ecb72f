//! A document that is judged where it is stored: that the store did not answer must not be taken for the document's fault.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use pades::{Document, Source};

/// A source that remembers whether reading it ever failed.
pub(super) struct Watched<'a> {
    source: &'a dyn Source,
    failed: AtomicBool,
}

impl<'a> Watched<'a> {
    pub(super) fn new(source: &'a dyn Source) -> Self {
        Self { source, failed: AtomicBool::new(false) }
    }

    pub(super) fn document(&self) -> Document<'_> {
        Document::ranged(self)
    }

    pub(super) fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}

impl Source for Watched<'_> {
    fn length(&self) -> u64 {
        self.source.length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let read = self.source.read_at(offset, buffer);
        if read.is_err() {
            self.failed.store(true, Ordering::Relaxed);
        }
        read
    }

    fn in_memory(&self) -> Option<&[u8]> {
        self.source.in_memory()
    }
}
