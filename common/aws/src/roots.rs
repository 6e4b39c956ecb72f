//! The roots that AWS's own endpoints chain to, out of the public ones that are compiled in. Reading all of them, or
//! those of the operating system, would take longer than the rest of a start.

use aws_smithy_http_client::tls::TrustStore;
use sigill_core::certificate::pem;
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

/// commonName of each root of Amazon Trust Services.
const NAMES: [&str; 5] =
    ["Amazon Root CA 1", "Amazon Root CA 2", "Amazon Root CA 3", "Amazon Root CA 4", "Starfield Services Root Certificate Authority - G2"];

/// A store of these roots alone.
pub(crate) fn amazon() -> TrustStore {
    TLS_SERVER_ROOT_CERTS
        .iter()
        .filter(|root| NAMES.iter().any(|name| root.windows(name.len()).any(|window| window == name.as_bytes())))
        .fold(TrustStore::empty(), |store, root| store.with_pem_certificate(pem(root)))
}
