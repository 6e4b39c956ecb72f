//! The service in one process on a clock of its own, with persons who sign, an e-service that is notified, and a fuse.

pub mod fuse;
mod fused;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use jiff::{SignedDuration, Timestamp};
use pades::{BaselineLevel, SignatureAlgorithm};
use serde_json::Value;
use sigill_core::config::{self, EidKind, Municipality};
use sigill_core::jose;
use sigill_core::ports::{
    Announced, Clock, DocumentStore, HttpClient, HttpError, KeyError, OneTimeKey, OneTimeKeys, QueueError, Random, RootCertificate,
    SignRequestIndex, SignRequestStore, SigningJournal, SigningKey, TimeStampAuthority, TimeStampError, ToBeSigned, Transfers, Upload,
    VisibleSignature, WorkQueue,
};
use sigill_core::sign_request::{Language, SignerStatus};
use sigill_core::use_case::{
    Answer, Assembly, Content, Coordination, Intake, NewDocument, NewSignRequest, NewSigner, ReceiveError, Received, Signing, begin,
    callback, finish, open, receive, start,
};
use sigill_core::{LinkSecret, SignRequest, SignRequestId, TransactionId};
use sigill_local::certificates::{LocalPki, LocalRevocation};
use sigill_local::data_folder::DataFolder;
use sigill_local::documents::DirectoryDocuments;
use sigill_local::journal::Journal;
use sigill_local::last_token::FileLastToken;
use sigill_local::secrets::NoSecrets;
use sigill_local::store::Database;
use sigill_local::test_eid::{self, TestClient, TestEid, TestEidParameters};
use sigill_local::test_tsa::TestTsa;
use sigill_local::transfers::{self, LocalTransfers};
use sigill_machine::{SoftwareOneTimeKeys, SystemRandom};
use tower::ServiceExt;
use url::Url;

use crate::server::folder_in;
use fuse::Fuse;
use fused::Fused;

const SERVICE: &str = "arvodesrakning";
const BEARER: &str = "the e-service's key";
const PROVIDER: &str = "test-eid";
/// Between two looks of the sweep.
const SWEEP: SignedDuration = SignedDuration::from_secs(60);

pub struct World {
    pub fuse: Arc<Fuse>,
    pub clock: Arc<SetClock>,
    pub custody: Custody,
    /// The one-time keys of the local custody.
    pub keys: Arc<CountedKeys>,
    pub outside: Arc<Outside>,
    pub authority: Arc<Authority>,
    pub folder: PathBuf,
    pub municipality: Arc<Municipality>,
    /// Takes uploads to the local custody.
    transfers: Router,
    pki: LocalPki,
}

/// What outlives a process, by adapters of one kind.
#[derive(Clone)]
pub struct Custody {
    pub store: Arc<dyn SignRequestStore>,
    pub index: Arc<dyn SignRequestIndex>,
    pub documents: Arc<dyn DocumentStore>,
    pub transfers: Arc<dyn Transfers>,
    pub journal: Arc<dyn SigningJournal>,
    pub root: Arc<dyn RootCertificate>,
    pub ca_key: Arc<dyn SigningKey>,
    pub one_time_keys: Arc<dyn OneTimeKeys>,
    pub queue: Arc<dyn WorkQueue>,
}

/// A clock that moves when it is told to.
pub struct SetClock(Mutex<Timestamp>);

