//! Uploads and downloads at addresses of this process, as an object store has them: signed, for one document, for minutes.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Write};
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, REFERRER_POLICY};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::put;
use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use pades::{Digest, Hashed, Source};
use ring::hmac;
use sigill_core::SignRequestId;
use sigill_core::ids::hex;
use sigill_core::ports::{Announced, Clock, DOWNLOAD_TIME, Disposition, DocumentStoreError, Random, Transfers, UPLOAD_TIME, Upload};
use sigill_machine::FileSource;
use url::Url;

use crate::data_folder::{DataFolder, Part};
use crate::documents::{DirectoryDocuments, failed};

/// What is read at once of a document that is given out.
const BUFFER: usize = 256 * 1024;

/// The documents' folder, reached over HTTP.
pub struct LocalTransfers {
    documents: DirectoryDocuments,
    base: Url,
    key: hmac::Key,
    clock: Arc<dyn Clock>,
}

impl LocalTransfers {
    /// Of the documents in `folder`, at `base`. The key that signs addresses is made the first time.
    pub fn open(folder: &DataFolder, base: Url, random: &dyn Random, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let key = folder.file(&folder.transfer_key(), || {
            let mut key = vec![0; 32];
            random.fill(&mut key);
            key
        })?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        Ok(Self { documents: DirectoryDocuments::new(folder.documents()), base, key, clock })
    }

    /// The address at which `method` may be used on a document until `expires`; `detail` is the size or what is done.
    fn address(&self, method: &Method, (request, digest): (&SignRequestId, &Digest), detail: &str, expires: Timestamp) -> Url {
        let expires = expires.as_second().to_string();
        let signature = hmac::sign(&self.key, signed(method, request.as_str(), &digest.to_string(), detail, &expires).as_bytes());
        let mut url = self.base.clone();
        url.set_path(&format!("/transfers/{request}/{digest}"));
        url.query_pairs_mut()
            .append_pair("detail", detail)
            .append_pair("expires", &expires)
            .append_pair("signature", &hex(signature.as_ref()));
        url
    }

    /// What is asked for at an address, when it is one of ours and in time.
    fn permitted(&self, method: &Method, (request, digest): &(String, String), query: &HashMap<String, String>) -> Option<Permitted> {
        let [detail, expires, signature] = ["detail", "expires", "signature"].map(|name| query.get(name));
        let (detail, expires) = (detail?, expires?);
        let tag = from_hex(signature?)?;
        hmac::verify(&self.key, signed(method, request, digest, detail, expires).as_bytes(), &tag).ok()?;
        (expires.parse::<i64>().ok()? > self.clock.now().as_second()).then_some(())?;
        let request = SignRequestId::try_from(request.clone()).ok()?;
        Some(Permitted { request, digest: digest.parse().ok()?, detail: detail.clone() })
    }
}

struct Permitted {
    request: SignRequestId,
    digest: Digest,
    detail: String,
}

fn signed(method: &Method, request: &str, digest: &str, detail: &str, expires: &str) -> String {
    [method.as_str(), request, digest, detail, expires].join("\n")
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    digits.collect()
}

#[async_trait]
impl Transfers for LocalTransfers {
    async fn upload(&self, request: &SignRequestId, document: &Announced, now: Timestamp) -> Result<Upload, DocumentStoreError> {
        let (size, expires) = (document.size.to_string(), now + UPLOAD_TIME);
        let url = self.address(&Method::PUT, (request, &document.sha256), &size, expires);
        let headers = [("Content-Length", size), ("Content-Type", "application/pdf".to_owned())];
        Ok(Upload { url, headers: headers.map(|(name, value)| (name.to_owned(), value)).to_vec(), expires })
    }

