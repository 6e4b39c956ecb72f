//! sigill-aws
