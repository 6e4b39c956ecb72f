//! Keys in KMS. Only digests are sent there.

mod key;
mod one_time;
mod policy;
mod sign;
mod suite;

pub use key::KmsKey;
pub use one_time::KmsOneTimeKeys;
pub use policy::{NotARole, SigningRole};
