//! assemble-pades
