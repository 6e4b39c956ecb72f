//! The binary, as Lambda runs it, with a document much larger than its memory, in an emulator of S3.
#![allow(clippy::unwrap_used, missing_docs)]

use pades::{BaselineLevel, Digest, DigestAlgorithm, NewField, SignatureField};
use serde_json::json;
use sigill_aws::config::{Access, sdk_config};
use sigill_aws::s3::S3Documents;
use sigill_core::SignRequestId;
use sigill_core::ports::{
    Announced, AssembleAnswer, AssembleCommand, AssembleError, CompleteCommand, CompleteDocument, Disposition, DocumentSignature,
    PrepareCommand, PrepareDocument, Transfers, VisibleSignature,
};
use sigill_tests::browser::{request, request_bytes};
use sigill_tests::emulator::Emulator;
use sigill_tests::notary::{Notary, now};
use sigill_tests::pdf::padded;
use sigill_tests::runtime_api::{Answer, Function};

const BINARY: &str = env!("CARGO_BIN_EXE_assemble-pades");
const LARGE: usize = 100_000_000;

async fn ask(function: &mut Function, command: &AssembleCommand) -> AssembleAnswer {
    let Answer::Response(answer) = function.invoke(&json!(command).to_string()).await else { panic!("the function failed") };
    serde_json::from_value::<Result<_, AssembleError>>(answer).unwrap().unwrap()
}

#[tokio::test]
async fn a_large_document_is_prepared_and_completed_without_being_held() {
    let Some(emulator) = Emulator::start().await else { return };
    let bucket = "<CreateBucketConfiguration><LocationConstraint>eu-north-1</LocationConstraint></CreateBucketConfiguration>";
    assert_eq!(request("PUT", &format!("{}/documents", emulator.base), &[], Some(bucket)).status, 200);
    let access = Access {
        region: "eu-north-1".to_owned(),
        key: "test".to_owned(),
        secret: "test".to_owned(),
        session: None,
        endpoint: Some(emulator.base.clone()),
    };
    let store = S3Documents::new(&sdk_config(access).unwrap(), "documents".to_owned());
    let size: usize = std::env::var("SIGILL_LARGE").ok().and_then(|size| size.parse().ok()).unwrap_or(LARGE);
    let pdf = padded(size);
    let id = SignRequestId::try_from("0123456789abcdef0123456789abcdef".to_owned()).unwrap();
    let current = Digest::of(&pdf);
    let upload = store.upload(&id, &Announced { size: pdf.len() as u64, sha256: current }, now()).await.unwrap();
    let headers: Vec<_> = upload.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(request_bytes("PUT", upload.url.as_str(), &headers, &pdf).status, 200);

    let mut function = Function::start_with(BINARY, &[("AWS_ENDPOINT_URL", &emulator.base)]).await;
    let before = function.peak_memory();
    let prepare = PrepareCommand {
        sign_request: id.clone(),
        documents: vec![PrepareDocument { current }],
        lines: vec!["Åsa Öberg".to_owned()],
        field: SignatureField::New(NewField { name: "Signature_1".to_owned(), label: "Underskrift".to_owned() }),
        signer_name: "Åsa Öberg".to_owned(),
        reason: "Karta".to_owned(),
        visible: VisibleSignature::Automatic,
        signing_time: now(),
        contents_capacity: 6_000,
        digest: DigestAlgorithm::default(),
    };
    let AssembleAnswer::Prepared(prepared) = ask(&mut function, &AssembleCommand::Prepare(prepare)).await else { panic!() };
    let notary = Notary::default();
    let document = prepared[0].document_digest();
    let (attributes, signature, certificate) = notary.signature(&document);
    let signed_attributes = attributes.to_be_signed().to_vec();
    let complete = CompleteCommand {
        sign_request: id.clone(),
        documents: vec![CompleteDocument {
            current,
            prepared: prepared[0].clone(),
            signature: DocumentSignature { document, signed_attributes, signature },
        }],
        certificates: vec![certificate, notary.root().to_vec()],
        level: BaselineLevel::B,
    };
    let AssembleAnswer::Completed(completion) = ask(&mut function, &AssembleCommand::Complete(complete)).await else { panic!() };
    let peak = function.peak_memory();
    println!("{} MiB at the start, {} MiB at the peak, for a document of {} MiB", before >> 20, peak >> 20, pdf.len() >> 20);
    assert!(peak < 80 << 20, "the document was held: {peak} bytes");

    let signed = store.download(&id, &completion.documents[0].digest, Disposition::Attachment, now()).await.unwrap();
    let signed = request("GET", signed.as_str(), &[], None).body;
    assert!(signed.starts_with(&pdf), "earlier bytes are untouched");
    assert_eq!(pades::verify_signatures(&signed).unwrap().len(), 1);
    function.assert_log_tells_nobody();
}
