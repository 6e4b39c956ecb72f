//! `assemble-pades`: the only writer of PDF. It sees documents and never a key.

use std::sync::Arc;

use async_trait::async_trait;
use pades::{
    Appearance, BaselineLevel, Digest, Document, Growing, Logo, Prepared, SignatureAlgorithm, SignatureParameters, SignedAttributes,
    Source, TimeStampToken, ValidationMaterial, Visibility,
};

use crate::ports::{
    AssembleError, AssemblePades, AssembledDocument, CompleteCommand, CompleteDocument, Completion, DocumentStore, DocumentStoreError,
    PrepareCommand, Random, RevocationSource, TimeStampAuthority, VisibleSignature,
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
}

#[async_trait]
impl AssemblePades for Assembly {
    async fn prepare(&self, command: &PrepareCommand) -> Result<Vec<Prepared>, AssembleError> {
        let parameters = parameters(command, self.logo.as_ref());
        let mut prepared = Vec::with_capacity(command.documents.len());
        for document in &command.documents {
            let stored = self.documents.open(&command.sign_request, &document.current).await.map_err(store_failed)?;
            let draft = pades::draft(Document::ranged(&*stored.source), &parameters).map_err(AssembleError::from)?;
            prepared.push(draft.close(&stored.hashed));
        }
        Ok(prepared)
    }

    async fn complete(&self, command: &CompleteCommand) -> Result<Completion, AssembleError> {
        let mut documents = Vec::with_capacity(command.documents.len());
        for document in &command.documents {
            documents.push(self.complete_one(document, command).await?);
        }
        Ok(Completion { documents })
    }
}

fn parameters(command: &PrepareCommand, logo: Option<&Logo>) -> SignatureParameters {
    let appearance = || Appearance { lines: command.lines.clone(), logo: logo.cloned() };
    let (visibility, appearance) = match &command.visible {
        VisibleSignature::None => (Visibility::Invisible, None),
        VisibleSignature::Automatic => (Visibility::Automatic, Some(appearance())),
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
    async fn complete_one(&self, document: &CompleteDocument, command: &CompleteCommand) -> Result<AssembledDocument, AssembleError> {
        let stored = self.documents.open(&command.sign_request, &document.current).await.map_err(store_failed)?;
        let (cms, token) = self.cms(document, command).await?;
        let mut growing = stored.growing();
        growing.append(&pades::complete(&stored.hashed, &document.prepared, &cms).map_err(unsound)?);
        if let (Some(token), BaselineLevel::Lt | BaselineLevel::Lta) = (&token, command.level) {
            self.extend(&mut growing, command, token).await?;
        }
        let achieved = verify(&growing, &command.certificates, token.is_some())?;
        let digest = self.documents.append(&command.sign_request, &stored, &growing).await.map_err(store_failed)?;
        if digest != growing.hashed().digest() {
            return Err(unsound("the store holds other bytes"));
        }
        Ok(AssembledDocument { digest, size: growing.length(), achieved })
    }

    /// The CMS, with a signature timestamp when the level wants one and an authority answers. Without an answer the
    /// signature is kept at B-B: the level achieved says so.
    async fn cms(
        &self,
        document: &CompleteDocument,
        command: &CompleteCommand,
    ) -> Result<(Vec<u8>, Option<TimeStampToken>), AssembleError> {
        let attributes = SignedAttributes::from_der(&document.signature.signed_attributes).map_err(unsound)?;
        let cms = |token: Option<&[u8]>| {
            let value = &document.signature.signature;
            pades::signed_data(&attributes, SignatureAlgorithm::EcdsaP256Sha256, value, &command.certificates, token).map_err(unsound)
        };
        if command.level == BaselineLevel::B {
            return Ok((cms(None)?, None));
        }
        let imprint = Digest::of(&document.signature.signature);
        match self.time_stamp(&imprint).await {
            Ok(token) => Ok((cms(Some(&token.der))?, Some(token))),
            Err(reason) => {
                tracing::warn!(reason, "no signature timestamp");
                Ok((cms(None)?, None))
            }
        }
    }

    async fn time_stamp(&self, imprint: &Digest) -> Result<TimeStampToken, String> {
        let mut nonce = [0; 8];
        self.random.fill(&mut nonce);
        // Positive whatever reads it.
        let nonce = u64::from_be_bytes(nonce) >> 1;
        let request = pades::timestamp_request(imprint, nonce);
        let response = self.time_stamp_authority.time_stamp(&request).await.map_err(|error| error.to_string())?;
        pades::timestamp_token(&response, imprint, nonce).map_err(|error| error.to_string())
    }

    /// Validation material for B-LT, and a document timestamp over it for B-LTA.
    async fn extend(&self, growing: &mut Growing<'_>, command: &CompleteCommand, token: &TimeStampToken) -> Result<(), AssembleError> {
        let certificates = [command.certificates.as_slice(), &token.certificates].concat();
        let crls = match self.revocation.lists(&certificates).await {
            Ok(crls) => crls,
            Err(error) => {
                tracing::warn!(%error, "no revocation data");
                return Ok(());
            }
        };
        let material = ValidationMaterial { certificates, ocsp: Vec::new(), crls };
        let update = pades::add_validation_material(growing.document(), &material).map_err(AssembleError::from)?;
        growing.append(&update);
        if command.level == BaselineLevel::Lta {
            let hashed = growing.hashed().clone();
            let draft = pades::draft_document_timestamp(growing.document(), 2 * token.der.len() + 4_096).map_err(AssembleError::from)?;
            let prepared = draft.close(&hashed);
            match self.time_stamp(&prepared.document_digest()).await {
                Ok(token) => {
                    let update = pades::complete(&hashed, &prepared, &token.der).map_err(unsound)?;
                    growing.append(&update);
                }
                Err(reason) => tracing::warn!(reason, "no document timestamp"),
            }
        }
        Ok(())
    }
}

/// Nothing is published that our own verifier does not accept.
fn verify(growing: &Growing<'_>, certificates: &[Vec<u8>], time_stamped: bool) -> Result<BaselineLevel, AssembleError> {
    let signatures = growing.verify().map_err(unsound)?;
    let ours = signatures
        .iter()
        .find(|signature| certificates.first() == Some(&signature.signer_certificate))
        .ok_or_else(|| unsound("the new signature is not found"))?;
    if time_stamped && ours.timestamp.is_none() {
        return Err(unsound("the timestamp is not found"));
    }
    Ok(ours.level)
}

fn unsound(error: impl std::fmt::Display) -> AssembleError {
    AssembleError::Unsound { detail: error.to_string() }
}

fn store_failed(error: DocumentStoreError) -> AssembleError {
    match error {
        DocumentStoreError::Missing(_) | DocumentStoreError::Damaged(_) => {
            AssembleError::Refused { code: "document_missing".to_owned(), detail: error.to_string() }
        }
        DocumentStoreError::Unavailable(detail) => AssembleError::Unavailable { detail },
    }
}
