//! Levels: raised and renewed later, kept as high as the authorities allow, never at the price of the signature.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use pades::{
    BaselineLevel, Digest, NewField, Prepared, SignatureAlgorithm, SignatureField, SignatureParameters, SignedAttributes, Visibility,
};
use sigill_core::SignRequestId;
use sigill_core::certificate::{Serial, assemble, root as root_certificate};
use sigill_core::config::{EidKind, parse};
use sigill_core::identity::{IdentityAssertion, Names};
use sigill_core::ports::{
    AssemblePades, CompleteCommand, CompleteDocument, DocumentSignature, DocumentStore, DocumentStoreError, ExtendCommand,
    NoRevocationData, RevocationData, RevocationSource, SigningKey, TimeStampAuthority, TimeStampError, ToBeSigned,
};
use sigill_core::use_case::{Assembly, contents_capacity};
use sigill_machine::{SoftwareKey, SystemRandom, generate};
use sigill_tests::judges::{assert_signed, tool};
use sigill_tests::pdf::one_page;
use sigill_tests::server::folder;
use sigill_tests::signing::{root, sigill};

#[test]
fn a_signature_is_raised_level_by_level_and_renewed() {
    let at = folder();
    std::fs::write(at.join("in.pdf"), one_page("", "")).unwrap();
    assert!(sigill(&at, &["sign", "in.pdf", "B-B.pdf", "--level", "B-B"]).status.success());
    let anchor = root(&at);
    let steps = [("B-B", "B-T", 1), ("B-T", "B-LT", 1), ("B-LT", "B-LTA", 2), ("B-LTA", "renewed", 3)];
    for (from, to, timestamps) in steps {
        let level = if to == "renewed" { "B-LTA" } else { to };
        let output = sigill(&at, &["extend", &format!("{from}.pdf"), &format!("{to}.pdf"), "--level", level]);
        assert!(output.status.success(), "{to}: {}", String::from_utf8_lossy(&output.stderr));
        let (before, after) = (at.join(format!("{from}.pdf")), at.join(format!("{to}.pdf")));
        assert!(std::fs::read(&after).unwrap().starts_with(&std::fs::read(before).unwrap()), "earlier bytes are untouched");
        assert_signed(&anchor, &after, 1, timestamps, &level[2..]);
    }
}

