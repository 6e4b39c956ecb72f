//! What every process has of its own: the clock, randomness, and keys in its memory.

mod environment;
mod keys;

pub use environment::{SystemClock, SystemRandom};
pub use keys::{SoftwareKey, SoftwareOneTimeKeys, generate};
