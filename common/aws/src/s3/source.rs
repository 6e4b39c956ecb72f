//! An object that is read in ranges. All of it is read once, to hash it; what is needed again then comes from S3 a page
//! at a time, and few pages are kept.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use pades::{Digest, Hashed, Source};
use sigill_core::ports::DocumentStoreError;
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use super::{S3Documents, unavailable};
use crate::error::{is, reason};

/// What is read at once.
const PAGE: u64 = 1 << 20;
/// Pages that are kept: smaller documents are read once.
const KEPT: usize = 32;
/// Pages that are fetched together by a reader who goes on behind what was fetched last.
const RUN: usize = 4;
/// How often reading all of an object is taken up again where it broke off.
const ATTEMPTS: usize = 4;

/// An object, at the state in which it was first seen.
pub struct S3Source {
    client: Client,
    bucket: String,
    key: String,
    tag: Option<String>,
    length: u64,
    runtime: Handle,
    pages: Mutex<Pages>,
}

/// The pages that were used last, the latest first, by number.
#[derive(Default)]
struct Pages {
    kept: VecDeque<(u64, Vec<u8>)>,
    /// The one behind what was fetched last.
    next: Option<u64>,
}

impl Pages {
    fn keep(&mut self, number: u64, page: Vec<u8>) {
        self.kept.truncate(KEPT - 1);
        self.kept.push_front((number, page));
    }

    /// How many pages to fetch from `number` on.
    fn run(&mut self, number: u64) -> usize {
        let run = if self.next == Some(number) { RUN } else { 1 };
        self.next = Some(number + run as u64);
        run
    }

    /// Fills `buffer` from `page`, from its byte `from` on; false when it is not there.
    fn copy(&mut self, number: u64, from: usize, buffer: &mut [u8]) -> bool {
        let Some(at) = self.kept.iter().position(|(kept, _)| *kept == number) else { return false };
        let Some(found) = self.kept.remove(at) else { return false };
        let bytes = found.1.get(from..from + buffer.len());
        if let Some(bytes) = bytes {
            buffer.copy_from_slice(bytes);
        }
        let copied = bytes.is_some();
        self.kept.push_front(found);
        copied
    }
}

impl S3Source {
    /// The object `key`, of which `tag` and `length` are known.
    pub(super) fn new(store: &S3Documents, key: &str, tag: Option<String>, length: u64) -> Self {
        Self {
            client: store.client.clone(),
            bucket: store.bucket.clone(),
            key: key.to_owned(),
            tag,
            length,
            runtime: Handle::current(),
            pages: Mutex::default(),
        }
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bytes of `run` pages.
    async fn fetch(&self, number: u64, run: usize) -> Result<impl AsRef<[u8]>, String> {
        let from = number * PAGE;
        let to = (from + run as u64 * PAGE).min(self.length).saturating_sub(1);
        let get = self.client.get_object().bucket(&self.bucket).key(&self.key);
        let get = get.range(format!("bytes={from}-{to}")).set_if_match(self.tag.clone());
        let object = get.send().await.map_err(|error| reason(&error))?;
        Ok(object.body.collect().await.map_err(|error| error.to_string())?.into_bytes())
    }
}

impl Source for S3Source {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let mut done = 0;
        while done < buffer.len() {
            let at = offset + done as u64;
            let (number, from) = (at / PAGE, at % PAGE);
            let count = (buffer.len() - done).min((PAGE - from) as usize);
            let part = buffer.get_mut(done..done + count).ok_or(io::ErrorKind::UnexpectedEof)?;
            if !self.pages().copy(number, from as usize, part) {
                let run = self.pages().run(number);
                let fetched = block_in_place(|| self.runtime.block_on(self.fetch(number, run))).map_err(io::Error::other)?;
                let fetched = fetched.as_ref();
                part.copy_from_slice(fetched.get(from as usize..from as usize + count).ok_or(io::ErrorKind::UnexpectedEof)?);
                let mut pages = self.pages();
                for (number, page) in (number..).zip(fetched.chunks(PAGE as usize)) {
                    pages.keep(number, page.to_vec());
                }
            }
            done += count;
        }
        Ok(())
    }
}

/// Reads all of the object once, and gives it with its hash. The pages at its end are kept: readers begin there.
pub(super) async fn read(store: &S3Documents, key: &str, digest: &Digest) -> Result<(S3Source, Hashed), DocumentStoreError> {
    let mut source = S3Source::new(store, key, None, 0);
    let mut reading = Reading::default();
    for _ in 0..ATTEMPTS {
        let get = store.client.get_object().bucket(&store.bucket).key(key).set_if_match(source.tag.clone());
        let done = reading.hashed.length();
        let object = match get.set_range((done > 0).then(|| format!("bytes={done}-"))).send().await {
            Ok(object) => object,
            Err(error) if is(&error, "NoSuchKey") => return Err(DocumentStoreError::Missing(*digest)),
            Err(error) => return Err(unavailable(reason(&error))),
        };
        source.length = done + object.content_length.and_then(|length| u64::try_from(length).ok()).unwrap_or_default();
        source.tag = object.e_tag;
        if reading.take(object.body).await && reading.hashed.length() == source.length {
            reading.end_page();
            source.pages = Mutex::new(reading.pages);
            return Ok((source, reading.hashed));
        }
    }
    Err(unavailable("the document can't be read to its end"))
}

#[derive(Default)]
struct Reading {
    hashed: Hashed,
    page: Vec<u8>,
    pages: Pages,
}

impl Reading {
    /// Takes what comes; whether it came to its end.
    async fn take(&mut self, mut body: ByteStream) -> bool {
        while let Some(chunk) = body.next().await {
            let Ok(chunk) = chunk else { return false };
            self.hashed.update(&chunk);
            let mut rest = &chunk[..];
            while !rest.is_empty() {
                if self.page.is_empty() {
                    // Exactly: most pages are thrown away again.
                    self.page.reserve_exact(PAGE as usize);
                }
                let (now, later) = rest.split_at(rest.len().min(PAGE as usize - self.page.len()));
                self.page.extend_from_slice(now);
                rest = later;
                if self.page.len() == PAGE as usize {
                    self.end_page();
                }
            }
        }
        true
    }

    fn end_page(&mut self) {
        if !self.page.is_empty() {
            let number = self.pages.kept.front().map_or(0, |(last, _)| last + 1);
            self.pages.keep(number, std::mem::take(&mut self.page));
        }
    }
}
