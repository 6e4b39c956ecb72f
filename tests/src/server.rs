//! The all-in-one as its own process, on a free port and a data folder of its own.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::browser::{Answer, request};

pub struct Server {
    process: Child,
    pub base: String,
    pub data: PathBuf,
    /// What it said when it was ready.
    pub welcome: String,
}

/// The built `sigill`, beside the test binaries.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let binary = test.parent().unwrap().parent().unwrap().join("sigill");
    assert!(binary.is_file(), "run `cargo build` first: {} is missing", binary.display());
    binary
}

/// The most memory that process `id` has had so far, bytes.
pub fn peak_memory(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// A new, empty folder.
pub fn folder() -> PathBuf {
    folder_in(&std::env::temp_dir())
}

/// A new, empty folder below `place` when there is such a place: in memory, for instance.
pub fn folder_in(place: &Path) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("sigill-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = if place.is_dir() { place.to_owned() } else { std::env::temp_dir() }.join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

impl Server {
    pub fn start() -> Self {
        Self::start_in(&folder())
    }

    pub fn start_in(data: &Path) -> Self {
        Self::serve(data, &["--listen", "127.0.0.1:0"])
    }

    /// With a configuration of its own, at the address that stands in it.
    pub fn start_with(data: &Path, config: &Path, address: &str) -> Self {
        Self::serve(data, &["--listen", address, "--config", config.to_str().unwrap()])
    }

    fn serve(data: &Path, options: &[&str]) -> Self {
        let mut process = Command::new(binary())
            .arg("serve")
            .args(options)
            .arg("--data")
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(std::fs::OpenOptions::new().create(true).append(true).open(data.join("log")).unwrap())
            .spawn()
            .unwrap();
        // It comes in one write, shorter than a pipe takes at once.
        let mut welcome = vec![0; 4_096];
        let read = process.stdout.take().unwrap().read(&mut welcome).unwrap();
        let welcome = String::from_utf8(welcome[..read].to_vec()).unwrap();
        let first = welcome.lines().next().unwrap_or_default();
        let base = first.rsplit(' ').next().unwrap().trim_end_matches('/').replace("localhost", "127.0.0.1");
        assert!(base.starts_with("http://"), "the server said {welcome:?}");
        Self { process, base, data: data.to_owned(), welcome }
    }

    /// Stops the process as a power cut would.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub fn key(&self) -> String {
        std::fs::read_to_string(self.data.join("keys/demo-e-service.key")).unwrap()
    }

    /// The most memory that it has had so far, bytes.
    pub fn peak_memory(&self) -> u64 {
        peak_memory(self.process.id())
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.data.join("log")).unwrap()
    }

    /// The address as the configuration has it.
    pub fn public(&self) -> String {
        self.base.replace("127.0.0.1", "localhost")
    }

    pub fn api(&self, method: &str, path: &str, body: Option<&Value>, headers: &[(&str, &str)]) -> Answer {
        let authorization = format!("Bearer {}", self.key());
        let mut all = vec![("Authorization", authorization.as_str()), ("Content-Type", "application/json")];
        all.extend_from_slice(headers);
        let body = body.map(Value::to_string);
        request(method, &format!("{}{path}", self.base), &all, body.as_deref())
    }

    /// A request body for `pdf` and persons (name, number).
    pub fn body(&self, pdf: &[u8], signers: &[(&str, &str)]) -> Value {
        let signers = signers.iter().enumerate().map(
            |(index, (name, number))| json!({ "externalId": format!("signer-{index}"), "name": name, "personalIdentityNumber": number }),
        );
        json!({
            "customerReference": "ref-1",
            "title": "Arvodesräkning för januari",
            "returnUrl": format!("{}/back?case=1", self.public()),
            "documents": [{ "fileName": "arvode.pdf", "mimeType": "application/pdf", "content": BASE64_STANDARD.encode(pdf) }],
            "signers": signers.collect::<Vec<_>>(),
        })
    }

    pub fn create(&self, body: &Value) -> Value {
        let answer = self.api("POST", "/v1/sign-requests", Some(body), &[]);
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }

    pub fn status(&self, id: &Value) -> Value {
        self.api("GET", &format!("/v1/sign-requests/{}", id.as_str().unwrap()), None, &[]).json()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
