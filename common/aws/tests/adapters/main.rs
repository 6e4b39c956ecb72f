//! Every adapter against recorded answers: what goes out on the wire, and what each answer becomes.
#![allow(clippy::unwrap_used, missing_docs)]

mod dynamodb;
mod kms;
mod lambda;
mod replay;
mod s3;
mod s3_large;
mod secrets;
mod sqs;
