//! RFC 3161 tokens: over a signature value, or over a document.

use super::certificate::CertificateFacts;
use super::facts::{Code, Fault, TimestampFacts};
use super::report::Time;
use crate::cms::timestamp::verified_token;
use crate::digest::Digest;

/// Verifies a token over `imprint`. Gives the facts and all its certificates, DER.
pub fn read(token: &[u8], imprint: &Digest) -> Result<(TimestampFacts, Vec<Vec<u8>>), Fault> {
    let fault = |detail: String| Fault::new(Code::Timestamp, detail);
    let (info, verified) = verified_token(token, imprint).map_err(|error| fault(error.to_string()))?;
    let authority = CertificateFacts::of(&verified.signer).map_err(|error| fault(error.to_string()))?;
    let facts = TimestampFacts {
        time: Time(info.gen_time),
        authority: authority.name.unwrap_or_default(),
        token: token.to_vec(),
        certificate: verified.signer,
    };
    Ok((facts, verified.certificates))
}
