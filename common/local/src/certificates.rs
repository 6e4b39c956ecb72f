//! The local CA and what it certifies: made at the first start, kept for ever.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use sigill_core::certificate::{self, CertificateError, Issuer, Serial};
use sigill_core::config::Municipality;
use sigill_core::ports::{
    Clock, KeyError, NoRevocationData, Random, RevocationData, RevocationSource, RootCertificate, RootError, SigningKey, ToBeSigned,
};
use sigill_core::use_case::{IssueRootError, issue_root};
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
    /// The root certificate.
    #[error("the root: {0}")]
    Root(#[from] IssueRootError),
}

/// The root certificate in a file.
#[derive(Clone, Debug)]
pub struct RootFile(PathBuf);

#[async_trait]
impl RootCertificate for RootFile {
    async fn root(&self) -> Result<Option<Vec<u8>>, RootError> {
        match std::fs::read(&self.0) {
            Ok(root) => Ok(Some(root)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(RootError(error.to_string())),
        }
    }

    async fn keep(&self, certificate: &[u8]) -> Result<Vec<u8>, RootError> {
        if let Some(kept) = self.root().await? {
            return Ok(kept);
        }
        write_whole(&self.0, certificate).map_err(|error| RootError(error.to_string()))?;
        Ok(certificate.to_vec())
    }
}

/// The local CA.
pub struct LocalCa {
    /// The root, DER.
    pub root: Vec<u8>,
    /// Where it is kept.
    pub root_file: Arc<RootFile>,
    /// Its key.
    pub key: Arc<SoftwareKey>,
}

impl LocalCa {
    /// Opens what is in `folder`, and makes what is missing.
    pub async fn open(
        folder: &DataFolder,
        municipality: &Municipality,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<Self, LocalPkiError> {
        let key = Arc::new(SoftwareKey::from_pkcs8(&key_file(folder, "ca.p8")?)?);
        let root_file = Arc::new(RootFile(folder.certificates().join("root.der")));
        let root = match root_file.root().await {
            Ok(Some(root)) => root,
            _ => issue_root(&municipality.signature, &*key, &*root_file, Serial::random(random), now).await?,
        };
        Ok(Self { root, root_file, key })
    }
}

fn key_file(folder: &DataFolder, name: &str) -> io::Result<Vec<u8>> {
    folder.file(&folder.keys().join(name), generate)
}

/// The test e-ID's key in `folder`, made when it is missing.
pub fn eid_key(folder: &DataFolder) -> Result<SoftwareKey, LocalPkiError> {
    Ok(SoftwareKey::from_pkcs8(&key_file(folder, "test-eid.p8")?)?)
}

/// The keys and certificates of the local mode.
pub struct LocalPki {
    /// The CA.
    pub ca: LocalCa,
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
        let ca = LocalCa::open(folder, municipality, random, now).await?;
        let time_stamping_key = key_file(folder, "time-stamping.p8")?;
        let time_stamping_path = folder.certificates().join("time-stamping.der");
        if !time_stamping_path.is_file() {
            let issuer = Issuer::from_certificate(&ca.root)?;
            let unit = SoftwareKey::from_pkcs8(&time_stamping_key)?.public_key().await?;
            let list = municipality.public_url.join("/pki/root.crl").map(String::from).unwrap_or_default();
            let tbs = certificate::time_stamping(&issuer, "Sigill test-TSA", &list, &unit, Serial::random(random), now)?;
            write_whole(&time_stamping_path, &signed(&ca.key, tbs).await?)?;
        }
        Ok(Self {
            time_stamping: std::fs::read(&time_stamping_path)?,
            eid_key: Arc::new(eid_key(folder)?),
            client_key: Arc::new(SoftwareKey::from_pkcs8(&key_file(folder, "eid-client.p8")?)?),
            ca,
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
    /// The list of `ca`.
    pub fn new(ca: &LocalCa, clock: Arc<dyn Clock>) -> Result<Self, CertificateError> {
        Ok(Self { issuer: Issuer::from_certificate(&ca.root)?, key: Arc::clone(&ca.key), clock, last: AtomicU64::new(0) })
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
    async fn collect(&self, certificates: &[Vec<u8>]) -> Result<RevocationData, NoRevocationData> {
        if certificates.iter().all(|certificate| certificate::list_urls(certificate).is_empty()) {
            return Ok(RevocationData::default());
        }
        let list = self.list().await.map_err(|error| NoRevocationData(error.to_string()))?;
        Ok(RevocationData { ocsp: Vec::new(), crls: vec![list] })
    }
}
