//! Certificates and lists of the service's CA. Everything is made in two steps: the to-be-signed bytes here, the
//! signature by whoever holds the key.

mod authn_context;
mod build;
mod list;
mod longest;
mod pem;
mod pointers;
mod profile;

pub use authn_context::{saml_auth_context, written_length};
pub use build::{CA_ALGORITHM, CertificateError, Issuer, Serial, assemble, subject_public_key};
pub use list::{ListError, next_update};
pub use longest::longest_signer;
pub use pem::pem;
pub use pointers::{list_urls, ocsp_urls};
pub use profile::{revocation_list, root, signer, time_stamping};
