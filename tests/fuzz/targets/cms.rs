//! Any bytes as CMS, as signed attributes, and as the /Contents of a document timestamp's placeholder.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = pades::signature_value(data);
    let pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n";
    if let Ok(attributes) = pades::SignedAttributes::from_der(data) {
        assert_eq!(attributes.to_be_signed(), data);
        let _ = pades::signed_data(&attributes, pdf, &[data.to_vec()], Some(data));
    }
});
