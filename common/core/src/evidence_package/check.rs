//! Checking a package: does it hold together, and does it belong to these documents? It proves nothing about whom to
//! trust: the e-ID's keys are those that the package holds, and certificates are judged by validating the documents.

use pades::{Digest, MessageDigest, SignedAttributes, VerifiedSignature};
use serde::Deserialize;

use super::{Act, EvidencePackage, SignedAct};
use crate::eid::Evidence;
use crate::identity::PersonalIdentityNumber;
use crate::jose::{self, Algorithm};
use crate::manifest::{Manifest, ManifestDocument};
use crate::ports::DocumentSignature;
use crate::sign_request::{Entry, Recorded};

/// Something in a package that does not hold. Signers, events and files are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A version that this check does not know.
    #[error("version {0} of the package is not known")]
    Version(u8),
    /// The event is not one that is known.
    #[error("event {0} can't be read")]
    Event(usize),
    /// The event does not follow the one before.
    #[error("event {0} does not follow the one before")]
    Chain(usize),
    /// The last event is not the one that the package names.
    #[error("the head is not the hash of the last event")]
    Head,
    /// The file is no document of the package, as it came or signed.
    #[error("file {0} is no document of this package")]
    UnknownFile(usize),
    /// The file does not verify.
    #[error("file {0} does not verify")]
    File(usize),
    /// The file lacks a signature that the package proves.
    #[error("the signature of signer {signer} is not in file {file}")]
    NotInFile {
        /// The file.
        file: usize,
        /// The signer.
        signer: usize,
    },
    /// What proves a signature does not hold together.
    #[error("signer {signer}: {part}")]
    Signer {
        /// The signer.
        signer: usize,
        /// What.
        part: Part,
    },
}

/// What can be wrong with the proof of one signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Part {
    /// The manifest is not one, or of another request.
    #[error("the manifest is not one of this request")]
    Manifest,
    /// The token is not signed by the keys beside it.
    #[error("the e-ID's token is not signed by its keys")]
    Token,
    /// The token was made for something else.
    #[error("the e-ID's token does not carry the manifest")]
    Nonce,
    /// The token, the manifest and the identity do not name the same person.
    #[error("the e-ID's token names somebody else")]
    Identity,
    /// A signature is not over the digests in the manifest, by the certificate's key.
    #[error("a signature is not over what the manifest names")]
    Signature,
    /// The events do not tell of it.
    #[error("the events do not tell of it")]
    History,
}

/// What is wrong with `package`, or with `files` as the documents that it is about; nothing when all holds.
pub fn check(package: &EvidencePackage, files: &[&[u8]]) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if package.version != 1 {
        flaws.push(Flaw::Version(package.version));
    }
    let events = chain(package, &mut flaws);
    for (index, signer) in package.signers.iter().enumerate() {
        if let Some(Act::Signed(act)) = &signer.act {
            flaws.extend(parts(package, act, &events).into_iter().map(|part| Flaw::Signer { signer: index + 1, part }));
        }
    }
    for (index, file) in files.iter().enumerate() {
        flaws.extend(in_file(package, file, index + 1));
    }
    flaws
}

/// The events that can be read; what is wrong with the chain goes into `flaws`.
fn chain(package: &EvidencePackage, flaws: &mut Vec<Flaw>) -> Vec<Recorded> {
    let mut events = Vec::with_capacity(package.events.len());
    let mut previous = None;
    for (index, text) in package.events.iter().enumerate() {
        let number = index + 1;
        match serde_json::from_str::<Entry>(text) {
            Ok(entry) => {
                if entry.previous != previous || entry.number != number {
                    flaws.push(Flaw::Chain(number));
                }
                events.push(entry.event);
            }
            Err(_) => flaws.push(Flaw::Event(number)),
        }
        previous = Some(Digest::of(text.as_bytes()));
    }
    if previous != package.head {
        flaws.push(Flaw::Head);
    }
    let about = |event: &Recorded| matches!(event, Recorded::Received { sign_request, .. } if *sign_request == package.id);
    if !events.first().is_some_and(about) {
        flaws.push(Flaw::Chain(1));
    }
    events
}

#[derive(Deserialize)]
struct Claims {
    nonce: String,
    #[serde(rename = "https://id.oidc.se/claim/personalIdentityNumber")]
    personal_identity_number: Option<PersonalIdentityNumber>,
    #[serde(rename = "https://id.oidc.se/claim/coordinationNumber")]
    coordination_number: Option<PersonalIdentityNumber>,
}

