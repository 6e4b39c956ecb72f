//! Certificates in PEM files beside the configuration.

use std::path::Path;

use base64::{Engine, prelude::BASE64_STANDARD};
use der::Decode;
use x509_cert::Certificate;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The certificates (DER) in `file`, at least one; or what is wrong with it.
pub fn read(file: &Path) -> Result<Vec<Vec<u8>>, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("unreadable: {error}"))?;
    let mut certificates = Vec::new();
    for rest in text.split(BEGIN).skip(1) {
        let (body, _) = rest.split_once(END).ok_or("not whole")?;
        let der = BASE64_STANDARD.decode(body.split_whitespace().collect::<String>()).map_err(|_| "not PEM")?;
        Certificate::from_der(&der).map_err(|error| format!("no certificate: {error}"))?;
        certificates.push(der);
    }
    if certificates.is_empty() { Err("without a certificate in PEM".to_owned()) } else { Ok(certificates) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_no_certificate_is_refused_with_the_reason() {
        let folder = std::env::temp_dir().join(format!("sigill-certificates-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("roots.pem");
        assert!(read(&file).unwrap_err().starts_with("unreadable"));
        for (content, reason) in [
            (String::new(), "without a certificate in PEM"),
            (BEGIN.to_owned(), "not whole"),
            (format!("{BEGIN}\nåå\n{END}"), "not PEM"),
            (format!("{BEGIN}\nAAAA\n{END}"), "no certificate"),
        ] {
            std::fs::write(&file, content).unwrap();
            assert!(read(&file).unwrap_err().starts_with(reason));
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
