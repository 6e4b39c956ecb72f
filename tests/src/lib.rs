//! sigill-tests