    async fn uploaded(&self, request: &SignRequestId, document: &Announced) -> Result<Arc<dyn Source>, DocumentStoreError> {
        let opened = File::open(self.documents.path(request, &document.sha256)).and_then(FileSource::new);
        let source = opened.map_err(|error| failed(&document.sha256, &error))?;
        if source.length() == document.size { Ok(Arc::new(source)) } else { Err(DocumentStoreError::Missing(document.sha256)) }
    }

    async fn download(
        &self,
        request: &SignRequestId,
        digest: &Digest,
        disposition: Disposition,
        now: Timestamp,
    ) -> Result<Url, DocumentStoreError> {
        Ok(self.address(&Method::GET, (request, digest), disposition.word(), now + DOWNLOAD_TIME))
    }
}

/// Serves the addresses.
pub fn router(transfers: Arc<LocalTransfers>) -> Router {
    Router::new().route("/transfers/{request}/{sha256}", put(receive).get(send)).with_state(transfers)
}

type Address = Path<(String, String)>;
type Parameters = Query<HashMap<String, String>>;

/// 200 stored, 400 other bytes than announced, 403 no address of ours or too late, 412 it is there already.
async fn receive(
    State(transfers): State<Arc<LocalTransfers>>,
    Path(address): Address,
    Query(query): Parameters,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Some(permitted) = transfers.permitted(&Method::PUT, &address, &query) else { return refused() };
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if length != Some(permitted.detail.as_str()) {
        return (StatusCode::BAD_REQUEST, "Content-Length is not the announced size.\n").into_response();
    }
    match write(&transfers.documents, &permitted, body).await {
        Ok(status) => status.into_response(),
        Err(error) => {
            tracing::warn!(sign_request.id = %permitted.request, %error, "an upload was not stored");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Writes the body as it comes; it is a document once all of it is what was announced.
async fn write(documents: &DirectoryDocuments, permitted: &Permitted, body: Body) -> io::Result<StatusCode> {
    let path = documents.path(&permitted.request, &permitted.digest);
    if path.is_file() {
        return Ok(StatusCode::PRECONDITION_FAILED);
    }
    path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    let mut part = Part::beside(&path)?;
    let mut hashed = Hashed::default();
    let mut body = body.into_data_stream();
    while let Some(chunk) = body.next().await {
        let Ok(chunk) = chunk else { return Ok(StatusCode::BAD_REQUEST) };
        hashed.update(&chunk);
        part.file.write_all(&chunk)?;
    }
    if hashed.digest() != permitted.digest {
        return Ok(StatusCode::BAD_REQUEST);
    }
    part.publish(&path)?;
    Ok(StatusCode::OK)
}

async fn send(State(transfers): State<Arc<LocalTransfers>>, Path(address): Address, Query(query): Parameters) -> Response {
    let Some(permitted) = transfers.permitted(&Method::GET, &address, &query) else { return refused() };
    let Ok(file) = File::open(transfers.documents.path(&permitted.request, &permitted.digest)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let length = file.metadata().map(|metadata| metadata.len());
    let Ok(length) = length else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let mut disposition = permitted.detail;
    let _ = write!(disposition, "; filename={}.pdf", permitted.digest);
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_LENGTH, length.to_string()),
        (CONTENT_DISPOSITION, disposition),
        (CACHE_CONTROL, "no-store".to_owned()),
        (REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    (headers, Body::from_stream(stream::iter(chunks(file)))).into_response()
}

/// The file, piece by piece as it is asked for.
fn chunks(mut file: File) -> impl Iterator<Item = io::Result<Bytes>> {
    std::iter::from_fn(move || {
        let mut buffer = vec![0; BUFFER];
        match file.read(&mut buffer) {
            Ok(0) => None,
            Ok(read) => {
                buffer.truncate(read);
                Some(Ok(buffer.into()))
            }
            Err(error) => Some(Err(error)),
        }
    })
}

fn refused() -> Response {
    (StatusCode::FORBIDDEN, "This address is not one that is told by the service, or its time is over.\n").into_response()
}
