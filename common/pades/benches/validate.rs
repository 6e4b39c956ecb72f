//! Validating a document of 20 KB in memory, warm: signed once, and as it is before.
#![allow(missing_docs, clippy::unwrap_used)]

mod signer;

use pades::validate::{Trust, validate};
use pades::{Hashed, Visibility, presign};
use signer::{Signer, document};

fn main() {
    divan::main();
}

#[divan::bench]
fn signed(bencher: divan::Bencher<'_, '_>) {
    let signer = Signer::new();
    let pdf = document();
    let signed = [pdf.as_slice(), &signer.update(&pdf, &Hashed::of(&pdf), Visibility::Invisible)].concat();
    let trust = Trust { anchors: vec![signer.certificate], ..Trust::default() };
    bencher.bench_local(|| validate(&signed, &trust, 1_795_000_000));
}

#[divan::bench]
fn before_signing(bencher: divan::Bencher<'_, '_>) {
    let pdf = document();
    bencher.bench_local(|| presign::check(&pdf).unwrap());
}
