//! One signature on a document of 20 KB in memory, warm, with a software key: draft, hash, sign, complete, and our own
//! check of the result.
#![allow(missing_docs, clippy::unwrap_used)]

mod signer;

use pades::{Hashed, Rect, Visibility};
use signer::{Signer, document};

fn main() {
    divan::main();
}

#[divan::bench]
fn invisible(bencher: divan::Bencher<'_, '_>) {
    let signer = Signer::new();
    let pdf = document();
    bencher.bench_local(|| signer.sign(&pdf, Visibility::Invisible));
}

#[divan::bench]
fn visible(bencher: divan::Bencher<'_, '_>) {
    let signer = Signer::new();
    let pdf = document();
    let place = Visibility::At { page: 1, rect: Rect { x: 42.0, y: 42.0, width: 235.0, height: 62.0 } };
    bencher.bench_local(|| signer.sign(&pdf, place));
}

/// What no signer can do without: the hash and the signature over it.
#[divan::bench]
fn floor(bencher: divan::Bencher<'_, '_>) {
    let signer = Signer::new();
    let pdf = document();
    bencher.bench_local(|| signer.key.sign(&signer.random, &Hashed::of(&pdf).digest().0).unwrap());
}
