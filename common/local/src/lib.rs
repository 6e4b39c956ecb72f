//! The embedded local mode: SQLite, files, software keys, a test e-ID and a test timestamp authority. Real software
//! for one machine, behind the same ports as the cloud's.

pub mod certificates;
pub mod data_folder;
pub mod demo;
pub mod documents;
pub mod journal;
pub mod last_token;
pub mod queue;
pub mod secrets;
pub mod sqlite;
pub mod store;
pub mod test_eid;
pub mod test_tsa;
pub mod transfers;
