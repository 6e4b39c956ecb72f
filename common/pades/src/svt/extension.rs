//! Where a token is in a document: an extension of the TSTInfo of a document timestamp (RFC 9321, B.1.1).

use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use const_oid::ObjectIdentifier;
use der::asn1::OctetString;
use der::{Any, Decode, Encode, Tag, TagNumber, Tagged};
use x509_cert::ext::Extensions;

/// The extension; never critical. Its value is the JWT in UTF-8.
pub const SVT_EXTENSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.752.201.5.2");

/// The JWT in an RFC 3161 token (DER), when it holds one.
pub fn of_token(token: &[u8]) -> Option<Vec<u8>> {
    let data: SignedData = ContentInfo::from_der(token).ok()?.content.decode_as().ok()?;
    let info = data.encap_content_info.econtent?.decode_as::<OctetString>().ok()?;
    // TSTInfo ::= SEQUENCE { …, extensions [1] IMPLICIT Extensions OPTIONAL }
    let parts = Vec::<Any>::from_der(info.as_bytes()).ok()?;
    let is_extensions = |tag: Tag| matches!(tag, Tag::ContextSpecific { number: TagNumber::N1, constructed: true });
    let extensions = parts.iter().find(|part| is_extensions(part.tag()))?;
    let extensions = Any::new(Tag::Sequence, extensions.value()).and_then(|sequence| sequence.to_der()).ok()?;
    let extensions = Extensions::from_der(&extensions).ok()?;
    let mut found = extensions.into_iter().filter(|extension| extension.extn_id == SVT_EXTENSION);
    match (found.next(), found.next()) {
        (Some(extension), None) => Some(extension.extn_value.into_bytes()),
        _ => None,
    }
}
