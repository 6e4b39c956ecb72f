//! Reading somebody else's certificate list (RFC 5280, 5).

use der::{Decode, Encode};
use jiff::Timestamp;
use pades::validate::is_list_of;
use x509_cert::Certificate;
use x509_cert::crl::CertificateList;

/// Why bytes are no list for a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// Not a CertificateList, DER.
    #[error("not a certificate list")]
    NotAList,
    /// The list is another issuer's than the certificate's.
    #[error("the list of another issuer")]
    OtherIssuer,
    /// Its signature is not the issuer's.
    #[error("a list that its issuer did not sign")]
    Signature,
    /// Its time is over, or it does not say when that will be.
    #[error("an outdated list")]
    Outdated,
}

/// Until when `list` tells what its issuer revoked, if it covers `certificate` at `now`. Its signature is checked when the
/// `issuer` of the certificate is known (all DER); else it is the validators' to check.
pub fn next_update(list: &[u8], certificate: &[u8], issuer: Option<&[u8]>, now: Timestamp) -> Result<Timestamp, ListError> {
    let tbs = CertificateList::from_der(list).map_err(|_| ListError::NotAList)?.tbs_cert_list;
    let certificate = Certificate::from_der(certificate).map_err(|_| ListError::OtherIssuer)?.tbs_certificate;
    let same = matches!((tbs.issuer.to_der(), certificate.issuer.to_der()), (Ok(list), Ok(certificate)) if list == certificate);
    if !same {
        return Err(ListError::OtherIssuer);
    }
    if issuer.is_some_and(|issuer| !is_list_of(list, issuer)) {
        return Err(ListError::Signature);
    }
    let next = tbs.next_update.ok_or(ListError::Outdated)?.to_unix_duration();
    let next = Timestamp::try_from(std::time::UNIX_EPOCH + next).map_err(|_| ListError::Outdated)?;
    if now < next { Ok(next) } else { Err(ListError::Outdated) }
}
