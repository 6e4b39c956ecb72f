//! sign-request-intake
