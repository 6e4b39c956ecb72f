//! An emulator of AWS on loopback, a process of its own.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::judges::ministack;

pub struct Emulator {
    process: Child,
    /// Where it listens, for every service.
    pub base: String,
}

impl Emulator {
    /// `None` after saying that it is missing.
    pub async fn start() -> Option<Self> {
        let emulator = ministack()?;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let process = Command::new(emulator)
            .envs([("BIND_HOST", "127.0.0.1"), ("GATEWAY_PORT", port.as_str()), ("IOT_MTLS_ENABLED", "0")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let started = Self { process, base: format!("http://127.0.0.1:{port}") };
        for _ in 0..300 {
            if tokio::net::TcpStream::connect(format!("127.0.0.1:{port}")).await.is_ok() {
                return Some(started);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the emulator does not listen");
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
