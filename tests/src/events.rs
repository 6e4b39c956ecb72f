//! The functions' handlers behind local adapters, at one moment and with known ids, so that a sample event has one
//! answer.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use finish_sign_requests::{Work, Worker};
use jiff::{SignedDuration, Timestamp};
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Context, LambdaEvent};
use serde_json::{Value, json};
use sigill_core::SignRequestId;
use sigill_core::config::{self, Municipality};
use sigill_core::ports::{
    Announced, AssembleCommand, Clock, HttpClient, HttpError, QueueError, Random, SigningCommand, TimeStampAuthority, TimeStampError,
    VisibleSignature, WorkQueue,
};
use sigill_core::sign_request::Language;
use sigill_core::use_case::{Assembly, Content, Coordination, Intake, NewDocument, NewSignRequest, NewSigner, Signing, receive};
use sigill_local::certificates::{LocalPki, LocalRevocation};
use sigill_local::data_folder::DataFolder;
use sigill_local::documents::DirectoryDocuments;
use sigill_local::journal::Journal;
use sigill_local::last_token::FileLastToken;
use sigill_local::secrets::NoSecrets;
use sigill_local::store::Database;
use sigill_local::transfers::LocalTransfers;
use sigill_machine::{SoftwareOneTimeKeys, SystemRandom};
use tower::Service;
use validate_document::Validation;

use crate::server::folder;

/// The moment of every sample event.
pub const NOON: &str = "2026-11-24T12:00:00Z";
/// The e-service's key in `events/exempel.toml`.
const KEY: &str = "exempelnyckel";

/// `events/` of the repository.
pub fn events() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("events")
}

/// A file beside the events, kept for the tests.
pub fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/events").join(name)).unwrap()
}

struct At(Mutex<Timestamp>);

impl Clock for At {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// SHA-256 of 0, of 1, and so on: the first request's id begins with 5feceb66, the second's with 6b86b273.
#[derive(Default)]
struct Counted(Mutex<u32>);

impl Random for Counted {
    fn fill(&self, buffer: &mut [u8]) {
        let mut next = self.0.lock().unwrap();
        let digest = pades::Digest::of(next.to_string().as_bytes()).0;
        buffer.iter_mut().zip(digest.iter().cycle()).for_each(|(to, from)| *to = *from);
        *next += 1;
    }
}

/// A key of zeros: addresses are the same every time.
struct Zeros;

impl Random for Zeros {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(0);
    }
}

/// Publishes the e-ID provider's keys; nothing else is reached.
struct Keys;

#[async_trait]
impl HttpClient for Keys {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError> {
        match request.uri().path() {
            "/jwks" => Ok(http::Response::new(fixture("jwks.json"))),
            _ => Err(HttpError::Unreachable("not in this test".to_owned())),
        }
    }
}

/// Answers nobody.
struct Silent;

#[async_trait]
impl TimeStampAuthority for Silent {
    async fn time_stamp(&self, _: &[u8]) -> Result<Vec<u8>, TimeStampError> {
        Err(TimeStampError("not in this test".to_owned()))
    }
}

#[async_trait]
impl WorkQueue for Silent {
    async fn finish_later(&self, _: &SignRequestId, _: SignedDuration) -> Result<(), QueueError> {
        Ok(())
    }
}

/// All functions over one state: a request that has expired and one that waits for its first signer.
pub struct Bench {
    pub intake: Intake,
    pub signing: Signing,
    pub assembly: Assembly,
    pub coordination: Coordination,
    /// The request that waits.
    pub open: SignRequestId,
    worker: Worker,
    validation: Validation,
}

