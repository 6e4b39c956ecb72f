//! sigill-core
