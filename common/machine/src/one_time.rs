//! One-time keys of any suite in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use pades::SignatureAlgorithm;
use sigill_core::TransactionId;
use sigill_core::ports::{KeyError, OneTimeKey, OneTimeKeys, ToBeSigned};

use crate::pair::{Pair, generate};

/// One-time keys that exist in memory alone: a restart destroys them all.
#[derive(Default)]
pub struct SoftwareOneTimeKeys(Mutex<Held>);

#[derive(Default)]
struct Held {
    made: u64,
    keys: HashMap<String, Arc<Pair>>,
}

impl SoftwareOneTimeKeys {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl OneTimeKeys for SoftwareOneTimeKeys {
    async fn create(&self, transaction: &TransactionId, algorithm: SignatureAlgorithm) -> Result<OneTimeKey, KeyError> {
        let pair = Pair::from_pkcs8(algorithm, &generate(algorithm)?)?;
        let public_key = pair.public_key()?;
        let mut held = self.held();
        held.made += 1;
        let reference = format!("{transaction}/{}", held.made);
        held.keys.insert(reference.clone(), Arc::new(pair));
        Ok(OneTimeKey { reference, public_key, algorithm })
    }

    async fn sign(&self, key: &OneTimeKey, message: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        let pair = self.held().keys.get(&key.reference).map(Arc::clone);
        pair.ok_or(KeyError::Gone)?.sign(message)
    }

    async fn destroy(&self, key: &OneTimeKey) -> Result<(), KeyError> {
        self.held().keys.remove(&key.reference);
        Ok(())
    }
}
