//! `assemble-pades`: the only writer of PDF. It sees documents and never a key.

use std::sync::Arc;

use async_trait::async_trait;
use pades::presign::{self, Action, Policy};
use pades::{
    Appearance, BaselineLevel, Digest, Document, Growing, Logo, Prepared, SignatureParameters, SignedAttributes, Source, TimeStampToken,
    Visibility,
};

use super::level::{Known, Time};
use super::watched::Watched;
use crate::ids::SignRequestId;
use crate::ports::{
    AssembleError, AssemblePades, AssembledDocument, CompleteCommand, CompleteDocument, Completion, DocumentStore, DocumentStoreError,
    ExtendCommand, PrepareCommand, Random, RevocationSource, StoredDocument, TimeStampAuthority, VisibleSignature,
};

/// The assembly function.
#[derive(Clone)]
pub struct Assembly {
    /// Documents.
    pub documents: Arc<dyn DocumentStore>,
    /// Timestamps.
    pub time_stamp_authority: Arc<dyn TimeStampAuthority>,
    /// Revocation data for B-LT.
    pub revocation: Arc<dyn RevocationSource>,
    /// Nonces.
    pub random: Arc<dyn Random>,
    /// Shown in visible signatures.
    pub logo: Option<Logo>,
    /// What is done about findings of the check before signing, which reads the whole document; `None` where somebody
    /// signs a file of their own.
    pub pre_sign_check: Option<Policy>,
}

#[async_trait]
impl AssemblePades for Assembly {
    async fn prepare(&self, command: &PrepareCommand) -> Result<Vec<Prepared>, AssembleError> {
        let parameters = parameters(command, self.logo.as_ref());
        let mut prepared = Vec::with_capacity(command.documents.len());
        for document in &command.documents {
            let stored = self.documents.open(&command.sign_request, &document.current).await.map_err(store_failed)?;
            self.check(&*stored.source)?;
            let draft = pades::draft(Document::ranged(&*stored.source), &parameters).map_err(AssembleError::from)?;
            prepared.push(draft.close(&stored.hashed.by(command.digest, Document::ranged(&*stored.source))?));
        }
        Ok(prepared)
    }

    async fn complete(&self, command: &CompleteCommand) -> Result<Completion, AssembleError> {
        let mut documents = Vec::with_capacity(command.documents.len());
        let mut last_token = None;
        for document in &command.documents {
            documents.push(self.complete_one(document, command, &mut last_token).await?);
        }
        Ok(Completion { documents, last_token })
    }

    async fn extend(&self, command: &ExtendCommand) -> Result<Completion, AssembleError> {
        let mut documents = Vec::with_capacity(command.documents.len());
        let mut last_token = command.last_token;
        for document in &command.documents {
            documents.push(self.extend_one(&command.sign_request, document, command.level, &mut last_token).await?);
        }
        Ok(Completion { documents, last_token })
    }
}

fn parameters(command: &PrepareCommand, logo: Option<&Logo>) -> SignatureParameters {
    let appearance = || Appearance { lines: command.lines.clone(), logo: logo.cloned() };
    let (visibility, appearance) = match &command.visible {
        VisibleSignature::None => (Visibility::Invisible, None),
        VisibleSignature::Automatic => (Visibility::Automatic, Some(appearance())),
        VisibleSignature::SignaturePage => (Visibility::SignaturePage, Some(appearance())),
        VisibleSignature::At { page, rect } => (Visibility::At { page: *page, rect: *rect }, Some(appearance())),
    };
    SignatureParameters {
        field: command.field.clone(),
        visibility,
        appearance,
        signing_time: command.signing_time.as_second(),
        reason: Some(command.reason.clone()),
        location: None,
        contact: None,
        signer_name: Some(command.signer_name.clone()),
        contents_capacity: command.contents_capacity,
    }
}

