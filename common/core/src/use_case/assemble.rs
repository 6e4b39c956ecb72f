//! `assemble-pades`: the only writer of PDF. It sees documents and never a key.

use std::sync::Arc;

use async_trait::async_trait;
use pades::{
    Appearance, BaselineLevel, Digest, Prepared, SignatureAlgorithm, SignatureParameters, SignedAttributes, TimeStampToken,
    ValidationMaterial, Visibility,
};

use crate::ports::{
    AssembleError, AssemblePades, AssembledDocument, CompleteCommand, CompleteDocument, Completion, DocumentStore, DocumentStoreError,
    PrepareCommand, Random, RevocationSource, TimeStampAuthority, VisibleSignature,
};

/// Name of new signature fields; the engine makes it unique.
const FIELD_NAME: &str = "Signature";

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
}

#[async_trait]
impl AssemblePades for Assembly {
    async fn prepare(&self, command: &PrepareCommand) -> Result<Vec<Prepared>, AssembleError> {
        let parameters = parameters(command);
        let mut prepared = Vec::with_capacity(command.documents.len());
        for document in &command.documents {
            let pdf = self.documents.get(&command.sign_request, &document.current).await.map_err(store_failed)?;
            prepared.push(pades::prepare(&pdf, &parameters).map_err(refused)?);
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

fn parameters(command: &PrepareCommand) -> SignatureParameters {
    let (visibility, appearance) = match &command.visible {
        VisibleSignature::None => (Visibility::Invisible, None),
        VisibleSignature::Automatic => (Visibility::Automatic, Some(appearance(command))),
        VisibleSignature::At { page, rect } => (Visibility::At { page: *page, rect: *rect }, Some(appearance(command))),
    };
    SignatureParameters {
        field_name_hint: FIELD_NAME.to_owned(),
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

fn appearance(command: &PrepareCommand) -> Appearance {
    Appearance { lines: command.lines.clone(), alternate: command.alternate.clone() }
}

impl Assembly {
    async fn complete_one(&self, document: &CompleteDocument, command: &CompleteCommand) -> Result<AssembledDocument, AssembleError> {
        let mut pdf = self.documents.get(&command.sign_request, &document.current).await.map_err(store_failed)?;
        let original_length = pdf.len();
        let (cms, token) = self.cms(document, command).await?;
        let update = pades::complete(&pdf, &document.prepared, &cms).map_err(unsound)?;
        pdf.extend_from_slice(&update);
        if let (Some(token), BaselineLevel::Lt | BaselineLevel::Lta) = (&token, command.level) {
            self.extend(&mut pdf, command, token).await?;
        }
        let achieved = verify(&pdf, original_length, &command.certificates, token.is_some())?;
        let digest = self.documents.put(&command.sign_request, &pdf).await.map_err(store_failed)?;
        Ok(AssembledDocument { digest, size: pdf.len() as u64, achieved })
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
    async fn extend(&self, pdf: &mut Vec<u8>, command: &CompleteCommand, token: &TimeStampToken) -> Result<(), AssembleError> {
        let certificates = [command.certificates.as_slice(), &token.certificates].concat();
        let crls = match self.revocation.lists(&certificates).await {
            Ok(crls) => crls,
            Err(error) => {
                tracing::warn!(%error, "no revocation data");
                return Ok(());
            }
        };
        let material = ValidationMaterial { certificates, ocsp: Vec::new(), crls };
        let update = pades::add_validation_material(pdf, &material).map_err(refused)?;
        pdf.extend_from_slice(&update);
        if command.level == BaselineLevel::Lta {
            let prepared = pades::prepare_document_timestamp(pdf, 2 * token.der.len() + 4_096).map_err(refused)?;
            match self.time_stamp(&prepared.document_digest()).await {
                Ok(token) => {
                    let update = pades::complete(pdf, &prepared, &token.der).map_err(unsound)?;
                    pdf.extend_from_slice(&update);
                }
                Err(reason) => tracing::warn!(reason, "no document timestamp"),
            }
        }
        Ok(())
    }
}

/// Nothing is published that our own verifier does not accept.
fn verify(pdf: &[u8], original_length: usize, certificates: &[Vec<u8>], time_stamped: bool) -> Result<BaselineLevel, AssembleError> {
    let signatures = pades::verify_signatures(pdf).map_err(unsound)?;
    let ours = signatures
        .iter()
        .find(|signature| certificates.first() == Some(&signature.signer_certificate))
        .ok_or_else(|| unsound("the new signature is not found"))?;
    if ours.byte_range[2] < original_length as u64 {
        return Err(unsound("the new signature does not cover the document"));
    }
    if time_stamped && ours.timestamp.is_none() {
        return Err(unsound("the timestamp is not found"));
    }
    Ok(ours.level)
}

fn refused(refusal: pades::Refusal) -> AssembleError {
    AssembleError::Refused { code: refusal.code().to_owned(), detail: refusal.to_string() }
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
