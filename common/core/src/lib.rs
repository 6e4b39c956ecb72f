//! The domain of Sigill: sign requests and their state machine, the ports they need, the use cases, and the
//! static configuration of a municipality. No clock, randomness, network or cloud: those are ports.

pub mod budget;
pub mod certificate;
pub mod config;
pub mod eid;
pub mod evidence_package;
pub mod identity;
pub mod ids;
pub mod jose;
pub mod manifest;
pub mod measure;
pub mod octets;
pub mod ports;
pub mod report;
pub mod sign_request;
pub mod use_case;

pub use ids::{LinkSecret, SignRequestId, TransactionId};
pub use manifest::{Manifest, ManifestHash};
pub use sign_request::SignRequest;
