//! The work queue of one process: a restart empties it, and the sweep fills it again.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::SignedDuration;
use sigill_core::SignRequestId;
use sigill_core::ports::{QueueError, WorkQueue};
use sigill_core::use_case::{Finishing, finish};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The putting end.
#[derive(Clone)]
pub struct InProcessQueue {
    sender: UnboundedSender<SignRequestId>,
    waiting: Arc<Mutex<HashSet<SignRequestId>>>,
}

/// The taking end.
pub struct Worker {
    receiver: UnboundedReceiver<SignRequestId>,
    waiting: Arc<Mutex<HashSet<SignRequestId>>>,
}

/// A queue and its worker.
pub fn in_process() -> (InProcessQueue, Worker) {
    let (sender, receiver) = unbounded_channel();
    let waiting = Arc::default();
    (InProcessQueue { sender, waiting: Arc::clone(&waiting) }, Worker { receiver, waiting })
}

fn locked(waiting: &Mutex<HashSet<SignRequestId>>) -> MutexGuard<'_, HashSet<SignRequestId>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

impl InProcessQueue {
    /// Puts `id` in unless it waits or is worked on. Without a worker the process is ending.
    fn put(&self, id: SignRequestId) {
        if locked(&self.waiting).insert(id.clone()) {
            let _ = self.sender.send(id);
        }
    }
}

#[async_trait]
impl WorkQueue for InProcessQueue {
    async fn finish_later(&self, id: &SignRequestId, after: SignedDuration) -> Result<(), QueueError> {
        let (queue, id) = (self.clone(), id.clone());
        match Duration::try_from(after) {
            Ok(after) if !after.is_zero() => {
                tokio::spawn(async move {
                    tokio::time::sleep(after).await;
                    queue.put(id);
                });
            }
            _ => queue.put(id),
        }
        Ok(())
    }
}

impl Worker {
    /// Finishes what comes, for ever.
    pub async fn work(mut self, finishing: Finishing) {
        while let Some(id) = self.receiver.recv().await {
            finish(&finishing, &id).await;
            locked(&self.waiting).remove(&id);
        }
    }
}