impl Assembly {
    /// Intake has checked the document; here it is checked as it is signed, with all signatures that came since.
    fn check(&self, document: &dyn Source) -> Result<(), AssembleError> {
        let Some(policy) = &self.pre_sign_check else { return Ok(()) };
        let watched = Watched::new(document);
        let found = presign::check(watched.document());
        if watched.failed() {
            return Err(AssembleError::Unavailable { detail: "the document can't be read now".to_owned() });
        }
        let findings = policy.select(&found?, Action::Refuse);
        findings.first().map_or(Ok(()), |finding| {
            Err(AssembleError::Refused { code: finding.code.code().to_owned(), detail: finding.code.code().replace('_', " ") })
        })
    }

    async fn complete_one(
        &self,
        document: &CompleteDocument,
        command: &CompleteCommand,
        last_token: &mut Option<usize>,
    ) -> Result<AssembledDocument, AssembleError> {
        let stored = self.documents.open(&command.sign_request, &document.current).await.map_err(store_failed)?;
        let (cms, token) = self.cms(document, command).await?;
        let mut growing = stored.growing();
        growing.append(&pades::complete(&stored.hashed, &document.prepared, &cms).map_err(unsound)?);
        if command.level > BaselineLevel::B {
            let known = Known {
                certificates: [command.certificates.as_slice(), token.as_ref().map_or(&[], |token| &token.certificates)].concat(),
                time: if token.is_some() { Time::Proven } else { Time::Unproven },
                last_token: token.as_ref().map(|token| token.der.len()).or(*last_token),
            };
            *last_token = self.raise(&mut growing, known, command.level).await?;
        }
        let achieved = verify(&growing, &command.certificates)?;
        self.publish(&command.sign_request, &stored, &growing, achieved).await
    }

    /// Stores the grown document.
    pub(super) async fn publish(
        &self,
        sign_request: &SignRequestId,
        stored: &StoredDocument,
        growing: &Growing<'_>,
        achieved: BaselineLevel,
    ) -> Result<AssembledDocument, AssembleError> {
        let digest = self.documents.append(sign_request, stored, growing).await.map_err(store_failed)?;
        if digest != growing.hashed().digest() {
            return Err(unsound("the store holds other bytes"));
        }
        Ok(AssembledDocument { digest, size: growing.length(), achieved })
    }

    /// The CMS, with a signature timestamp when the level wants one, an authority answers and its token fits. The
    /// signature is kept in any case: a document timestamp can take the token's place now or later.
    async fn cms(
        &self,
        document: &CompleteDocument,
        command: &CompleteCommand,
    ) -> Result<(Vec<u8>, Option<TimeStampToken>), AssembleError> {
        let attributes = SignedAttributes::from_der(&document.signature.signed_attributes).map_err(unsound)?;
        let cms = |token: Option<&[u8]>| {
            let value = &document.signature.signature;
            pades::signed_data(&attributes, value, &command.certificates, token).map_err(unsound)
        };
        if command.level > BaselineLevel::B {
            match self.time_stamp(&Digest::of(&document.signature.signature)).await {
                Ok(token) => {
                    let stamped = cms(Some(&token.der))?;
                    if stamped.len() <= document.prepared.capacity {
                        return Ok((stamped, Some(token)));
                    }
                    tracing::warn!(needed = stamped.len(), reserved = document.prepared.capacity, "the timestamp token does not fit");
                }
                Err(reason) => tracing::warn!(reason, "no signature timestamp"),
            }
        }
        Ok((cms(None)?, None))
    }
}

/// Nothing is published that our own verifier does not accept.
fn verify(growing: &Growing<'_>, certificates: &[Vec<u8>]) -> Result<BaselineLevel, AssembleError> {
    let signatures = growing.verify().map_err(unsound)?.signatures;
    let ours = signatures.iter().find(|signature| certificates.first() == Some(&signature.signer_certificate));
    ours.map(|signature| signature.level).ok_or_else(|| unsound("the new signature is not found"))
}

pub(super) fn unsound(error: impl std::fmt::Display) -> AssembleError {
    AssembleError::Unsound { detail: error.to_string() }
}

pub(super) fn store_failed(error: DocumentStoreError) -> AssembleError {
    match error {
        DocumentStoreError::Missing(_) | DocumentStoreError::Damaged(_) => {
            AssembleError::Refused { code: "document_missing".to_owned(), detail: error.to_string() }
        }
        DocumentStoreError::Unavailable(detail) => AssembleError::Unavailable { detail },
    }
}
