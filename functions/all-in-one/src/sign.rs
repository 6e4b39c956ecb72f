//! `sigill sign`: one file, a test person, and the same use cases as the service.

use std::collections::HashMap;
use std::fs;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use axum::Router;
use pades::{Digest, Inspection, NewField, SignatureField, Visibility};
use sigill_core::eid::Evidence;
use sigill_core::ids::hex;
use sigill_core::manifest::{Manifest, ManifestDocument};
use sigill_core::ports::{
    AssembleError, AssemblePades, CompleteCommand, CompleteDocument, DocumentStore, DocumentStoreError, HttpClient, HttpError,
    PrepareCommand, PrepareDocument, SignCommand, SignDocumentHash, TimeStampAuthority, TimeStampError, VisibleSignature,
};
use sigill_core::{SignRequestId, TransactionId};
use sigill_local::data_folder::DataFolder;
use sigill_local::test_eid::{self, test_persons};
use sigill_local::test_tsa::TestTsa;
use tower::ServiceExt;

use crate::command_line::SignOptions;
use crate::configuration::embedded;
use crate::local::{Failure, Local};

/// A document that can't be signed soundly.
const REFUSED: u8 = 3;
/// Certificates of the test person and the local CA.
const CERTIFICATE_BYTES: usize = 4_096;
/// Name of new fields; the engine makes it unique.
const FIELD_NAME: &str = "Signature";
/// What they are, for those who hear the document.
const LABEL: &str = "Underskrift";
/// Life of the request, which lives for this process only.
const LIFE: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

/// Signs; 0 signed, 3 refused with one line of JSON, 1 anything else.
pub async fn run(options: SignOptions) -> ExitCode {
    match sign(&options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match error.downcast_ref::<AssembleError>() {
            Some(AssembleError::Refused { code, detail }) => {
                eprintln!("{}", serde_json::json!({ "refused": code, "detail": detail }));
                ExitCode::from(REFUSED)
            }
            _ => {
                eprintln!("sigill: {error}");
                ExitCode::FAILURE
            }
        },
    }
}

async fn sign(options: &SignOptions) -> Result<(), Failure> {
    let pdf = fs::read(&options.input).map_err(|error| format!("{}: {error}", options.input.display()))?;
    let refuse = |refusal: pades::Refusal| AssembleError::Refused { code: refusal.code().to_owned(), detail: refusal.to_string() };
    let inspection = pades::inspect(&pdf).map_err(refuse)?;
    let folder = DataFolder::open(&options.data.data)?;
    let local = Local::open(&folder, embedded("localhost:8080")?).await?;
    let documents = Arc::new(InMemory::default());
    let assembly = local.assembly(Arc::new(InProcess(local.test_tsa()?)), documents.clone());
    let sign_request = SignRequestId::random(&*local.random);
    let current = documents.put(&sign_request, &pdf).await?;
    let person = &test_persons()[0];
    let name = options.name.clone().unwrap_or_else(|| person.name());
    let now = local.clock.now();
    let prepared = assembly.prepare(&prepare_command(options, &inspection, &local, (&sign_request, current), &name, now)).await?;

    let (provider, _) = local.municipality.eid_providers.iter().next().ok_or("the configuration has no e-ID provider")?;
    let mut salt = [0; 32];
    local.random.fill(&mut salt);
    let manifest = Manifest {
        version: 1,
        municipality: local.municipality.id.clone(),
        sign_request: sign_request.clone(),
        transaction: TransactionId::random(&*local.random),
        requester: "sigill sign".to_owned(),
        provider: provider.clone(),
        documents: vec![ManifestDocument {
            name: options.input.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            shown: current,
            to_be_signed: prepared.first().ok_or("nothing was prepared")?.document_digest(),
        }],
        signer: None,
        started: now,
        expires: now + LIFE,
        salt: hex(&salt),
    };
    let eid = Arc::new(local.test_eid().await?);
    let id_token = eid.approve(person, &manifest.hash().nonce()).await.ok_or("the test e-ID gave no token")?;
    let evidence = Evidence::Oidc { provider: provider.clone(), id_token, keys: eid.keys().await? };
    let routes = Router::new().nest("/test-eid", test_eid::router(eid));
    let outcome = local.signing(Arc::new(Routes(routes))).sign(&SignCommand { manifest: manifest.to_bytes(), evidence }).await?;

    let command = CompleteCommand {
        sign_request: sign_request.clone(),
        documents: prepared
            .into_iter()
            .zip(outcome.signatures)
            .map(|(prepared, signature)| CompleteDocument { current, prepared, signature })
            .collect(),
        certificates: outcome.certificates,
        level: options.level,
    };
    let document = assembly.complete(&command).await?.documents.into_iter().next().ok_or("nothing was assembled")?;
    if document.achieved < options.level {
        return Err(format!("only {} was reached, not {}", document.achieved, options.level).into());
    }
    fs::write(&options.output, documents.get(&sign_request, &document.digest).await?)
        .map_err(|error| format!("{}: {error}", options.output.display()))?;
    Ok(())
}

