//! The parts for working on one file: the local CA and test e-ID of the data folder, everything else for this process.

use std::process::ExitCode;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};
use sigill_core::config::{EidKind, Municipality};
use sigill_core::ports::{AssembleError, Clock, DocumentStore, HttpClient, HttpError, Random, TimeStampAuthority, TimeStampError};
use sigill_core::use_case::{Assembly, Signing};
use sigill_local::certificates::{LocalCa, LocalPki, LocalRevocation, eid_key};
use sigill_local::data_folder::DataFolder;
use sigill_local::last_token::FileLastToken;
use sigill_local::test_eid::{TestClient, TestEid, TestEidParameters};
use sigill_local::test_tsa::TestTsa;
use sigill_machine::{MemoryJournal, SoftwareOneTimeKeys, SystemClock, SystemRandom};
use url::Url;

use crate::configuration::embedded;
use crate::local::Failure;

/// A document that can't be signed soundly.
const REFUSED: u8 = 3;

/// 0 done, 3 refused with one line of JSON, 1 anything else.
pub fn exit_code(outcome: Result<(), Failure>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match error.downcast_ref::<AssembleError>() {
            Some(AssembleError::Refused { code, detail }) => {
                eprintln!("{}", json!({ "refused": code, "detail": detail }));
                ExitCode::from(REFUSED)
            }
            _ => {
                eprintln!("sigill: {error}");
                ExitCode::FAILURE
            }
        },
    }
}

/// The parts. What only some levels need is opened when it is asked for.
pub struct OneOff {
    pub municipality: Arc<Municipality>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub last_token: FileLastToken,
    ca: LocalCa,
    folder: DataFolder,
}

impl OneOff {
    pub async fn open(folder: DataFolder) -> Result<Self, Failure> {
        let municipality = Arc::new(embedded("localhost:8080")?);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let random: Arc<dyn Random> = Arc::new(SystemRandom::default());
        let ca = LocalCa::open(&folder, &municipality, &*random, clock.now()).await?;
        Ok(Self { municipality, clock, random, last_token: FileLastToken::new(&folder), ca, folder })
    }

    pub fn assembly(&self, documents: Arc<dyn DocumentStore>) -> Result<Assembly, Failure> {
        Ok(Assembly {
            documents,
            time_stamp_authority: Arc::new(InProcess {
                folder: self.folder.clone(),
                municipality: Arc::clone(&self.municipality),
                clock: Arc::clone(&self.clock),
                random: Arc::clone(&self.random),
            }),
            revocation: Arc::new(LocalRevocation::new(&self.ca, Arc::clone(&self.clock))?),
            random: Arc::clone(&self.random),
            logo: self.municipality.visible_signature.logo.clone(),
            pre_sign_check: None,
        })
    }

    /// The signing function, for an e-ID that publishes `keys`.
    pub fn signing(&self, keys: &Value) -> Signing {
        Signing {
            municipality: Arc::clone(&self.municipality),
            root: self.ca.root_file.clone(),
            ca_key: self.ca.key.clone(),
            one_time_keys: Arc::new(SoftwareOneTimeKeys::default()),
            journal: Arc::new(MemoryJournal::default()),
            http: Arc::new(Published(keys.to_string())),
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
        }
    }

    /// The test e-ID behind `provider`. No client is known to it: it is asked without HTTP.
    pub fn test_eid(&self, provider: &str) -> Result<TestEid, Failure> {
        let provider = self.municipality.eid_providers.get(provider).ok_or("the configuration has no such e-ID provider")?;
        let EidKind::Oidc(oidc) = &provider.kind;
        Ok(TestEid::new(TestEidParameters {
            issuer: Url::parse(&oidc.issuer)?,
            key: Arc::new(eid_key(&self.folder)?),
            client: TestClient {
                id: oidc.client_id.clone(),
                name: self.municipality.organisation.name.clone(),
                keys: json!({ "keys": [] }),
                redirect_uris: Vec::new(),
            },
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
        }))
    }
}

/// The test authority without a network.
struct InProcess {
    folder: DataFolder,
    municipality: Arc<Municipality>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

#[async_trait]
impl TimeStampAuthority for InProcess {
    async fn time_stamp(&self, request: &[u8]) -> Result<Vec<u8>, TimeStampError> {
        let pki = LocalPki::open(&self.folder, &self.municipality, &*self.random, self.clock.now()).await;
        let pki = pki.map_err(|error| TimeStampError(error.to_string()))?;
        let tsa = TestTsa::new(pki.time_stamping, &pki.time_stamping_key, Arc::clone(&self.clock));
        Ok(tsa.map_err(|error| TimeStampError(error.to_string()))?.respond(request))
    }
}

/// HTTP that answers everything with the e-ID's keys: nothing else is asked for.
struct Published(String);

#[async_trait]
impl HttpClient for Published {
    async fn send(&self, _: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError> {
        Ok(http::Response::new(self.0.clone().into_bytes()))
    }
}
