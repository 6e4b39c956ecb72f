//! Any objects behind a right table, separated by a zero byte.
#![no_main]
use libfuzzer_sys::fuzz_target;
use sigill_fuzz::{parameters, with_objects};

fuzz_target!(|data: &[u8]| {
    let pdf = with_objects(&data.split(|byte| *byte == 0).collect::<Vec<_>>());
    let _ = pades::inspect(&pdf);
    let _ = pades::prepare(&pdf, &parameters(pades::Visibility::Automatic));
});