fn prepare_command(
    options: &SignOptions,
    inspection: &Inspection,
    local: &Local,
    (sign_request, current): (&SignRequestId, Digest),
    name: &str,
    now: jiff::Timestamp,
) -> PrepareCommand {
    let visible = match options.visibility() {
        Visibility::Invisible => VisibleSignature::None,
        Visibility::Automatic => VisibleSignature::Automatic,
        Visibility::At { page, rect } => VisibleSignature::At { page, rect },
    };
    let heading = &local.municipality.visible_signature.heading_sv;
    let time = now.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let field = match &options.field {
        Some(name) => SignatureField::Existing { name: name.clone() },
        None if options.reserve == 0 => SignatureField::New(new_field(FIELD_NAME.to_owned(), name)),
        None => {
            let mut names = free_names(inspection, 1 + options.reserve);
            let own = new_field(names.next().unwrap_or_default(), name);
            let name = own.name.clone();
            SignatureField::OneOf { name, all: std::iter::once(own).chain(names.map(|name| new_field(name, ""))).collect() }
        }
    };
    PrepareCommand {
        sign_request: sign_request.clone(),
        documents: vec![PrepareDocument { current }],
        lines: vec![name.to_owned(), heading.clone(), time.clone(), "TEST".to_owned()],
        field,
        signer_name: name.to_owned(),
        reason: "TEST".to_owned(),
        visible,
        signing_time: now,
        contents_capacity: pades::placeholder_capacity(&[vec![0; CERTIFICATE_BYTES]], None),
    }
}

/// Documents of the one request of this process.
#[derive(Default)]
struct InMemory(Mutex<HashMap<Digest, Vec<u8>>>);

#[async_trait]
impl DocumentStore for InMemory {
    async fn put(&self, _: &SignRequestId, bytes: &[u8]) -> Result<Digest, DocumentStoreError> {
        let digest = Digest::of(bytes);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(digest, bytes.to_vec());
        Ok(digest)
    }

    async fn get(&self, _: &SignRequestId, digest: &Digest) -> Result<Vec<u8>, DocumentStoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(digest).cloned().ok_or(DocumentStoreError::Missing(*digest))
    }

    async fn forget(&self, _: &SignRequestId) -> Result<(), DocumentStoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(())
    }
}

/// The test authority without a network.
struct InProcess(TestTsa);

#[async_trait]
impl TimeStampAuthority for InProcess {
    async fn time_stamp(&self, request: &[u8]) -> Result<Vec<u8>, TimeStampError> {
        Ok(self.0.respond(request))
    }
}

/// HTTP that goes straight to routes of this process.
struct Routes(Router);

#[async_trait]
impl HttpClient for Routes {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError> {
        let response = self.0.clone().oneshot(request.map(axum::body::Body::from)).await;
        let (parts, body) = match response {
            Ok(response) => response.into_parts(),
            Err(never) => match never {},
        };
        let body = axum::body::to_bytes(body, 1024 * 1024).await.map_err(|_| HttpError::TooLarge)?;
        Ok(http::Response::from_parts(parts, body.to_vec()))
    }
}

fn new_field(name: String, signer: &str) -> NewField {
    let label = if signer.is_empty() { LABEL.to_owned() } else { format!("{LABEL}: {signer}") };
    NewField { name, label }
}

/// `count` names in a row behind those of all signature fields.
fn free_names(inspection: &Inspection, count: usize) -> impl Iterator<Item = String> {
    let taken = inspection.signatures.iter().map(|signature| &signature.field_name).chain(&inspection.empty_signature_fields);
    let highest = taken.filter_map(|name| name.strip_prefix(FIELD_NAME)?.parse::<usize>().ok()).max().unwrap_or(0);
    (highest + 1..=highest + count).map(|number| format!("{FIELD_NAME}{number}"))
}
