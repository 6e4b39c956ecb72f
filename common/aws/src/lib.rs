//! Adapters for AWS, one port a file and one feature a client, so that each function links only what it uses.

pub mod config;
pub mod environment;
#[cfg(any(feature = "dynamodb", feature = "kms", feature = "lambda", feature = "s3", feature = "secrets", feature = "sqs"))]
mod error;
pub mod metrics;
mod roots;
pub mod start;

#[cfg(feature = "dynamodb")]
pub mod dynamodb;
#[cfg(feature = "kms")]
pub mod kms;
#[cfg(feature = "lambda")]
pub mod lambda;
#[cfg(feature = "s3")]
pub mod s3;
#[cfg(feature = "secrets")]
pub mod secrets;
#[cfg(feature = "sqs")]
pub mod sqs;
