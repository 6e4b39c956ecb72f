use base64::{Engine, prelude::BASE64_STANDARD};
use pades::{DigestAlgorithm, SignatureAlgorithm};
use serde_json::{Value, json};
use sigill_aws::kms::{KmsKey, KmsOneTimeKeys, SigningRole};
use sigill_core::TransactionId;
use sigill_core::ports::{KeyError, OneTimeKey, OneTimeKeys, SigningKey, ToBeSigned};

use crate::replay::{Replay, error, json as answer, replay};

const ARN: &str = "arn:aws:kms:eu-north-1:111122223333:key/1";

fn transaction() -> TransactionId {
    TransactionId::try_from("0123456789abcdef0123456789abcdef".to_owned()).unwrap()
}

fn keys(replay: &Replay) -> KmsOneTimeKeys {
    let role = SigningRole::parse("arn:aws:iam::111122223333:role/sign").unwrap();
    KmsOneTimeKeys::new(&replay.config, "sigill-timra".to_owned(), role)
}

fn one_time() -> OneTimeKey {
    OneTimeKey { reference: ARN.to_owned(), public_key: b"spki".to_vec(), algorithm: SignatureAlgorithm::default() }
}

#[tokio::test]
async fn only_the_digest_is_sent_for_signing() {
    let replay = replay(vec![answer(json!({ "Signature": BASE64_STANDARD.encode(b"value") }))]);
    let message = ToBeSigned::new(&b"signed attributes"[..]);
    let signature = KmsKey::new(&replay.config, ARN.to_owned()).sign(&message).await.unwrap();
    assert_eq!(signature, b"value");
    let asked = &replay.asked()[0];
    assert_eq!(asked.operation, "Sign");
    let expected = json!({
        "KeyId": ARN, "Message": BASE64_STANDARD.encode(message.digest(DigestAlgorithm::Sha256).as_bytes()), "MessageType": "DIGEST", "SigningAlgorithm": "ECDSA_SHA_256",
    });
    assert_eq!(asked.json(), expected);
}

#[tokio::test]
async fn a_public_key_is_asked_for_once() {
    let replay = replay(vec![answer(json!({ "PublicKey": BASE64_STANDARD.encode(b"spki") }))]);
    let key = KmsKey::new(&replay.config, ARN.to_owned());
    assert_eq!(key.public_key().await.unwrap(), b"spki");
    assert_eq!(key.public_key().await.unwrap(), b"spki");
    assert_eq!(replay.asked().len(), 1);
}

#[tokio::test]
async fn a_one_time_key_is_tagged_and_waited_for_until_it_is_known() {
    let created = json!({ "KeyMetadata": { "KeyId": "1", "Arn": ARN } });
    let known = json!({ "PublicKey": BASE64_STANDARD.encode(b"spki") });
    let replay = replay(vec![answer(created), error("NotFoundException"), error("NotFoundException"), answer(known)]);
    let key = keys(&replay).create(&transaction(), SignatureAlgorithm::default()).await.unwrap();
    assert_eq!(key, one_time());
    let asked = replay.asked();
    let mut created = asked[0].json();
    let policy: Value = serde_json::from_str(created["Policy"].take().as_str().unwrap()).unwrap();
    let expected = json!({
        "Policy": null, "BypassPolicyLockoutSafetyCheck": true, "KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY",
        "Description": "Sigill one-time key of transaction 0123456789abcdef0123456789abcdef",
        "Tags": [{ "TagKey": "sigill:stack", "TagValue": "sigill-timra" }, { "TagKey": "sigill:purpose", "TagValue": "one-time" }],
    });
    assert_eq!(created, expected);
    assert_only_the_role_signs_digests(&policy, "ECDSA_SHA_256");
    assert_eq!(
        asked.iter().map(|asked| asked.operation.as_str()).collect::<Vec<_>>(),
        ["CreateKey", "GetPublicKey", "GetPublicKey", "GetPublicKey"]
    );
}

