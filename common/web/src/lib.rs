//! sigill-web
