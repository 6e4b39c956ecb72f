//! The Lambda Runtime API on loopback, and a function's own binary that runs against it as it would on Lambda.

use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderName, StatusCode};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use serde_json::Value;
use tokio::sync::{Mutex, mpsc};

use crate::events::events;
use crate::server::{folder, peak_memory};

/// Longer than anything here takes on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where the variables lead that no test needs: nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9";

/// What became of an invocation.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The function's answer.
    Response(Value),
    /// The function's error.
    Error(Value),
}

struct Shared {
    asked: mpsc::UnboundedSender<Instant>,
    events: Mutex<mpsc::UnboundedReceiver<(String, String)>>,
    answers: mpsc::UnboundedSender<(String, Answer)>,
}

/// A running function.
pub struct Function {
    process: Child,
    events: mpsc::UnboundedSender<(String, String)>,
    answers: mpsc::UnboundedReceiver<(String, Answer)>,
    /// From the start of the process to its first question for work.
    pub init: Duration,
    next: u32,
    log: PathBuf,
}

/// Variables of every function. What they name does not exist.
fn variables(api: &str) -> Vec<(&'static str, String)> {
    let config = events().join("exempel.toml").display().to_string();
    [
        ("AWS_LAMBDA_RUNTIME_API", api),
        ("AWS_LAMBDA_FUNCTION_NAME", "test"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_REGION", "eu-north-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_ENDPOINT_URL", NOWHERE),
        ("SIGILL_CONFIG", &config),
        ("SIGILL_METRICS", "Sigill/test"),
        ("SIGILL_TABLE", "table"),
        ("SIGILL_DOCUMENTS", "documents"),
        ("SIGILL_QUEUE_URL", NOWHERE),
        ("SIGILL_ASSEMBLE_PADES", "assemble-pades"),
        ("SIGILL_SIGN_DOCUMENT_HASH", "sign-document-hash"),
        ("SIGILL_CLIENT_KEY", "client-key"),
        ("SIGILL_CA_KEY", "arn:aws:kms:eu-north-1:111122223333:key/1"),
        ("SIGILL_STACK", "sigill-exempel"),
        ("SIGILL_ROLE", "arn:aws:iam::111122223333:role/sign"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

/// `binary` does not start without each of `names`, and says which one it wants.
pub fn assert_wants(binary: &str, names: &[&str]) {
    for missing in names {
        let variables = variables("127.0.0.1:9").into_iter().filter(|(name, _)| name != missing);
        let ended = Command::new(binary).env_clear().envs(variables).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(!ended.status.success() && said.contains(&format!("the environment variable {missing} is not set")), "{said}");
    }
}

impl Function {
    /// Starts `binary` and waits until it asks for work.
    pub async fn start(binary: &str) -> Self {
        Self::start_with(binary, &[]).await
    }

    /// The same with `more` variables.
    pub async fn start_with(binary: &str, more: &[(&str, &str)]) -> Self {
        let (asked, mut first) = mpsc::unbounded_channel();
        let (events, waiting) = mpsc::unbounded_channel();
        let (answered, answers) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared { asked, events: Mutex::new(waiting), answers: answered });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .with_state(shared);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = listener.local_addr().unwrap().to_string();
        // Else an answer waits for an acknowledgement that is itself delayed.
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let started = Instant::now();
        let log = folder().join("log");
        let written = std::fs::File::create(&log).unwrap();
        let mut command = Command::new(binary);
        command.env_clear().envs(variables(&api)).envs(more.iter().copied()).stdout(written.try_clone().unwrap()).stderr(written);
        let process = command.spawn().unwrap();
        let asked = tokio::time::timeout(PATIENCE, first.recv()).await.expect("the function never asked for work").unwrap();
        Self { process, events, answers, init: asked - started, next: 0, log }
    }

    /// The most memory that it has had so far, bytes.
    pub fn peak_memory(&self) -> u64 {
        peak_memory(self.process.id())
    }

    /// Delivers `event` and waits for what becomes of it.
    pub async fn invoke(&mut self, event: &str) -> Answer {
        self.next += 1;
        let id = format!("invocation-{}", self.next);
        self.events.send((id.clone(), event.to_owned())).unwrap();
        let (of, answer) = tokio::time::timeout(PATIENCE, self.answers.recv()).await.expect("no answer").unwrap();
        assert_eq!(of, id, "an answer to another invocation");
        answer
    }

    /// Delivers sample event `case` of `function`.
    pub async fn sample(&mut self, function: &str, case: &str) -> Answer {
        self.invoke(&std::fs::read_to_string(events().join(function).join(format!("{case}.json"))).unwrap()).await
    }

    /// What the function wrote: lines of JSON, and nothing about a person in the sample events.
    pub fn assert_log_tells_nobody(&self) {
        let log = std::fs::read_to_string(&self.log).unwrap();
        for personal in ["189001019802", "189001029819", "Tove", "Ask Exempel", "arvode.pdf", "eyJ"] {
            assert!(!log.contains(personal), "{personal} in the log: {log}");
        }
        for line in log.lines() {
            assert!(serde_json::from_str::<Value>(line).is_ok(), "not JSON: {line}");
        }
    }

    /// The status that an HTTP function answers to sample event `case`.
    pub async fn status(&mut self, function: &str, case: &str) -> u64 {
        match self.sample(function, case).await {
            Answer::Response(answer) => answer["statusCode"].as_u64().unwrap(),
            Answer::Error(error) => panic!("{case}: {error}"),
        }
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

type Next = Result<([(HeaderName, String); 3], String), StatusCode>;

async fn next(State(shared): State<Arc<Shared>>) -> Next {
    let _ = shared.asked.send(Instant::now());
    let (id, event) = shared.events.lock().await.recv().await.ok_or(StatusCode::GONE)?;
    let deadline = std::time::SystemTime::now() + PATIENCE;
    let deadline = deadline.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    let headers = [
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-north-1:111122223333:function:test".to_owned()),
    ];
    Ok((headers.map(|(name, value)| (HeaderName::from_static(name), value)), event))
}

async fn response(State(shared): State<Arc<Shared>>, UrlPath(id): UrlPath<String>, body: Bytes) -> StatusCode {
    let _ = shared.answers.send((id, Answer::Response(serde_json::from_slice(&body).unwrap())));
    StatusCode::ACCEPTED
}

async fn error(State(shared): State<Arc<Shared>>, UrlPath(id): UrlPath<String>, body: Bytes) -> StatusCode {
    let _ = shared.answers.send((id, Answer::Error(serde_json::from_slice(&body).unwrap())));
    StatusCode::ACCEPTED
}
