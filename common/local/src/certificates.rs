//! The local CA and what it certifies: made at the first start, kept for ever.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use sigill_core::certificate::{self, CertificateError, Issuer, Serial};
use sigill_core::config::Municipality;
use sigill_core::ports::{Clock, KeyError, Random, RevocationSource, SigningKey, TimeStampError, ToBeSigned};
use sigill_machine::{SoftwareKey, generate};

use crate::data_folder::{DataFolder, write_whole};

/// Why the local keys and certificates are not there.
#[derive(Debug, thiserror::Error)]
pub enum LocalPkiError {
    /// The data folder.
    #[error("the data folder: {0}")]
    Folder(#[from] io::Error),
    /// A key file.
    #[error("a key: {0}")]
    Key(#[from] KeyError),
    /// A certificate.
    #[error("a certificate: {0}")]
    Certificate(#[from] CertificateError),
}

/// The keys and certificates of the local mode.
pub struct LocalPki {
    /// The root, DER.
    pub root: Vec<u8>,
    /// Its key.
    pub ca_key: Arc<SoftwareKey>,
    /// The timestamp unit's certificate, DER.
    pub time_stamping: Vec<u8>,
    /// The timestamp unit's key, PKCS #8.
    pub time_stamping_key: Vec<u8>,
    /// The test e-ID's key.
    pub eid_key: Arc<SoftwareKey>,
    /// Signs our requests to the e-ID.
    pub client_key: Arc<SoftwareKey>,
}

impl LocalPki {
    /// Opens what is in `folder`, and makes what is missing.
    pub async fn open(
        folder: &DataFolder,
        municipality: &Municipality,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<Self, LocalPkiError> {
        let key = |name: &str| folder.file(&folder.keys().join(name), generate);
        let ca_key = Arc::new(SoftwareKey::from_pkcs8(&key("ca.p8")?)?);
        let time_stamping_key = key("time-stamping.p8")?;
        let root_path = folder.certificates().join("root.der");
        if !root_path.is_file() {
            let tbs = certificate::root(&municipality.signature, &ca_key.public_key().await?, Serial::random(random), now)?;
            write_whole(&root_path, &signed(&ca_key, tbs).await?)?;
        }
        let root = std::fs::read(&root_path)?;
        let time_stamping_path = folder.certificates().join("time-stamping.der");
        if !time_stamping_path.is_file() {
            let issuer = Issuer::from_certificate(&root)?;
            let unit = SoftwareKey::from_pkcs8(&time_stamping_key)?.public_key().await?;
            let list = municipality.public_url.join("/pki/root.crl").map(String::from).unwrap_or_default();
            let tbs = certificate::time_stamping(&issuer, "Sigill test-TSA", &list, &unit, Serial::random(random), now)?;
            write_whole(&time_stamping_path, &signed(&ca_key, tbs).await?)?;
        }
        Ok(Self {
            time_stamping: std::fs::read(&time_stamping_path)?,
            eid_key: Arc::new(SoftwareKey::from_pkcs8(&key("test-eid.p8")?)?),
            client_key: Arc::new(SoftwareKey::from_pkcs8(&key("eid-client.p8")?)?),
            root,
            ca_key,
            time_stamping_key,
        })
    }
}

async fn signed(key: &SoftwareKey, to_be_signed: Vec<u8>) -> Result<Vec<u8>, LocalPkiError> {
    let signature = key.sign(&ToBeSigned::new(&*to_be_signed)).await?;
    Ok(certificate::assemble(&to_be_signed, &signature)?)
}

/// The CA's list, made anew at each request.
pub struct LocalRevocation {
    issuer: Issuer,
    key: Arc<SoftwareKey>,
    clock: Arc<dyn Clock>,
    last: AtomicU64,
}

impl LocalRevocation {
    /// The list of the CA in `pki`.
    pub fn new(pki: &LocalPki, clock: Arc<dyn Clock>) -> Result<Self, CertificateError> {
        Ok(Self { issuer: Issuer::from_certificate(&pki.root)?, key: Arc::clone(&pki.ca_key), clock, last: AtomicU64::new(0) })
    }

    /// The list as of now, DER. Its number is the time in seconds, or one more than the last one.
    pub async fn list(&self) -> Result<Vec<u8>, LocalPkiError> {
        let now = self.clock.now();
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let number = self.last.fetch_max(seconds, Ordering::Relaxed).max(seconds);
        let tbs = certificate::revocation_list(&self.issuer, number, now)?;
        signed(&self.key, tbs).await
    }
}

#[async_trait]
impl RevocationSource for LocalRevocation {
    async fn lists(&self, certificates: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, TimeStampError> {
        if certificates.iter().all(|certificate| certificate::list_urls(certificate).is_empty()) {
            return Ok(Vec::new());
        }
        self.list().await.map(|list| vec![list]).map_err(|error| TimeStampError(error.to_string()))
    }
}
