//! What every process has of its own: the clock, randomness, files, and keys and a journal in its memory.

mod environment;
mod file;
mod journal;
mod keys;
mod one_time;
mod pair;

pub use environment::{SystemClock, SystemRandom};
pub use file::{FileSource, copy_hashed};
pub use journal::MemoryJournal;
pub use keys::{SoftwareKey, generate};
pub use one_time::SoftwareOneTimeKeys;