#[test]
fn what_is_not_signed_or_does_not_verify_is_not_extended() {
    let at = folder();
    std::fs::write(at.join("in.pdf"), one_page("", "")).unwrap();
    assert!(sigill(&at, &["sign", "in.pdf", "signed.pdf"]).status.success());
    let mut changed = std::fs::read(at.join("signed.pdf")).unwrap();
    let place = changed.windows(6).position(|window| window == b"Arvode").unwrap();
    changed[place] ^= 1;
    std::fs::write(at.join("changed.pdf"), changed).unwrap();
    for (input, code) in [("in.pdf", "unsigned"), ("changed.pdf", "signature_invalid")] {
        let output = sigill(&at, &["extend", input, "out.pdf"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains(code) && !at.join("out.pdf").exists(), "{said}");
    }
}

/// An authority with a chain of RSA 4096 keys, by openssl.
struct OpensslTsa(PathBuf);

impl OpensslTsa {
    fn new() -> Option<Self> {
        tool("openssl", None)?;
        let at = folder();
        let script = "
            openssl req -x509 -newkey rsa:4096 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=root 2>/dev/null
            printf 'basicConstraints=critical,CA:true' > ca.ext
            printf 'extendedKeyUsage=critical,timeStamping' > tsa.ext
            issue() {
                openssl req -newkey rsa:4096 -nodes -keyout $1.key -out $1.csr -subj /CN=$1 2>/dev/null
                openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -CAcreateserial -days 30 -extfile $3.ext -out $1.pem 2>/dev/null
            }
            issue middle ca ca && issue tsa middle tsa && cat middle.pem ca.pem > chain.pem && echo 01 > serial
            printf '[tsa]\\ndefault_tsa=t\\n[t]\\nserial=serial\\nsigner_cert=tsa.pem\\nsigner_key=tsa.key\\ncerts=chain.pem\\nsigner_digest=sha256\\ndefault_policy=1.2.3.4\\ndigests=sha256\\ness_cert_id_alg=sha256\\n' > cnf
        ";
        assert!(Command::new("sh").args(["-ec", script]).current_dir(&at).status().unwrap().success());
        Some(Self(at))
    }
}

#[async_trait]
impl TimeStampAuthority for OpensslTsa {
    async fn time_stamp(&self, request: &[u8]) -> Result<Vec<u8>, TimeStampError> {
        std::fs::write(self.0.join("q"), request).unwrap();
        let arguments = ["ts", "-reply", "-config", "cnf", "-queryfile", "q", "-out", "r"];
        assert!(Command::new("openssl").args(arguments).current_dir(&self.0).output().unwrap().status.success());
        Ok(std::fs::read(self.0.join("r")).unwrap())
    }
}

struct Down;

#[async_trait]
impl TimeStampAuthority for Down {
    async fn time_stamp(&self, _: &[u8]) -> Result<Vec<u8>, TimeStampError> {
        Err(TimeStampError("down".to_owned()))
    }
}

struct NoLists;

#[async_trait]
impl RevocationSource for NoLists {
    async fn collect(&self, _: &[Vec<u8>]) -> Result<RevocationData, NoRevocationData> {
        Ok(RevocationData::default())
    }
}

#[derive(Default)]
struct Documents(Mutex<HashMap<Digest, Vec<u8>>>);

#[async_trait]
impl DocumentStore for Documents {
    async fn put(&self, _: &SignRequestId, bytes: &[u8]) -> Result<Digest, DocumentStoreError> {
        self.0.lock().unwrap().insert(Digest::of(bytes), bytes.to_vec());
        Ok(Digest::of(bytes))
    }

    async fn get(&self, _: &SignRequestId, digest: &Digest) -> Result<Vec<u8>, DocumentStoreError> {
        self.0.lock().unwrap().get(digest).cloned().ok_or(DocumentStoreError::Missing(*digest))
    }

    async fn forget(&self, _: &SignRequestId) -> Result<(), DocumentStoreError> {
        Ok(())
    }
}

/// A document prepared with room for `capacity` bytes, its signature, and where both are.
struct Signed {
    documents: Arc<Documents>,
    request: SignRequestId,
    command: CompleteCommand,
}

impl Signed {
    async fn new(capacity: usize) -> Self {
        let (documents, random) = (Arc::new(Documents::default()), SystemRandom::default());
        let request = SignRequestId::random(&random);
        let pdf = one_page("", "");
        let current = documents.put(&request, &pdf).await.unwrap();
        let prepared: Prepared = pades::prepare(&pdf, &parameters(capacity)).unwrap();
        let municipality = parse("local.toml", "local", include_str!("../../common/config/local.toml"), Timestamp::now()).unwrap();
        let key = SoftwareKey::from_pkcs8(&generate()).unwrap();
        let public = key.public_key().await.unwrap();
        let tbs = root_certificate(&municipality.signature, &public, Serial::random(&random), Timestamp::now()).unwrap();
        let certificate = assemble(&tbs, &key.sign(&ToBeSigned::new(&*tbs)).await.unwrap()).unwrap();
        let attributes = SignedAttributes::new(&prepared.document_digest(), &certificate, SignatureAlgorithm::EcdsaP256Sha256).unwrap();
        let signature = DocumentSignature {
            document: prepared.document_digest(),
            signature: key.sign(&ToBeSigned::new(attributes.to_be_signed())).await.unwrap(),
            signed_attributes: attributes.to_be_signed().to_vec(),
        };
        let command = CompleteCommand {
            sign_request: request.clone(),
            documents: vec![CompleteDocument { current, prepared, signature }],
            certificates: vec![certificate],
            level: BaselineLevel::Lta,
        };
        Self { documents, request, command }
    }

    fn assembly(&self, time_stamp_authority: Arc<dyn TimeStampAuthority>) -> Assembly {
        Assembly {
            documents: self.documents.clone(),
            time_stamp_authority,
            revocation: Arc::new(NoLists),
            random: Arc::new(SystemRandom::default()),
            logo: None,
            pre_sign_check: Some(pades::presign::Policy::default()),
        }
    }
}

fn parameters(contents_capacity: usize) -> SignatureParameters {
    SignatureParameters {
        field: SignatureField::New(NewField { name: "Signature".to_owned(), label: "Signature".to_owned() }),
        visibility: Visibility::Invisible,
        appearance: None,
        signing_time: 0,
        reason: None,
        location: None,
        contact: None,
        signer_name: None,
        contents_capacity,
    }
}

fn verified(signed: &Signed, digest: &Digest) -> pades::Verification {
    pades::verify(&signed.documents.0.lock().unwrap()[digest]).unwrap()
}

#[tokio::test]
async fn a_token_with_a_chain_of_rsa_4096_keys_fits_the_room_that_is_made_for_it() {
    let Some(tsa) = OpensslTsa::new() else { return };
    let signed = Signed::new(room(None)).await;
    let assembly = signed.assembly(Arc::new(tsa));
    let completion = assembly.complete(&signed.command).await.unwrap();
    let found = verified(&signed, &completion.documents[0].digest);
    assert_eq!(completion.documents[0].achieved, BaselineLevel::Lta);
    assert!(found.signatures[0].timestamp.is_some(), "the token is in the signature");
    assert_eq!(found.document_timestamps.len(), 1, "the store is in the revision of its timestamp");
    assert!(completion.last_token.unwrap() > 4_096, "{:?}", completion.last_token);

    let next = Signed::new(room(completion.last_token)).await;
    let completion = next.assembly(assembly.time_stamp_authority.clone()).complete(&next.command).await.unwrap();
    let found = verified(&next, &completion.documents[0].digest);
    assert!(found.signatures[0].timestamp.is_some(), "a token as large as the last one fits");
}

/// What a signer who may have any name gets.
fn room(last_token: Option<usize>) -> usize {
    let municipality = parse("local.toml", "local", include_str!("../../common/config/local.toml"), Timestamp::now()).unwrap();
    let EidKind::Oidc(provider) = &municipality.eid_providers.values().next().unwrap().kind;
    let longest = IdentityAssertion::longest(Names::longest(), provider);
    contents_capacity(&municipality, SignatureAlgorithm::default(), &longest, BaselineLevel::Lta, last_token, Timestamp::now()).unwrap()
}

#[tokio::test]
async fn a_token_that_does_not_fit_becomes_a_document_timestamp() {
    let Some(tsa) = OpensslTsa::new() else { return };
    let signed = Signed::new(1_500).await;
    let completion = signed.assembly(Arc::new(tsa)).complete(&signed.command).await.unwrap();
    let found = verified(&signed, &completion.documents[0].digest);
    assert_eq!(completion.documents[0].achieved, BaselineLevel::Lta);
    assert_eq!((found.signatures[0].timestamp, found.document_timestamps.len()), (None, 2));
}

#[tokio::test]
async fn without_an_authority_the_signature_is_kept_and_raised_when_one_is_back() {
    let signed = Signed::new(1_500).await;
    let completion = signed.assembly(Arc::new(Down)).complete(&signed.command).await.unwrap();
    let kept = &completion.documents[0];
    assert_eq!(kept.achieved, BaselineLevel::B, "no more is claimed than was reached");
    let extend =
        ExtendCommand { sign_request: signed.request.clone(), documents: vec![kept.digest], level: BaselineLevel::Lta, last_token: None };
    let again = signed.assembly(Arc::new(Down)).extend(&extend).await.unwrap();
    assert_eq!(again.documents[0], *kept, "nothing was changed in vain");
    let Some(tsa) = OpensslTsa::new() else { return };
    let raised = signed.assembly(Arc::new(tsa)).extend(&extend).await.unwrap();
    assert_eq!(raised.documents[0].achieved, BaselineLevel::Lta);
    let bytes = |digest: &Digest| signed.documents.0.lock().unwrap()[digest].clone();
    assert!(bytes(&raised.documents[0].digest).starts_with(&bytes(&kept.digest)));
}

#[test]
fn a_plain_signature_by_one_certificate_adds_five_kilobytes_at_most() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let probe = Signed::new(0).await;
        let capacity = pades::placeholder_capacity(&probe.command.certificates, SignatureAlgorithm::EcdsaP256Sha256, None).unwrap();
        let signed = Signed::new(capacity).await;
        let command = CompleteCommand { level: BaselineLevel::B, ..signed.command.clone() };
        let completion = signed.assembly(Arc::new(Down)).complete(&command).await.unwrap();
        let added = completion.documents[0].size - command.documents[0].prepared.base_length;
        assert!(added <= 5 * 1_024, "{added} bytes");
    });
}