impl Bench {
    pub async fn new() -> Self {
        let folder = DataFolder::open(&folder()).unwrap();
        let municipality = Arc::new(config::load(&events().join("exempel.toml"), Timestamp::now()).unwrap());
        let noon: Timestamp = NOON.parse().unwrap();
        let clock = Arc::new(At(Mutex::new(noon - SignedDuration::from_hours(48))));
        let random = Arc::new(Counted::default());
        let pki = LocalPki::open(&folder, &municipality, &SystemRandom::default(), noon).await.unwrap();
        let database = Arc::new(Database::open(&folder.database(), clock.clone()).unwrap());
        let documents = Arc::new(DirectoryDocuments::new(folder.documents()));
        let transfers = Arc::new(LocalTransfers::open(&folder, municipality.public_url.clone(), &Zeros, clock.clone()).unwrap());
        let intake = Intake {
            municipality: municipality.clone(),
            store: database.clone(),
            index: database.clone(),
            documents: documents.clone(),
            transfers: transfers.clone(),
            root: pki.ca.root_file.clone(),
            clock: clock.clone(),
            random: random.clone(),
        };
        request(&intake, &municipality, Some(noon - SignedDuration::from_hours(24))).await;
        *clock.0.lock().unwrap() = noon - SignedDuration::from_hours(12);
        draft(&intake, &municipality).await;
        *clock.0.lock().unwrap() = noon;
        let open = request(&intake, &municipality, None).await;
        sigill_core::ports::DocumentStore::put(&*documents, &open, &fixture("encrypted.pdf")).await.unwrap();
        let assembly = Assembly {
            documents: documents.clone(),
            time_stamp_authority: Arc::new(Silent),
            revocation: Arc::new(LocalRevocation::new(&pki.ca, clock.clone()).unwrap()),
            random: random.clone(),
            logo: None,
            pre_sign_check: Some(municipality.pre_sign_check.clone()),
        };
        let signing = Signing {
            municipality: municipality.clone(),
            root: pki.ca.root_file.clone(),
            ca_key: pki.ca.key.clone(),
            one_time_keys: Arc::new(SoftwareOneTimeKeys::default()),
            journal: Arc::new(Journal::open(&folder.journal(), municipality.retention.after_end).unwrap()),
            http: Arc::new(Keys),
            clock: clock.clone(),
            random: Arc::new(SystemRandom::default()),
        };
        let coordination = Coordination {
            municipality,
            store: database.clone(),
            queue: Arc::new(Silent),
            documents,
            transfers,
            assemble_pades: Arc::new(assembly.clone()),
            sign_document_hash: Arc::new(signing.clone()),
            last_token: Arc::new(FileLastToken::new(&folder)),
            client_key: pki.client_key.clone(),
            secrets: Arc::new(NoSecrets),
            http: Arc::new(Keys),
            clock,
            random,
        };
        let worker = Worker { finishing: coordination.finishing(), index: database, queue: Arc::new(Silent) };
        let validation = Validation {
            municipality: coordination.municipality.clone(),
            root: pki.ca.root_file.clone(),
            units: Vec::new(),
            revocation: assembly.revocation.clone(),
            clock: coordination.clock.clone(),
        };
        Self { intake, signing, assembly, coordination, open, worker, validation }
    }

    /// What `function` answers to `event`, or what Lambda would say when the event is not one of its own.
    pub async fn answer(&self, function: &str, event: &str) -> Value {
        match function {
            "sign-request-intake" => over_http(sign_request_intake::router(self.intake.clone()), event).await,
            "validate-document" => over_http(validate_document::router(self.validation.clone()), event).await,
            "eid-callback" => over_http(eid_callback::router(self.coordination.clone()), event).await,
            "sign-document-hash" => match serde_json::from_str::<SigningCommand>(event) {
                Ok(command) => json!(sign_document_hash::handle(&self.signing, command).await),
                Err(error) => json!({ "notAnEvent": error.to_string() }),
            },
            "assemble-pades" => match serde_json::from_str::<AssembleCommand>(event) {
                Ok(command) => json!(assemble_pades::handle(&self.assembly, command).await),
                Err(error) => json!({ "notAnEvent": error.to_string() }),
            },
            "finish-sign-requests" => match serde_json::from_str::<Work>(event) {
                Ok(work) => json!(self.worker.handle(work).await),
                Err(error) => json!({ "notAnEvent": error.to_string() }),
            },
            other => panic!("there is no function {other}"),
        }
    }

    pub async fn status(&self, id: &SignRequestId) -> sigill_core::sign_request::Status {
        self.coordination.store.load(id).await.unwrap().unwrap().value.status()
    }
}

/// As `lambda_http` calls a router and answers the API.
async fn over_http(router: axum::Router, event: &str) -> Value {
    let event: LambdaRequest = serde_json::from_str(event).unwrap();
    let mut adapter = Adapter::from(router);
    json!(adapter.call(LambdaEvent::new(event, Context::default())).await.unwrap())
}

async fn request(intake: &Intake, municipality: &Municipality, expires: Option<Timestamp>) -> SignRequestId {
    let new = new(Content::Inline(fixture("arvode.pdf")), expires);
    receive(intake, &municipality.e_services["arvodesrakning"], KEY, new, None).await.unwrap().request.id
}

/// A request whose document is not uploaded, by the name that its key gives it: 3b1388b4.
async fn draft(intake: &Intake, municipality: &Municipality) {
    let announced = Announced { size: 549, sha256: pades::Digest::of(b"never uploaded") };
    let key = Some(("utkast".to_owned(), String::new()));
    receive(intake, &municipality.e_services["arvodesrakning"], KEY, new(Content::Uploaded(announced), None), key).await.unwrap();
}

fn new(content: Content, expires: Option<Timestamp>) -> NewSignRequest {
    let signer = |id: &str, name: &str, number: &str, order| NewSigner {
        external_id: id.to_owned(),
        name: name.to_owned(),
        personal_identity_number: Some(number.to_owned()),
        order: Some(order),
        allowed_identification: Vec::new(),
    };
    NewSignRequest {
        customer_reference: "2026-16".to_owned(),
        title: "Arvodesräkning för oktober".to_owned(),
        message: None,
        language: Language::Sv,
        documents: vec![NewDocument { file_name: "arvode.pdf".to_owned(), mime_type: "application/pdf".to_owned(), content }],
        signers: vec![signer("ledamot", "Tove Exempel", "189001019802", 1), signer("attestant", "Ask Exempel", "189001029819", 2)],
        return_url: "https://minasidor.exempel.example/tillbaka".to_owned(),
        expires,
        callback_url: None,
        level: None,
        visible_signature: VisibleSignature::Automatic,
    }
}
