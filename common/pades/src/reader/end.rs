//! The end of a file (7.5.5), where reading begins.

use super::syntax::{Lexer, is_space};
use crate::refusal::Refusal;

/// The end-of-file marker is looked for in this many last bytes.
pub const TAIL: usize = 1_024;

/// What the last `startxref` says; nothing but white space may follow the end-of-file marker. `tail` begins at `from`.
pub fn start_of_xref(tail: &[u8], from: usize) -> Result<usize, Refusal> {
    let find = |needle: &[u8]| tail.windows(needle.len()).rposition(|window| window == needle);
    let end = find(b"%%EOF").ok_or(Refusal::TrailingData)?;
    if !tail.iter().skip(end + 5).all(|byte| is_space(*byte)) {
        return Err(Refusal::TrailingData);
    }
    let damaged = Refusal::XrefDamaged { offset: from, what: "no startxref" };
    let at = find(b"startxref").filter(|at| *at < end).ok_or(damaged.clone())?;
    let mut lexer = Lexer::new(tail, at + 9);
    let start = lexer.unsigned().and_then(|start| usize::try_from(start).ok()).filter(|start| *start < from + tail.len());
    let between = tail.get(lexer.at..end).is_some_and(|between| between.iter().all(|byte| is_space(*byte)));
    start.filter(|_| between).ok_or(damaged)
}
