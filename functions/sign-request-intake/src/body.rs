//! The body of a create, as it is on the wire.

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use pades::{BaselineLevel, Digest, Rect};
use serde::Deserialize;
use sigill_core::ports::{Announced, VisibleSignature};
use sigill_core::sign_request::Language;
use sigill_core::use_case::{Content, NewDocument, NewSignRequest, NewSigner, Violation};

/// `POST /v1/sign-requests`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateBody {
    customer_reference: String,
    title: String,
    message: Option<String>,
    #[serde(default)]
    language: Language,
    documents: Vec<DocumentBody>,
    signers: Vec<SignerBody>,
    return_url: String,
    expires: Option<Timestamp>,
    callback_url: Option<String>,
    signature_level: Option<BaselineLevel>,
    visible_signature: Option<VisibleBody>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DocumentBody {
    file_name: String,
    mime_type: String,
    content: Option<String>,
    size: Option<u64>,
    sha256: Option<String>,
}

impl DocumentBody {
    /// The bytes, or what they will be.
    fn content(&self, field: &str) -> Result<Content, Violation> {
        let wrong = |member: &str, message: &str| Violation { field: format!("{field}{member}"), message: message.to_owned() };
        match (&self.content, self.size, &self.sha256) {
            (Some(content), None, None) => {
                BASE64_STANDARD.decode(content).map(Content::Inline).map_err(|_| wrong(".content", "must be base64"))
            }
            (None, Some(size), Some(sha256)) => match sha256.parse::<Digest>() {
                Ok(sha256) => Ok(Content::Uploaded(Announced { size, sha256 })),
                Err(message) => Err(wrong(".sha256", &format!("is {message}"))),
            },
            _ => Err(wrong("", "must hold either content, or size and sha256")),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SignerBody {
    external_id: String,
    name: String,
    personal_identity_number: Option<String>,
    order: Option<u32>,
    #[serde(default)]
    allowed_identification: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum VisibleBody {
    Word(VisibleWord),
    Place(PlaceBody),
}

#[derive(Deserialize)]
enum VisibleWord {
    #[serde(rename = "none")]
    None,
    #[serde(rename = "signaturePage")]
    SignaturePage,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PlaceBody {
    page: usize,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl CreateBody {
    /// Decodes the documents.
    pub fn decode(self) -> Result<NewSignRequest, Vec<Violation>> {
        let mut violations = Vec::new();
        let mut documents = Vec::with_capacity(self.documents.len());
        for (index, document) in self.documents.into_iter().enumerate() {
            match document.content(&format!("documents[{index}]")) {
                Ok(content) => documents.push(NewDocument { file_name: document.file_name, mime_type: document.mime_type, content }),
                Err(violation) => violations.push(violation),
            }
        }
        if !violations.is_empty() {
            return Err(violations);
        }
        let signers = self.signers.into_iter().map(|signer| NewSigner {
            external_id: signer.external_id,
            name: signer.name,
            personal_identity_number: signer.personal_identity_number,
            order: signer.order,
            allowed_identification: signer.allowed_identification,
        });
        let visible_signature = match self.visible_signature {
            None => VisibleSignature::Automatic,
            Some(VisibleBody::Word(VisibleWord::None)) => VisibleSignature::None,
            Some(VisibleBody::Word(VisibleWord::SignaturePage)) => VisibleSignature::SignaturePage,
            Some(VisibleBody::Place(PlaceBody { page, x, y, width, height })) => {
                VisibleSignature::At { page, rect: Rect { x, y, width, height } }
            }
        };
        Ok(NewSignRequest {
            customer_reference: self.customer_reference,
            title: self.title,
            message: self.message,
            language: self.language,
            documents,
            signers: signers.collect(),
            return_url: self.return_url,
            expires: self.expires,
            callback_url: self.callback_url,
            level: self.signature_level,
            visible_signature,
        })
    }
}
