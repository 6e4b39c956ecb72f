//! sign-document-hash