impl SetClock {
    pub fn advance(&self, by: SignedDuration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// One-time keys in a custody that outlives the process, as a key service is, and what was done with them.
#[derive(Default)]
pub struct CountedKeys {
    custody: SoftwareOneTimeKeys,
    /// Times used, by key, of those that are not destroyed.
    alive: Mutex<HashMap<String, usize>>,
}

impl CountedKeys {
    /// How often each key that is left was used.
    pub fn left(&self) -> Vec<usize> {
        self.alive.lock().unwrap().values().copied().collect()
    }
}

#[async_trait]
impl OneTimeKeys for CountedKeys {
    async fn create(&self, transaction: &TransactionId, algorithm: SignatureAlgorithm) -> Result<OneTimeKey, KeyError> {
        let key = self.custody.create(transaction, algorithm).await?;
        self.alive.lock().unwrap().insert(key.reference.clone(), 0);
        Ok(key)
    }

    async fn sign(&self, key: &OneTimeKey, message: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        *self.alive.lock().unwrap().entry(key.reference.clone()).or_default() += 1;
        self.custody.sign(key, message).await
    }

    async fn destroy(&self, key: &OneTimeKey) -> Result<(), KeyError> {
        self.alive.lock().unwrap().remove(&key.reference);
        self.custody.destroy(key).await
    }
}

/// Everything over HTTP: the e-ID, and the e-service that is notified.
pub struct Outside {
    eid: Router,
    /// Id and status of each notification taken, in order.
    pub notified: Mutex<Vec<(String, String)>>,
}

#[async_trait]
impl HttpClient for Outside {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError> {
        if let Some(id) = request.headers().get("webhook-id") {
            let body: Value = serde_json::from_slice(request.body()).unwrap();
            let notified = (id.to_str().unwrap().to_owned(), body["status"].as_str().unwrap().to_owned());
            self.notified.lock().unwrap().push(notified);
            return Ok(http::Response::new(Vec::new()));
        }
        let Ok(response) = self.eid.clone().oneshot(request.map(axum::body::Body::from)).await;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.map_err(|_| HttpError::TooLarge)?;
        Ok(http::Response::from_parts(parts, body.to_vec()))
    }
}

/// The timestamp authority, which can be down.
pub struct Authority {
    tsa: TestTsa,
    down: AtomicBool,
}

impl Authority {
    pub fn stop(&self) {
        self.down.store(true, Ordering::Relaxed);
    }

    pub fn start(&self) {
        self.down.store(false, Ordering::Relaxed);
    }
}

#[async_trait]
impl TimeStampAuthority for Authority {
    async fn time_stamp(&self, request: &[u8]) -> Result<Vec<u8>, TimeStampError> {
        if self.down.load(Ordering::Relaxed) { Err(TimeStampError("down".to_owned())) } else { Ok(self.tsa.respond(request)) }
    }
}

/// Loses everything: the sweep must find the work.
struct NoQueue;

#[async_trait]
impl WorkQueue for NoQueue {
    async fn finish_later(&self, _: &SignRequestId, _: SignedDuration) -> Result<(), QueueError> {
        Ok(())
    }
}

impl World {
    /// Over the local adapters.
    pub async fn new() -> Self {
        Self::over(|_| None).await
    }

    /// Over the adapters that `custody` gives, which go by the clock it is given; the local ones when it gives none.
    pub async fn over(custody: impl FnOnce(Arc<SetClock>) -> Option<Custody>) -> Self {
        let folder = folder_in(Path::new("/dev/shm"));
        let data = DataFolder::open(&folder).unwrap();
        let municipality =
            Arc::new(config::parse("local.toml", "local", include_str!("../../../common/config/local.toml"), Timestamp::now()).unwrap());
        let clock = Arc::new(SetClock(Mutex::new(Timestamp::now())));
        let random: Arc<dyn Random> = Arc::new(SystemRandom::default());
        let pki = LocalPki::open(&data, &municipality, &*random, clock.now()).await.unwrap();
        let EidKind::Oidc(oidc) = &municipality.eid_providers[PROVIDER].kind;
        let client_key = jose::public_jwk(&pki.client_key.public_key().await.unwrap()).unwrap();
        let eid = TestEid::new(TestEidParameters {
            issuer: Url::parse(&oidc.issuer).unwrap(),
            key: pki.eid_key.clone(),
            client: TestClient {
                id: oidc.client_id.clone(),
                name: "Sigill".to_owned(),
                keys: serde_json::json!({ "keys": [client_key] }),
                redirect_uris: vec![municipality.callback_uri(PROVIDER)],
            },
            clock: clock.clone(),
            random: random.clone(),
        });
        let eid = Router::new().nest("/test-eid", test_eid::router(Arc::new(eid)));
        let keys = Arc::<CountedKeys>::default();
        let transfers = LocalTransfers::open(&data, municipality.public_url.clone(), &*random, clock.clone());
        let transfers = Arc::new(transfers.unwrap());
        let custody = custody(clock.clone()).unwrap_or_else(|| {
            let database = Arc::new(Database::open(&data.database(), clock.clone()).unwrap());
            Custody {
                store: database.clone(),
                index: database,
                documents: Arc::new(DirectoryDocuments::new(data.documents())),
                transfers: transfers.clone(),
                journal: Arc::new(Journal::open(&data.journal(), municipality.retention.after_end).unwrap()),
                root: pki.ca.root_file.clone(),
                ca_key: pki.ca.key.clone(),
                one_time_keys: keys.clone(),
                queue: Arc::new(NoQueue),
            }
        });
        Self {
            fuse: Arc::default(),
            custody,
            keys,
            outside: Arc::new(Outside { eid, notified: Mutex::default() }),
            authority: Arc::new(Authority {
                tsa: TestTsa::new(pki.time_stamping.clone(), &pki.time_stamping_key, clock.clone()).unwrap(),
                down: AtomicBool::new(false),
            }),
            clock,
            folder,
            municipality,
            transfers: transfers::router(transfers),
            pki,
        }
    }

    fn fused<T: ?Sized>(&self, inner: Arc<T>) -> Arc<Fused<T>> {
        Arc::new(Fused { fuse: Arc::clone(&self.fuse), inner })
    }

    /// The functions as one process, started anew.
    fn process(&self) -> Coordination {
        let random: Arc<dyn Random> = Arc::new(SystemRandom::default());
        let http = self.fused::<dyn HttpClient>(self.outside.clone());
        let documents = self.fused(self.custody.documents.clone());
        let assembly = Assembly {
            documents: documents.clone(),
            time_stamp_authority: self.fused::<dyn TimeStampAuthority>(self.authority.clone()),
            revocation: Arc::new(LocalRevocation::new(&self.pki.ca, self.clock.clone()).unwrap()),
            random: random.clone(),
            logo: None,
            pre_sign_check: Some(self.municipality.pre_sign_check.clone()),
        };
        let signing = self.signing();
        Coordination {
            municipality: self.municipality.clone(),
            store: self.fused(self.custody.store.clone()),
            queue: self.fused(self.custody.queue.clone()),
            documents,
            transfers: self.fused(self.custody.transfers.clone()),
            assemble_pades: Arc::new(assembly),
            sign_document_hash: Arc::new(signing),
            last_token: Arc::new(FileLastToken::new(&DataFolder::open(&self.folder).unwrap())),
            client_key: self.pki.client_key.clone(),
            secrets: Arc::new(NoSecrets),
            http,
            clock: self.clock.clone(),
            random,
        }
    }

    /// The signing function.
    pub fn signing(&self) -> Signing {
        Signing {
            municipality: self.municipality.clone(),
            root: self.custody.root.clone(),
            ca_key: self.fused(self.custody.ca_key.clone()),
            one_time_keys: self.fused(self.custody.one_time_keys.clone()),
            journal: self.fused(self.custody.journal.clone()),
            http: self.fused::<dyn HttpClient>(self.outside.clone()),
            clock: self.clock.clone(),
            random: Arc::new(SystemRandom::default()),
        }
    }

    /// The intake, as a process started anew.
    pub fn intake(&self) -> Intake {
        Intake {
            municipality: self.municipality.clone(),
            store: self.fused(self.custody.store.clone()),
            index: self.custody.index.clone(),
            documents: self.fused(self.custody.documents.clone()),
            transfers: self.fused(self.custody.transfers.clone()),
            root: self.custody.root.clone(),
            clock: self.clock.clone(),
            random: Arc::new(SystemRandom::default()),
        }
    }

    /// Receives a request of two documents for `signers` (name and number), in order. Nothing crashes here.
    pub async fn receive(&self, pdf: &[u8], signers: &[(&str, &str)]) -> SignRequestId {
        let contents = [Content::Inline(pdf.to_vec()), Content::Inline(pdf.to_vec())];
        let (intake, new) = (self.intake(), request_of(contents, signers));
        receive(&intake, &self.municipality.e_services[SERVICE], BEARER, new, None).await.unwrap().request.id
    }

    /// The same with the second document `uploaded`, by an e-service that tries again until it is started.
    pub async fn receive_with_upload(&self, pdf: &[u8], uploaded: &[u8], signers: &[(&str, &str)]) -> SignRequestId {
        let key = TransactionId::random(&SystemRandom::default()).to_string();
        for _ in 0..10 {
            if let Ok(id) = self.try_upload((pdf, uploaded), signers, &key).await {
                return id;
            }
            if self.fuse.blown() {
                self.fuse.replace();
            }
        }
        panic!("the request was never started");
    }

    async fn try_upload(
        &self,
        (pdf, uploaded): (&[u8], &[u8]),
        signers: &[(&str, &str)],
        key: &str,
    ) -> Result<SignRequestId, ReceiveError> {
        let received = self.announce((pdf, uploaded), signers, key).await?;
        Ok(begin(&self.intake(), received.request).await?.request.id)
    }

    /// The same without starting it.
    pub async fn announce(&self, (pdf, uploaded): (&[u8], &[u8]), signers: &[(&str, &str)], key: &str) -> Result<Received, ReceiveError> {
        let announced = Announced { size: uploaded.len() as u64, sha256: pades::Digest::of(uploaded) };
        let new = request_of([Content::Inline(pdf.to_vec()), Content::Uploaded(announced)], signers);
        let idempotency = Some((key.to_owned(), "the body".to_owned()));
        let received = receive(&self.intake(), &self.municipality.e_services[SERVICE], BEARER, new, idempotency).await?;
        for (_, upload) in &received.uploads {
            let status = self.put(upload, uploaded).await;
            assert!(matches!(status, 200 | 412), "{status}");
        }
        Ok(received)
    }

    /// Uploads `bytes` as it was told: the status.
    pub async fn put(&self, upload: &Upload, bytes: &[u8]) -> u16 {
        let mut request = http::Request::put(upload.url.as_str());
        for (name, value) in &upload.headers {
            request = request.header(name, value);
        }
        if upload.url.host_str() == self.municipality.public_url.host_str() {
            let Ok(response) = self.transfers.clone().oneshot(request.body(axum::body::Body::from(bytes.to_vec())).unwrap()).await;
            return response.status().as_u16();
        }
        let request = request.body(bytes.to_vec()).unwrap();
        tokio::task::spawn_blocking(|| crate::browser::send(request).status).await.unwrap()
    }
    pub async fn request(&self, id: &SignRequestId) -> SignRequest {
        self.custody.store.load(id).await.unwrap().unwrap().value
    }

    /// Signer `index` does what a person does until it is signed: opens the link, signs, waits, tries again.
    pub async fn sign(&self, id: &SignRequestId, index: usize) {
        for _ in 0..10 {
            match self.request(id).await.signer_status(index) {
                SignerStatus::Signed => return,
                _ => self.attempt(id, index).await,
            }
            if self.fuse.blown() {
                self.fuse.replace();
            }
            self.clock.advance(SWEEP);
            self.sweep().await;
        }
        panic!("signer {index} never got through: {:?}", self.request(id).await.stage);
    }

    /// What the scheduled sweep and its worker do.
    pub async fn sweep(&self) {
        let process = self.process();
        for due in self.custody.index.due(self.clock.now(), 100).await.unwrap() {
            finish(&process.finishing(), &due).await;
        }
        if self.fuse.blown() {
            self.fuse.replace();
        }
    }

    async fn attempt(&self, id: &SignRequestId, index: usize) {
        let process = self.process();
        let secret = LinkSecret::derive(BEARER, id, index);
        let Ok(opened) = open(&process, id.as_str(), secret.expose()).await else { return };
        let Ok(started) = start(&process, &opened, PROVIDER, Language::Sv).await else { return };
        let (state, code, iss) = self.approve(&started.redirect).await;
        let _ = callback(&process, PROVIDER, Answer { state, iss: Some(iss), result: Ok(code) }, Some(&started.session)).await;
    }

    /// At the e-ID: `state`, `code` and `iss` of its answer.
    async fn approve(&self, redirect: &Url) -> (String, String, String) {
        let ask = |method: &str, url: &str, body: String| {
            let request = http::Request::builder().method(method).uri(url).header("content-type", "application/x-www-form-urlencoded");
            self.outside.send(request.body(body.into_bytes()).unwrap())
        };
        let page = String::from_utf8(ask("GET", redirect.as_str(), String::new()).await.unwrap().into_body()).unwrap();
        let transaction = page.split("name=\"transaction\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let decide = redirect.join("decide").unwrap();
        let decided = ask("POST", decide.as_str(), format!("transaction={transaction}&action=approve")).await.unwrap();
        let back = Url::parse(decided.headers()["location"].to_str().unwrap()).unwrap();
        let parameter = |name: &str| back.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        (parameter("state"), parameter("code"), parameter("iss"))
    }
}

/// A request of two documents, in this order.
fn request_of(contents: [Content; 2], signers: &[(&str, &str)]) -> NewSignRequest {
    let names = ["a.pdf", "b.pdf"];
    let document =
        |(content, name): (Content, &str)| NewDocument { file_name: name.to_owned(), mime_type: "application/pdf".to_owned(), content };
    let signers = signers.iter().enumerate().map(|(index, (name, number))| NewSigner {
        external_id: index.to_string(),
        name: (*name).to_owned(),
        personal_identity_number: Some((*number).to_owned()),
        order: None,
        allowed_identification: Vec::new(),
    });
    NewSignRequest {
        customer_reference: "1".to_owned(),
        title: "Arvode".to_owned(),
        message: None,
        language: Language::Sv,
        documents: contents.into_iter().zip(names).map(document).collect(),
        signers: signers.collect(),
        return_url: "http://localhost:8080/back".to_owned(),
        expires: None,
        callback_url: Some("http://localhost:8080/notified".to_owned()),
        level: Some(BaselineLevel::T),
        visible_signature: VisibleSignature::Automatic,
    }
}
