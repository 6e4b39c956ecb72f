//! ECDSA values in the form of JSON Web Signature.

use der::asn1::UintRef;
use der::{Decode, Sequence};

/// `r || s`, 32 bytes each (RFC 7518, 3.4), of an `Ecdsa-Sig-Value` on P-256 (DER); `None` when it is none.
pub fn fixed_width(der: &[u8]) -> Option<[u8; 64]> {
    #[derive(Sequence)]
    struct EcdsaSigValue<'a> {
        r: UintRef<'a>,
        s: UintRef<'a>,
    }
    let value = EcdsaSigValue::from_der(der).ok()?;
    let mut fixed = [0; 64];
    for (half, integer) in fixed.chunks_exact_mut(32).zip([value.r.as_bytes(), value.s.as_bytes()]) {
        half.get_mut(32usize.checked_sub(integer.len())?..)?.copy_from_slice(integer);
    }
    Some(fixed)
}
