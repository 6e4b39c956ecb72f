//! A fuse in every call that leaves a process. It blows at one chosen call, before or after the call took effect, and
//! then nothing works any more until the process is started again: what a crash looks like from outside.

use std::future::Future;
use std::sync::{Mutex, MutexGuard};

/// Which side of the call's effect the crash is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

/// One place to crash at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrashPoint {
    /// From 1.
    pub call: usize,
    pub side: Side,
}

#[derive(Default)]
pub struct Fuse(Mutex<State>);

#[derive(Default)]
struct State {
    calls: Vec<&'static str>,
    point: Option<CrashPoint>,
    blown: bool,
}

impl Fuse {
    /// Arms the fuse, and counts from here.
    pub fn arm(&self, point: Option<CrashPoint>) {
        *self.state() = State { point, ..State::default() };
    }

    /// Every call since the fuse was armed, by name.
    pub fn calls(&self) -> Vec<&'static str> {
        self.state().calls.clone()
    }

    pub fn blown(&self) -> bool {
        self.state().blown
    }

    /// The process starts again; a fuse blows once.
    pub fn replace(&self) {
        let mut state = self.state();
        state.blown = false;
        state.point = None;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Runs `call`, unless the process is dead or dies here.
    pub async fn through<T, E>(&self, name: &'static str, call: impl Future<Output = Result<T, E>>, dead: impl Fn() -> E) -> Result<T, E> {
        let side = {
            let mut state = self.state();
            if state.blown {
                return Err(dead());
            }
            state.calls.push(name);
            let side = state.point.filter(|point| point.call == state.calls.len()).map(|point| point.side);
            state.blown = side.is_some();
            side
        };
        match side {
            None => call.await,
            Some(Side::Before) => Err(dead()),
            Some(Side::After) => {
                let _ = call.await;
                Err(dead())
            }
        }
    }
}
