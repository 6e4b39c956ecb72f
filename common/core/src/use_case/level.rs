//! Raising signatures to a level, as far as the authorities answer: right after signing, and later.

use pades::{BaselineLevel, Digest, Document, Growing, TimeStampToken, ValidationMaterial};

use super::Assembly;
use super::assemble::{store_failed, unsound};
use super::room::token_room;
use crate::ids::SignRequestId;
use crate::ports::{AssembleError, AssembledDocument, RevocationData};

/// What is known of a document's signatures.
pub(super) struct Known {
    /// Of the signers and of all timestamps so far, DER.
    pub certificates: Vec<Vec<u8>>,
    /// Whether each signature has a proof of its time.
    pub time: Time,
    /// Bytes of the last token.
    pub last_token: Option<usize>,
}

/// Whether there is a trusted time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    Proven,
    Unproven,
}

impl Assembly {
    /// Verifies a stored document and raises its signatures to `level`; at B-LTA it is renewed. Answers the level that
    /// all of them have then. `last_token` is the size of the last token, before and after.
    pub(super) async fn extend_one(
        &self,
        sign_request: &SignRequestId,
        document: &Digest,
        level: BaselineLevel,
        last_token: &mut Option<usize>,
    ) -> Result<AssembledDocument, AssembleError> {
        let stored = self.documents.open(sign_request, document).await.map_err(store_failed)?;
        let found = pades::verify(Document::ranged(&*stored.source)).map_err(unverified)?;
        let before =
            lowest(&found).ok_or(AssembleError::Refused { code: "unsigned".to_owned(), detail: "there is no signature".to_owned() })?;
        if before >= level && level < BaselineLevel::Lta {
            return Ok(AssembledDocument { digest: *document, size: stored.hashed.length(), achieved: before });
        }
        let of_signatures = found.signatures.iter().flat_map(|signature| [&signature.certificates, &signature.timestamp_certificates]);
        let of_timestamps = found.document_timestamps.iter().map(|timestamp| &timestamp.certificates);
        let known = Known {
            certificates: of_signatures.chain(of_timestamps).flatten().cloned().collect(),
            time: if before > BaselineLevel::B { Time::Proven } else { Time::Unproven },
            last_token: *last_token,
        };
        let mut growing = stored.growing();
        *last_token = self.raise(&mut growing, known, level).await?;
        if growing.appended().is_empty() {
            return Ok(AssembledDocument { digest: *document, size: stored.hashed.length(), achieved: before });
        }
        let achieved = lowest(&pades::verify(growing.document()).map_err(unsound)?).ok_or_else(|| unsound("a signature is lost"))?;
        self.publish(sign_request, &stored, &growing, achieved).await
    }

    /// Appends what `level` asks for. What does not answer is left out: the verifier tells what was reached. Answers
    /// the size of the last token then.
    pub(super) async fn raise(
        &self,
        growing: &mut Growing<'_>,
        mut known: Known,
        level: BaselineLevel,
    ) -> Result<Option<usize>, AssembleError> {
        if level >= BaselineLevel::T && known.time == Time::Unproven {
            match self.document_timestamp(growing, None, known.last_token).await? {
                Some(token) => {
                    known.last_token = Some(token.der.len());
                    known.certificates.extend(token.certificates);
                }
                None => return Ok(known.last_token),
            }
        }
        if level < BaselineLevel::Lt {
            return Ok(known.last_token);
        }
        let mut seen = std::collections::HashSet::new();
        known.certificates.retain(|certificate| seen.insert(certificate.clone()));
        let RevocationData { ocsp, crls } = match self.revocation.collect(&known.certificates).await {
            Ok(data) => data,
            Err(error) => {
                tracing::warn!(%error, "the level is not raised");
                return Ok(known.last_token);
            }
        };
        let material = ValidationMaterial { certificates: known.certificates, ocsp, crls };
        if level == BaselineLevel::Lta
            && let Some(token) = self.document_timestamp(growing, Some(&material), known.last_token).await?
        {
            return Ok(Some(token.der.len()));
        }
        let update = pades::add_validation_material(growing.document(), &material)?;
        growing.append(&update);
        Ok(known.last_token)
    }

    /// Appends a document timestamp, with `material` in its revision; `None` when no authority answers with one.
    async fn document_timestamp(
        &self,
        growing: &mut Growing<'_>,
        material: Option<&ValidationMaterial>,
        last: Option<usize>,
    ) -> Result<Option<TimeStampToken>, AssembleError> {
        let mut capacity = token_room(last);
        // A token that does not fit tells how much room the next one needs.
        for _ in 0..2 {
            let base = growing.hashed().clone();
            let prepared = pades::draft_document_timestamp(growing.document(), material, capacity)?.close(&base);
            let imprint = prepared.document_digest().sha256().ok_or_else(|| unsound("a timestamp covers SHA-256"))?;
            let token = match self.time_stamp(&imprint).await {
                Ok(token) => token,
                Err(reason) => {
                    tracing::warn!(reason, "no document timestamp");
                    return Ok(None);
                }
            };
            match pades::complete(&base, &prepared, &token.der) {
                Ok(update) => {
                    growing.append(&update);
                    return Ok(Some(token));
                }
                Err(pades::CompleteError::Overflow { needed, .. }) => capacity = token_room(Some(needed)),
                Err(error) => return Err(unsound(error)),
            }
        }
        tracing::warn!("the document timestamp does not fit");
        Ok(None)
    }

    pub(super) async fn time_stamp(&self, imprint: &Digest) -> Result<TimeStampToken, String> {
        let mut nonce = [0; 8];
        self.random.fill(&mut nonce);
        // Positive whatever reads it.
        let nonce = u64::from_be_bytes(nonce) >> 1;
        let request = pades::timestamp_request(imprint, nonce);
        let check = |response: &[u8]| pades::timestamp_token(response, imprint, nonce).map_err(|error| error.to_string());
        let response = self.time_stamp_authority.time_stamp(&request).await.map_err(|error| error.to_string())?;
        check(&response)
    }
}

/// The level that every signature has.
fn lowest(found: &pades::Verification) -> Option<BaselineLevel> {
    found.signatures.iter().map(|signature| signature.level).min()
}

fn unverified(error: pades::VerifyError) -> AssembleError {
    match error {
        pades::VerifyError::Structure(refusal) => refusal.into(),
        other => AssembleError::Refused { code: "signature_invalid".to_owned(), detail: other.to_string() },
    }
}
