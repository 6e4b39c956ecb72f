//! What meets the web: problems, pages, security headers, outgoing HTTP.

pub mod client;
pub mod finding;
pub mod language;
pub mod pages;
pub mod problem;
pub mod reply;
pub mod requester;
pub mod return_url;
pub mod revocation;
pub mod security;
pub mod text;
pub mod time_stamp;
pub mod verdict;
