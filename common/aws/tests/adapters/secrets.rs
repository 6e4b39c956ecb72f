use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;
use sigill_aws::secrets::{SecretKey, SecretsManager};
use sigill_core::config::SecretName;
use sigill_core::ports::{SecretError, Secrets, SigningKey, ToBeSigned};
use sigill_machine::generate;

use crate::replay::{error, json as answer, replay};

/// PKCS #8 as PEM.
fn pem() -> String {
    format!(
        "-----BEGIN PRIVATE KEY-----
{}
-----END PRIVATE KEY-----
",
        BASE64_STANDARD.encode(generate())
    )
}

#[tokio::test]
async fn a_secret_is_asked_for_once() {
    let replay = replay(vec![answer(json!({ "SecretString": "whsec_AA==" }))]);
    let secrets = SecretsManager::new(&replay.config);
    let name = SecretName::new("sigill/timra/webhook");
    assert_eq!(secrets.secret(&name).await.unwrap().expose(), "whsec_AA==");
    assert_eq!(secrets.secret(&name).await.unwrap().expose(), "whsec_AA==");
    assert_eq!(replay.asked().len(), 1);
    assert_eq!(replay.asked()[0].json(), json!({ "SecretId": "sigill/timra/webhook" }));
}

#[tokio::test]
async fn a_missing_secret_is_told_from_a_store_that_does_not_answer() {
    let replay =
        replay(vec![error("ResourceNotFoundException"), error("AccessDeniedException"), answer(json!({ "SecretBinary": "AA==" }))]);
    let secrets = SecretsManager::new(&replay.config);
    let name = SecretName::new("n");
    assert!(matches!(secrets.secret(&name).await, Err(SecretError::Missing(_))));
    assert!(matches!(secrets.secret(&name).await, Err(SecretError::Unavailable(reason)) if reason == "AccessDeniedException"));
    assert!(matches!(secrets.secret(&name).await, Err(SecretError::Missing(_))));
}

#[tokio::test]
async fn the_client_key_is_read_from_a_secret_when_it_is_first_used() {
    let replay = replay(vec![answer(json!({ "SecretString": "no key" })), answer(json!({ "SecretString": pem() }))]);
    let key = SecretKey::new(Arc::new(SecretsManager::new(&replay.config)), SecretName::new("no-key"));
    assert!(key.sign(&ToBeSigned::new(&b"m"[..])).await.is_err());
    let key = SecretKey::new(Arc::new(SecretsManager::new(&replay.config)), SecretName::new("key"));
    let signature = key.sign(&ToBeSigned::new(&b"m"[..])).await.unwrap();
    let public = key.public_key().await.unwrap();
    let point = &public[public.len() - 65..];
    let public = ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_ASN1, point);
    public.verify(b"m", &signature).unwrap();
    assert_eq!(replay.asked().len(), 2);
}
