//! sigill-local
