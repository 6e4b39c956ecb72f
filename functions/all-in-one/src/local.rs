//! Everything of the local mode, wired together.

use std::sync::Arc;

use sigill_core::config::{EidKind, Mode, Municipality};
use sigill_core::ids::hex;
use sigill_core::jose;
use sigill_core::ports::{Clock, DocumentStore, HttpClient, LastToken, Random, SigningKey, TimeStampAuthority};
use sigill_core::use_case::{Assembly, Coordination, Intake, Signing};
use sigill_local::certificates::{LocalPki, LocalRevocation};
use sigill_local::data_folder::DataFolder;
use sigill_local::documents::DirectoryDocuments;
use sigill_local::journal::Journal;
use sigill_local::last_token::FileLastToken;
use sigill_local::queue::InProcessQueue;
use sigill_local::secrets::NoSecrets;
use sigill_local::store::Database;
use sigill_local::test_eid::{TestClient, TestEid, TestEidParameters};
use sigill_local::test_tsa::TestTsa;
use sigill_local::transfers::LocalTransfers;
use sigill_machine::{SoftwareOneTimeKeys, SystemClock, SystemRandom};
use url::Url;
use validate_document::Validation;

/// Why the local mode does not start, in words.
pub type Failure = Box<dyn std::error::Error>;

/// The local mode's parts.
pub struct Local {
    pub municipality: Arc<Municipality>,
    pub database: Arc<Database>,
    pub journal: Arc<Journal>,
    pub documents: Arc<dyn DocumentStore>,
    pub last_token: Arc<dyn LastToken>,
    pub transfers: Arc<LocalTransfers>,
    pub pki: LocalPki,
    pub revocation: Arc<LocalRevocation>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

impl Local {
    /// Opens the data folder and makes what is missing in it.
    pub async fn open(folder: &DataFolder, mut municipality: Municipality) -> Result<Self, Failure> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let random: Arc<dyn Random> = Arc::new(SystemRandom::default());
        let pki = LocalPki::open(folder, &municipality, &*random, clock.now()).await?;
        if municipality.mode == Mode::Local {
            municipality.validation.svt_issuers.push(pki.time_stamping.clone());
        }
        Ok(Self {
            database: Arc::new(Database::open(&folder.database(), Arc::clone(&clock))?),
            journal: Arc::new(Journal::open(&folder.journal(), municipality.retention.after_end)?),
            documents: Arc::new(DirectoryDocuments::new(folder.documents())),
            last_token: Arc::new(FileLastToken::new(folder)),
            transfers: Arc::new(LocalTransfers::open(folder, municipality.public_url.clone(), &*random, Arc::clone(&clock))?),
            revocation: Arc::new(LocalRevocation::new(&pki.ca, Arc::clone(&clock))?),
            municipality: Arc::new(municipality),
            pki,
            clock,
            random,
        })
    }

    pub fn intake(&self) -> Intake {
        Intake {
            municipality: Arc::clone(&self.municipality),
            store: self.database.clone(),
            index: self.database.clone(),
            documents: Arc::clone(&self.documents),
            transfers: self.transfers.clone(),
            root: self.pki.ca.root_file.clone(),
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
        }
    }

    pub fn assembly(&self, time_stamp_authority: Arc<dyn TimeStampAuthority>, documents: Arc<dyn DocumentStore>) -> Assembly {
        Assembly {
            documents,
            time_stamp_authority,
            revocation: self.revocation.clone(),
            random: Arc::clone(&self.random),
            logo: self.municipality.visible_signature.logo.clone(),
            pre_sign_check: Some(self.municipality.pre_sign_check.clone()),
        }
    }

    pub fn validation(&self) -> Validation {
        Validation {
            municipality: Arc::clone(&self.municipality),
            root: self.pki.ca.root_file.clone(),
            units: vec![self.pki.time_stamping.clone()],
            revocation: self.revocation.clone(),
            clock: Arc::clone(&self.clock),
        }
    }

    pub fn signing(&self, http: Arc<dyn HttpClient>) -> Signing {
        Signing {
            municipality: Arc::clone(&self.municipality),
            root: self.pki.ca.root_file.clone(),
            ca_key: self.pki.ca.key.clone(),
            one_time_keys: Arc::new(SoftwareOneTimeKeys::default()),
            journal: self.journal.clone(),
            http,
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
        }
    }

    pub fn coordination(&self, assembly: Assembly, signing: Signing, queue: InProcessQueue, http: Arc<dyn HttpClient>) -> Coordination {
        Coordination {
            municipality: Arc::clone(&self.municipality),
            store: self.database.clone(),
            queue: Arc::new(queue),
            documents: Arc::clone(&self.documents),
            transfers: self.transfers.clone(),
            assemble_pades: Arc::new(assembly),
            sign_document_hash: Arc::new(signing),
            last_token: Arc::clone(&self.last_token),
            client_key: self.pki.client_key.clone(),
            secrets: Arc::new(NoSecrets),
            http,
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
        }
    }

    /// The test e-ID behind the first provider of the configuration, with us as its client.
    pub async fn test_eid(&self) -> Result<TestEid, Failure> {
        let provider = self.municipality.eid_providers.values().next().ok_or("the configuration has no e-ID provider")?;
        let EidKind::Oidc(oidc) = &provider.kind;
        let key = jose::public_jwk(&self.pki.client_key.public_key().await?)?;
        Ok(TestEid::new(TestEidParameters {
            issuer: Url::parse(&oidc.issuer)?,
            key: self.pki.eid_key.clone(),
            client: TestClient {
                id: oidc.client_id.clone(),
                name: self.municipality.organisation.name.clone(),
                keys: serde_json::json!({ "keys": [key] }),
                redirect_uris: vec![self.municipality.callback_uri(&provider.id)],
            },
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
        }))
    }

    pub fn test_tsa(&self) -> Result<TestTsa, Failure> {
        Ok(TestTsa::new(self.pki.time_stamping.clone(), &self.pki.time_stamping_key, Arc::clone(&self.clock))?)
    }
}

/// The demo e-service's key, made at the first start.
pub fn demo_key(folder: &DataFolder) -> Result<String, Failure> {
    let path = folder.keys().join("demo-e-service.key");
    let key = folder.file(&path, || {
        let mut bytes = [0; 32];
        SystemRandom::default().fill(&mut bytes);
        hex(&bytes).into_bytes()
    })?;
    Ok(String::from_utf8(key)?)
}
