//! An OpenID Provider of another make (`tools/oidc-provider`), and a person who goes through it.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::browser::{Browser, request};
use crate::judges::tool;

pub struct ForeignProvider {
    process: Child,
    pub base: String,
}

/// A free port of this machine.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl ForeignProvider {
    /// With us as the client `client_id`; `None` after saying what is missing.
    pub fn start(port: u16, client_id: &str, redirect_uri: &str, jwks_uri: &str) -> Option<Self> {
        let node = tool("node", None)?;
        let folder = PathBuf::from(std::env::var_os("SIGILL_OIDC_PROVIDER").unwrap_or_default());
        tool("oidc-provider (SIGILL_OIDC_PROVIDER)", Some(folder.join("node_modules/oidc-provider/package.json")))?;
        // Packages are found beside the script that names them.
        let script = folder.join("provider.mjs");
        std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/oidc-provider/provider.mjs"), &script).unwrap();
        let mut process = Command::new(node)
            .arg(script)
            .args([&port.to_string(), client_id, redirect_uri, jwks_uri])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut base = String::new();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        // It warns of what is only for development; the address comes last.
        while !base.starts_with("http://") {
            base.clear();
            assert_ne!(said.read_line(&mut base).unwrap(), 0, "the provider does not start");
        }
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Some(Self { process, base: base.trim().to_owned() })
    }

    /// From now on `number` is the person at the e-ID.
    pub fn person(&self, number: &str) {
        request("PUT", &format!("{}/person/{number}", self.base), &[], None);
    }

    /// The sign message that the person saw last.
    pub fn shown(&self) -> String {
        request("GET", &format!("{}/shown", self.base), &[], None).text()
    }

    /// Goes through the provider's pages, which ask nothing; the address of our callback.
    pub fn go_through(&self, browser: &mut Browser, authorization: &str) -> String {
        let mut address = authorization.to_owned();
        for _ in 0..10 {
            let answer = browser.get(&address);
            assert!((302..=303).contains(&answer.status), "{} {}", answer.status, answer.text());
            let next = url::Url::parse(&address).unwrap().join(answer.header("location")).unwrap();
            if next.path().starts_with("/eid/") {
                return next.to_string();
            }
            address = next.to_string();
        }
        panic!("the provider leads nowhere: {address}");
    }
}

impl Drop for ForeignProvider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
