//! The signing function, called directly: without evidence that carries exactly this manifest it signs nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pades::{Digest, SignatureAlgorithm};
use serde_json::{Value, json};
use sigill_core::config::{self, EidKind, Municipality};
use sigill_core::eid::Evidence;
use sigill_core::identity::PersonalIdentityNumber;
use sigill_core::jose;
use sigill_core::manifest::{Manifest, ManifestDocument};
use sigill_core::ports::{Clock, HttpClient, HttpError, SignCommand, SignDocumentHash, SignError, SigningKey};
use sigill_core::use_case::Signing;
use sigill_core::{SignRequestId, TransactionId};
use sigill_local::certificates::LocalPki;
use sigill_local::data_folder::DataFolder;
use sigill_local::journal::Journal;
use sigill_machine::{SoftwareKey, SoftwareOneTimeKeys, SystemClock, SystemRandom, generate};
use sigill_tests::server::folder;

const PERSON: &str = "189001019802";

/// Publishes a JWK Set.
struct Publishes(Value);

#[async_trait]
impl HttpClient for Publishes {
    async fn send(&self, _: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError> {
        Ok(http::Response::new(self.0.to_string().into_bytes()))
    }
}

struct Bench {
    signing: Signing,
    provider: Arc<SoftwareKey>,
    keys: Value,
    municipality: Arc<Municipality>,
}

async fn bench() -> Bench {
    let folder = DataFolder::open(&folder()).unwrap();
    let municipality =
        Arc::new(config::parse("local.toml", "local", include_str!("../../common/config/local.toml"), Timestamp::now()).unwrap());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random = Arc::new(SystemRandom::default());
    let pki = LocalPki::open(&folder, &municipality, &*random, clock.now()).await.unwrap();
    let keys = json!({ "keys": [jose::public_jwk(&pki.eid_key.public_key().await.unwrap()).unwrap()] });
    let signing = Signing {
        municipality: municipality.clone(),
        root: pki.ca.root_file.clone(),
        ca_key: pki.ca.key.clone(),
        one_time_keys: Arc::new(SoftwareOneTimeKeys::default()),
        journal: Arc::new(Journal::open(&folder.journal(), municipality.retention.after_end).unwrap()),
        http: Arc::new(Publishes(keys.clone())),
        clock,
        random,
    };
    Bench { signing, provider: pki.eid_key.clone(), keys, municipality }
}

impl Bench {
    fn manifest(&self) -> Manifest {
        let now = Timestamp::now();
        Manifest {
            version: 1,
            municipality: "local".to_owned(),
            sign_request: SignRequestId::random(&*self.signing.random),
            transaction: TransactionId::random(&*self.signing.random),
            requester: "arvodesrakning".to_owned(),
            provider: "test-eid".to_owned(),
            documents: vec![ManifestDocument {
                name: "a.pdf".to_owned(),
                shown: Digest::of(b"shown"),
                to_be_signed: Digest::of(b"to be signed").into(),
            }],
            algorithm: SignatureAlgorithm::default(),
            signer: Some(PersonalIdentityNumber::try_from(PERSON.to_owned()).unwrap()),
            started: now,
            expires: now + SignedDuration::from_mins(5),
            salt: "00".repeat(32),
        }
    }

    /// Claims that are right for `manifest`.
    fn claims(&self, manifest: &Manifest) -> Value {
        let EidKind::Oidc(oidc) = &self.municipality.eid_providers["test-eid"].kind;
        let now = Timestamp::now().as_second();
        json!({
            "iss": oidc.issuer, "aud": oidc.client_id, "sub": "pseudonym", "iat": now, "exp": now + 300, "auth_time": now,
            "nonce": manifest.hash().nonce(), "acr": "http://id.elegnamnden.se/loa/1.0/loa3", "jti": "j", "name": "Åsa Öberg",
            "given_name": "Åsa", "family_name": "Öberg", "https://id.oidc.se/claim/personalIdentityNumber": PERSON,
        })
    }

