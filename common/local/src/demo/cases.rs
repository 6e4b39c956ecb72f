//! The e-service's own cases, a file each.

use serde::{Deserialize, Serialize};
use sigill_core::ids::hex;

use super::Demo;
use super::claim::FeeClaim;
use crate::data_folder::write_whole;

/// A claim and its sign request.
#[derive(Serialize, Deserialize)]
pub struct Case {
    pub claim: FeeClaim,
    /// Id of the sign request.
    pub sign_request: String,
}

impl Demo {
    /// A name for a new case.
    pub fn new_case(&self) -> String {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        hex(&bytes)
    }

    /// Stores a case.
    pub fn keep(&self, name: &str, case: &Case) -> std::io::Result<()> {
        std::fs::create_dir_all(&self.cases)?;
        write_whole(&self.cases.join(format!("{name}.json")), &serde_json::to_vec(case)?)
    }

    /// The stored case, when `name` is one.
    pub fn read(&self, name: &str) -> Option<Case> {
        let safe = name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let json = std::fs::read(safe.then(|| self.cases.join(format!("{name}.json")))?).ok()?;
        serde_json::from_slice(&json).ok()
    }
}
