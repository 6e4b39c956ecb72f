use jiff::Timestamp;

/// The time of day.
pub trait Clock: Send + Sync {
    /// Now, UTC.
    fn now(&self) -> Timestamp;
}

/// A cryptographically secure source of randomness.
pub trait Random: Send + Sync {
    /// Fills `buffer`; aborts the process rather than giving weak bytes.
    fn fill(&self, buffer: &mut [u8]);
}