    async fn sign(&self, manifest: &Manifest, id_token: String, keys: &Value) -> Result<sigill_core::ports::SignOutcome, SignError> {
        let evidence = Evidence::Oidc { provider: "test-eid".to_owned(), id_token, keys: keys.clone() };
        self.signing.sign(&SignCommand { manifest: manifest.to_bytes(), evidence }).await
    }

    /// The reason code for a token with `change` made to right claims.
    async fn refused(&self, change: impl FnOnce(&mut Value)) -> String {
        let manifest = self.manifest();
        let mut claims = self.claims(&manifest);
        change(&mut claims);
        let token = jose::sign(&*self.provider, "JWT", &claims).await.unwrap();
        code(self.sign(&manifest, token, &self.keys).await)
    }
}

fn code(outcome: Result<sigill_core::ports::SignOutcome, SignError>) -> String {
    match outcome {
        Err(SignError::Refused { code }) => code,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn right_evidence_is_signed_once_and_a_repetition_gives_the_first_outcome() {
    let bench = bench().await;
    let manifest = bench.manifest();
    let token = jose::sign(&*bench.provider, "JWT", &bench.claims(&manifest)).await.unwrap();
    let first = bench.sign(&manifest, token.clone(), &bench.keys).await.unwrap();
    assert_eq!((first.signatures.len(), first.certificates.len()), (1, 2));
    assert_eq!(bench.sign(&manifest, token, &bench.keys).await.unwrap(), first);
}

#[tokio::test]
async fn a_manifest_that_was_tampered_with_is_refused() {
    let bench = bench().await;
    let manifest = bench.manifest();
    let token = jose::sign(&*bench.provider, "JWT", &bench.claims(&manifest)).await.unwrap();
    let mut document = manifest.clone();
    document.documents[0].to_be_signed = Digest::of(b"something else").into();
    let mut person = manifest.clone();
    person.signer = None;
    let mut later = manifest.clone();
    later.expires = manifest.expires + SignedDuration::from_hours(1);
    for tampered in [document, person, later] {
        assert_eq!(code(bench.sign(&tampered, token.clone(), &bench.keys).await), "evidence_manifest");
    }
    let evidence = Evidence::Oidc { provider: "test-eid".to_owned(), id_token: token, keys: bench.keys.clone() };
    let mut bytes = manifest.to_bytes();
    bytes.push(b' ');
    assert_eq!(code(bench.signing.sign(&SignCommand { manifest: bytes, evidence }).await), "manifest");
}

#[tokio::test]
async fn a_token_by_another_key_or_algorithm_is_refused() {
    let bench = bench().await;
    let manifest = bench.manifest();
    let stranger = SoftwareKey::from_pkcs8(&generate()).unwrap();
    let token = jose::sign(&stranger, "JWT", &bench.claims(&manifest)).await.unwrap();
    assert_eq!(code(bench.sign(&manifest, token.clone(), &bench.keys).await), "evidence_key");
    // Keys that come with the evidence are not believed: the function fetches the provider's own.
    let own = json!({ "keys": [jose::public_jwk(&stranger.public_key().await.unwrap()).unwrap()] });
    assert_eq!(code(bench.sign(&manifest, token.clone(), &own).await), "evidence_key");
    let payload = token.split('.').nth(1).unwrap();
    for (header, expected) in [
        (r#"{"alg":"none"}"#, "evidence_algorithm"),
        (r#"{"alg":"HS256"}"#, "evidence_algorithm"),
        (r#"{"alg":"RS256"}"#, "evidence_algorithm"),
        (r#"{"alg":"ES256"}"#, "evidence_signature"),
        (r#"{"alg":"ES256","crit":["b64"]}"#, "evidence_signature"),
    ] {
        use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
        let forged = format!("{}.{payload}.{}", BASE64_URL_SAFE_NO_PAD.encode(header), BASE64_URL_SAFE_NO_PAD.encode([1; 64]));
        assert_eq!(code(bench.sign(&manifest, forged, &bench.keys).await), expected, "{header}");
    }
}

#[tokio::test]
async fn every_wrong_claim_is_refused() {
    let bench = bench().await;
    let now = Timestamp::now().as_second();
    assert_eq!(bench.refused(|c| c["iss"] = json!("https://other.example")).await, "evidence_issuer");
    assert_eq!(bench.refused(|c| c["aud"] = json!("other")).await, "evidence_audience");
    assert_eq!(bench.refused(|c| c["aud"] = json!(["sigill-local", "other"])).await, "evidence_audience");
    assert_eq!(bench.refused(|c| c["azp"] = json!("other")).await, "evidence_audience");
    assert_eq!(bench.refused(|c| c["nonce"] = json!("other")).await, "evidence_manifest");
    assert_eq!(bench.refused(|c| c["auth_time"] = json!(now - 3600)).await, "evidence_time");
    assert_eq!(bench.refused(|c| c["iat"] = json!(now + 3600)).await, "evidence_time");
    assert_eq!(bench.refused(|c| c["exp"] = json!(now + 86_400)).await, "evidence_time");
    assert_eq!(bench.refused(|c| c["acr"] = json!("http://id.elegnamnden.se/loa/1.0/loa2")).await, "level_of_assurance");
    assert_eq!(bench.refused(|c| c["acr"] = json!("http://id.swedenconnect.se/loa/1.0/uncertified-loa3")).await, "level_of_assurance");
    assert_eq!(bench.refused(|c| c["acr"] = Value::Null).await, "level_of_assurance");
    assert_eq!(bench.refused(|c| c["given_name"] = Value::Null).await, "identity_incomplete");
    let number = "https://id.oidc.se/claim/personalIdentityNumber";
    assert_eq!(bench.refused(|c| c[number] = json!("189001029819")).await, "wrong_person");
    assert_eq!(bench.refused(|c| c["https://id.oidc.se/claim/coordinationNumber"] = json!(PERSON)).await, "identity_incomplete");
    // A certificate has room for 128 bytes, and an ampersand takes five of them.
    assert_eq!(bench.refused(|c| c["family_name"] = json!("&".repeat(26))).await, "name_too_long");
}

#[tokio::test]
async fn what_was_not_hashed_as_its_suite_hashes_is_refused() {
    let bench = bench().await;
    let mut manifest = bench.manifest();
    manifest.algorithm = SignatureAlgorithm::EcdsaP384Sha384;
    let token = jose::sign(&*bench.provider, "JWT", &bench.claims(&manifest)).await.unwrap();
    assert_eq!(code(bench.sign(&manifest, token, &bench.keys).await), "manifest");
}

#[tokio::test]
async fn a_suite_that_ends_before_the_certificate_would_is_refused() {
    let mut bench = bench().await;
    let mut manifest = bench.manifest();
    manifest.algorithm = SignatureAlgorithm::RsaPkcs1_3072Sha256;
    let local = include_str!("../../common/config/local.toml");
    let today = Timestamp::now().strftime("%F").to_string();
    let text = local
        .replace("[visible_signature]", &format!("[signature.suite_ends]\nrsa-pkcs1-3072-sha256 = \"{today}\"\n\n[visible_signature]"));
    bench.signing.municipality = Arc::new(config::parse("local.toml", "local", &text, Timestamp::now()).unwrap());
    let token = jose::sign(&*bench.provider, "JWT", &bench.claims(&manifest)).await.unwrap();
    assert_eq!(code(bench.sign(&manifest, token, &bench.keys).await), "algorithm");
}

#[tokio::test]
async fn an_expired_request_is_refused() {
    let bench = bench().await;
    let mut manifest = bench.manifest();
    manifest.started = Timestamp::now() - SignedDuration::from_secs(30);
    manifest.expires = Timestamp::now() - SignedDuration::from_secs(10);
    let token = jose::sign(&*bench.provider, "JWT", &bench.claims(&manifest)).await.unwrap();
    assert_eq!(code(bench.sign(&manifest, token, &bench.keys).await), "request_expired");
}

#[tokio::test]
async fn another_municipality_or_provider_is_refused() {
    let bench = bench().await;
    let mut other = bench.manifest();
    other.municipality = "timra".to_owned();
    let token = jose::sign(&*bench.provider, "JWT", &bench.claims(&other)).await.unwrap();
    assert_eq!(code(bench.sign(&other, token, &bench.keys).await), "manifest");
}
