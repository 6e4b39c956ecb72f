//! Any bytes as a manifest: what is read is written again as it was.
#![no_main]
use libfuzzer_sys::fuzz_target;
use sigill_core::manifest::{Manifest, ManifestHash};

fuzz_target!(|data: &[u8]| {
    if let Ok(manifest) = Manifest::from_bytes(data) {
        assert_eq!(manifest.to_bytes(), data);
        assert_eq!(manifest.hash(), ManifestHash::of(data));
    }
});
