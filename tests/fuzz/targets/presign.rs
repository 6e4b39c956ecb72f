//! A script beside any object is found, wherever the object can be read at all.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pades::presign::{Item, check};
use sigill_fuzz::with_objects;

fuzz_target!(|data: &[u8]| {
    let _ = check(data);
    let planted = [b"[", data, b" <</S/J#61vaScript/JS(x)>>]"].concat();
    let page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>/Planted 4 0 R>>";
    let pdf = with_objects(&[b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, &planted]);
    if let Ok(findings) = check(&pdf) {
        // A comment or a string that does not end may hold the script, and an object that ends leaves it outside.
        let ends = data.windows(6).any(|window| window == b"endobj");
        let hidden = ends || data.iter().any(|byte| matches!(byte, b'%' | b'(' | b'<'));
        assert!(hidden || findings.iter().any(|finding| finding.code == Item::Javascript));
    }
});