fn parts(package: &EvidencePackage, act: &SignedAct, events: &[Recorded]) -> Vec<Part> {
    let mut parts = Vec::new();
    let manifest = Manifest::from_bytes(&act.manifest).ok().filter(|manifest| manifest.sign_request == package.id);
    let Some(manifest) = manifest else { return vec![Part::Manifest] };
    let Evidence::Oidc { id_token, keys, .. } = &act.eid;
    let number = &act.identity.personal_identity_number;
    match jose::verify::<Claims>(id_token, keys, &[Algorithm::ES256, Algorithm::ES384, Algorithm::PS256, Algorithm::RS256]) {
        Err(_) => parts.push(Part::Token),
        Ok(token) => {
            let named = token.claims.personal_identity_number.or(token.claims.coordination_number);
            if token.claims.nonce != manifest.hash().nonce() {
                parts.push(Part::Nonce);
            }
            if named.as_ref() != Some(number) || manifest.signer.as_ref().is_some_and(|signer| signer != number) {
                parts.push(Part::Identity);
            }
        }
    }
    let certificate = act.certificates.first().map_or(&[][..], Vec::as_slice);
    if !signed(&manifest, act, certificate) {
        parts.push(Part::Signature);
    }
    let transaction = &manifest.transaction;
    let (manifest, token, certificate) = (Digest::of(&act.manifest), Digest::of(id_token.as_bytes()), Digest::of(certificate));
    let tell = |what: &dyn Fn(&Recorded) -> bool| events.iter().any(what);
    let told = [
        tell(
            &|event| matches!(event, Recorded::EidStarted { transaction: of, manifest: hash, .. } if of == transaction && *hash == manifest),
        ),
        tell(&|event| matches!(event, Recorded::Authenticated { transaction: of, token: hash } if of == transaction && *hash == token)),
        tell(
            &|event| matches!(event, Recorded::HashSigned { transaction: of, certificate: hash } if of == transaction && *hash == certificate),
        ),
        tell(&|event| matches!(event, Recorded::Assembled { transaction: of, .. } if of == transaction)),
    ];
    if told.contains(&false) {
        parts.push(Part::History);
    }
    parts
}

/// Whether there is one signature for each document of the manifest, over exactly its digest.
fn signed(manifest: &Manifest, act: &SignedAct, certificate: &[u8]) -> bool {
    let right = |(document, signature): (&ManifestDocument, &DocumentSignature)| {
        let attributes = SignedAttributes::from_der(&signature.signed_attributes);
        signature.document == document.to_be_signed
            && attributes.is_ok_and(|attributes| {
                attributes.are_of(&document.to_be_signed) && attributes.verify(&signature.signature, certificate).is_ok()
            })
    };
    manifest.documents.len() == act.signatures.len() && manifest.documents.iter().zip(&act.signatures).all(right)
}

fn in_file(package: &EvidencePackage, pdf: &[u8], file: usize) -> Vec<Flaw> {
    let digest = Digest::of(pdf);
    if package.documents.iter().any(|document| document.original == digest && document.signed != digest) {
        return Vec::new();
    }
    let Some(index) = package.documents.iter().position(|document| document.signed == digest) else {
        return vec![Flaw::UnknownFile(file)];
    };
    let Ok(signatures) = pades::verify_signatures(pdf) else { return vec![Flaw::File(file)] };
    let missing = package.signers.iter().enumerate().filter(|(_, signer)| match &signer.act {
        Some(Act::Signed(act)) => !signatures.iter().any(|signature| is_of(signature, act, index, pdf)),
        _ => false,
    });
    missing.map(|(signer, _)| Flaw::NotInFile { file, signer: signer + 1 }).collect()
}

/// Whether `signature` in `pdf` is that of `act` over the document at `index`.
fn is_of(signature: &VerifiedSignature, act: &SignedAct, index: usize, pdf: &[u8]) -> bool {
    let [_, first, second, length] = signature.byte_range.map(|value| usize::try_from(value).unwrap_or(usize::MAX));
    let covered = pdf.get(..first).zip(pdf.get(second..second.saturating_add(length))).map(|(before, after)| [before, after].concat());
    let is_covered = |document: MessageDigest| covered.is_some_and(|covered| document.algorithm().digest(&covered) == document);
    act.certificates.first() == Some(&signature.signer_certificate)
        && act.signatures.get(index).is_some_and(|signature| is_covered(signature.document))
}
