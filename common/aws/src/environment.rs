//! Environment variables: names of infrastructure, read once at start.

use std::env::VarError;

/// Why a function does not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvironmentError {
    /// It is not set, or empty.
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
    /// It is not UTF-8.
    #[error("the environment variable {0} is not UTF-8")]
    NotUnicode(&'static str),
}

/// The value of `name`, which must be there.
pub fn variable(name: &'static str) -> Result<String, EnvironmentError> {
    optional(name)?.ok_or(EnvironmentError::Missing(name))
}

/// The value of `name`; empty counts as absent.
pub fn optional(name: &'static str) -> Result<Option<String>, EnvironmentError> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(EnvironmentError::NotUnicode(name)),
    }
}