#[tokio::test]
async fn each_suite_has_its_kind_of_key_its_algorithm_and_its_digest() {
    for (algorithm, spec, signing, length) in [
        (SignatureAlgorithm::EcdsaP256Sha256, "ECC_NIST_P256", "ECDSA_SHA_256", 32),
        (SignatureAlgorithm::EcdsaP384Sha384, "ECC_NIST_P384", "ECDSA_SHA_384", 48),
        (SignatureAlgorithm::RsaPss3072Sha256, "RSA_3072", "RSASSA_PSS_SHA_256", 32),
        (SignatureAlgorithm::RsaPss4096Sha512, "RSA_4096", "RSASSA_PSS_SHA_512", 64),
        (SignatureAlgorithm::RsaPkcs1_3072Sha256, "RSA_3072", "RSASSA_PKCS1_V1_5_SHA_256", 32),
        (SignatureAlgorithm::RsaPkcs1_4096Sha512, "RSA_4096", "RSASSA_PKCS1_V1_5_SHA_512", 64),
    ] {
        let created = json!({ "KeyMetadata": { "KeyId": "1", "Arn": ARN } });
        let known = json!({ "PublicKey": BASE64_STANDARD.encode(b"spki") });
        let signed = json!({ "Signature": BASE64_STANDARD.encode(b"value") });
        let replay = replay(vec![answer(created), answer(known), answer(signed)]);
        let key = keys(&replay).create(&transaction(), algorithm).await.unwrap();
        keys(&replay).sign(&key, &ToBeSigned::new(&b"x"[..])).await.unwrap();
        let asked = replay.asked();
        assert_eq!(asked[0].json()["KeySpec"], spec);
        let policy = serde_json::from_str(asked[0].json()["Policy"].as_str().unwrap()).unwrap();
        assert_only_the_role_signs_digests(&policy, signing);
        let sign = asked[2].json();
        assert_eq!((&sign["SigningAlgorithm"], &sign["MessageType"]), (&json!(signing), &json!("DIGEST")));
        assert_eq!(BASE64_STANDARD.decode(sign["Message"].as_str().unwrap()).unwrap().len(), length);
    }
}

#[tokio::test]
async fn a_key_that_gives_no_public_key_is_not_left_behind() {
    let created = json!({ "KeyMetadata": { "KeyId": "1", "Arn": ARN } });
    let replay = replay(vec![answer(created), error("KMSInternalException"), answer(json!({}))]);
    let failed = keys(&replay).create(&transaction(), SignatureAlgorithm::default()).await;
    assert!(matches!(failed, Err(KeyError::Unavailable(reason)) if reason == "KMSInternalException"));
    assert_eq!(replay.asked()[2].operation, "ScheduleKeyDeletion");
}

#[tokio::test]
async fn destroying_a_key_schedules_the_earliest_deletion_and_may_be_repeated() {
    let replay = replay(vec![answer(json!({})), error("KMSInvalidStateException"), error("NotFoundException")]);
    let keys = keys(&replay);
    for _ in 0..3 {
        keys.destroy(&one_time()).await.unwrap();
    }
    assert_eq!(replay.asked()[0].json(), json!({ "KeyId": ARN, "PendingWindowInDays": 7 }));
}

#[tokio::test]
async fn errors_of_kms_tell_a_lost_key_from_one_that_can_be_used_later() {
    let codes =
        ["DisabledException", "KMSInvalidStateException", "ThrottlingException", "AccessDeniedException", "InvalidKeyUsageException"];
    let replay = replay(codes.iter().map(|code| error(code)).collect());
    let keys = keys(&replay);
    let mut told = Vec::new();
    for _ in codes {
        told.push(keys.sign(&one_time(), &ToBeSigned::new(&b"x"[..])).await.unwrap_err().to_string());
    }
    let later = |code: &str| format!("the key service does not answer: {code}");
    let gone = "the key is gone".to_owned();
    assert_eq!(told, [gone.clone(), gone, later(codes[2]), later(codes[3]), later(codes[4])]);
}

fn assert_only_the_role_signs_digests(policy: &Value, algorithm: &str) {
    let statements = policy["Statement"].as_array().unwrap();
    let signs = |statement: &&Value| statement["Action"].as_array().unwrap().contains(&json!("kms:Sign"));
    let signing: Vec<_> = statements.iter().filter(signs).collect();
    assert_eq!(signing.len(), 1);
    assert_eq!(signing[0]["Principal"]["AWS"], "arn:aws:iam::111122223333:role/sign");
    let digests = json!({ "StringEquals": { "kms:MessageType": "DIGEST", "kms:SigningAlgorithm": algorithm } });
    assert_eq!(signing[0]["Condition"], digests);
    assert!(!policy.to_string().contains("kms:*"));
    assert_eq!(statements[0]["Principal"]["AWS"], "arn:aws:iam::111122223333:root");
}

#[test]
fn only_the_arn_of_a_role_names_a_role() {
    for wrong in ["", "sign", "arn:aws:iam::111122223333:user/sign", "arn:aws:sts::111122223333:assumed-role/sign/x"] {
        assert!(SigningRole::parse(wrong).is_err(), "{wrong}");
    }
    assert!(SigningRole::parse("arn:aws-eusc:iam::111122223333:role/path/sign").is_ok());
}
