//! Any bytes as an evidence package: what is read is checked, and a changed event is always found.
#![no_main]
use libfuzzer_sys::fuzz_target;
use sigill_core::evidence_package::{EvidencePackage, check};

fuzz_target!(|data: &[u8]| {
    if let Ok(mut package) = serde_json::from_slice::<EvidencePackage>(data) {
        let _ = check(&package, &[data]);
        if let Some(text) = package.events.first_mut() {
            text.push(' ');
            assert_ne!(check(&package, &[]), []);
        }
    }
});
