//! Time and randomness of this machine.

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom as RingRandom};
use sigill_core::ports::{Clock, Random};

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The operating system's generator.
#[derive(Debug)]
pub struct SystemRandom(RingRandom);

impl Default for SystemRandom {
    fn default() -> Self {
        Self(RingRandom::new())
    }
}

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) {
        if self.0.fill(buffer).is_err() {
            // Going on with weak bytes would be worse than stopping.
            std::process::abort();
        }
    }
}
