//! Attacks on signed documents, made from documents of our own: each one is named after what it holds, and says what
//! the validator finds. The classes are those of the literature: universal signature forgery, incremental saving and
//! signature wrapping (Mladenov et al. 2019), shadow attacks (Mainka et al. 2021), attacks on certified documents (Rohlmann
//! et al. 2021).

mod base;
mod certified;
mod changes;
mod fields;
mod forgery;
mod saving;
mod shadow;
pub mod update;
mod wrapping;

pub use base::{base, certify};
use pades::validate::Code;
pub use shadow::traps;

use crate::notary::Notary;

/// A document that must not pass.
pub struct Attack {
    /// What it holds.
    pub name: &'static str,
    /// What is to be found.
    pub code: Code,
    /// The file.
    pub pdf: Vec<u8>,
}

impl Attack {
    fn new(name: &'static str, code: Code, pdf: Vec<u8>) -> Self {
        Self { name, code, pdf }
    }
}

/// All of them.
pub fn all(notary: &Notary) -> Vec<Attack> {
    let signed = notary.sign(&base());
    let mut attacks = forgery::attacks(&signed);
    attacks.extend(saving::attacks(&signed));
    attacks.extend(wrapping::attacks(&signed));
    attacks.extend(shadow::attacks(notary));
    attacks.extend(certified::attacks(notary));
    attacks.extend(fields::attacks(notary, &signed));
    attacks.extend(changes::attacks(&signed));
    attacks
}
