//! A door between the service and what it calls over HTTP: it can hold one request of a path for ever, so that a test
//! can stop the service exactly there.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::browser::request_bytes;

pub struct Gate {
    pub base: String,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Where requests go on to.
    target: String,
    /// Path and number (from 1) of the request that is held.
    hold: Option<(&'static str, usize)>,
    seen: HashMap<String, usize>,
    held: bool,
}

impl Gate {
    /// Opens a gate that lets everything through to `target`, but for request `number` of `path`.
    pub fn open(target: &str, hold: (&'static str, usize)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let state = State { target: target.to_owned(), hold: Some(hold), ..State::default() };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let serving = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&serving);
                std::thread::spawn(move || pass(stream.unwrap(), &shared));
            }
        });
        Self { base, shared }
    }

    /// Waits until the request came that is held.
    pub fn wait_until_held(&self) {
        let state = self.shared.state.lock().unwrap();
        let waited = self.shared.changed.wait_timeout_while(state, Duration::from_secs(30), |state| !state.held).unwrap();
        assert!(waited.0.held, "the request that was to be held did not come");
    }

    /// From now on everything goes through.
    pub fn let_through(&self) {
        self.shared.state.lock().unwrap().hold = None;
    }
}

fn pass(mut stream: TcpStream, shared: &Shared) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let Some((method, path, content_type, body)) = read_request(&mut reader) else { return };
    let target = {
        let mut state = shared.state.lock().unwrap();
        let seen = state.seen.entry(path.clone()).or_default();
        *seen += 1;
        let seen = *seen;
        if state.hold.is_some_and(|(held, number)| path == held && seen == number) {
            state.held = true;
            shared.changed.notify_all();
            // The one who asked is stopped before an answer could come.
            std::mem::forget(stream);
            return;
        }
        state.target.clone()
    };
    let answer = request_bytes(&method, &format!("{target}{path}"), &[("Content-Type", &content_type)], &body);
    let head = format!(
        "HTTP/1.1 {} OK\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        answer.status,
        answer.header("content-type"),
        answer.body.len()
    );
    let _ = stream.write_all(&[head.as_bytes(), &answer.body].concat());
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<(String, String, String, Vec<u8>)> {
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut words = first.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut length, mut content_type) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ")?;
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "content-type" => content_type = value.to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((method, path, content_type, body))
}
