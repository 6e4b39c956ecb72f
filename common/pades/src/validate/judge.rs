//! The judgement: what the facts mean under a policy, with some trust, at some time (ETSI EN 319 102-1, 5.3 to 5.6).

use x509_cert::ext::pkix::KeyUsages;

use super::Trust;
use super::chain::{NoChain, Parsed, build};
use super::facts::{Code, Facts, Fault, SignatureFacts, SignatureKind};
use super::policy::Policy;
use super::report::{Conclusion, Indication, Report, SignatureReport, Time};
use super::revocation::{Sources, Status};
use super::svt::stands_in_for;
use crate::level::BaselineLevel;

/// Judges `facts` as of `at` (unix seconds).
pub fn judge(facts: Facts, policy: &Policy, trust: &Trust, at: i64) -> Report {
    let now = Time(at);
    let mut signatures = Judge::new(&facts, policy, trust, now).signatures();
    preserve(&facts, policy, trust, now, &mut signatures);
    let svts = facts.material.svts.iter().map(|token| token.report(&trust.svt_issuers)).collect();
    let conclusions = signatures.iter().map(|signature| signature.conclusion);
    let faults = facts.faults.iter().map(|fault| conclude(policy, std::slice::from_ref(fault)));
    let worst = conclusions.chain(faults).reduce(|worst, next| if next.indication > worst.indication { next } else { worst });
    let conclusion = worst.unwrap_or(Conclusion { indication: Indication::NoSignatureFound, sub_indication: None });
    Report { validation_time: now, policy: policy.clone(), conclusion, signatures, svts, facts }
}

/// What can't be validated any more, because certificates expired or authorities are gone, is taken from a token.
fn preserve(facts: &Facts, policy: &Policy, trust: &Trust, now: Time, signatures: &mut [SignatureReport]) {
    for (signature, report) in facts.signatures.iter().zip(signatures) {
        if report.findings.is_empty() || !stands_in_for(&report.findings) {
            continue;
        }
        let tokens = facts.material.svts.iter().filter(|token| signature.revision <= token.revision);
        let accepted = tokens.filter_map(|token| token.accepted(&trust.svt_issuers));
        let mut accepted = accepted.filter(|token| token.issued() <= now);
        if let Some(token) = accepted.rfind(|token| token.speaks_for(signature)) {
            report.findings.clear();
            report.conclusion = conclude(policy, &[]);
            report.preserved_by = Some(token.id().to_owned());
            if !report.time_is_proven {
                (report.best_signature_time, report.time_is_proven) = (token.issued(), true);
            }
        }
    }
}

fn conclude(policy: &Policy, faults: &[Fault]) -> Conclusion {
    let weighed = faults.iter().map(|fault| policy.weigh(fault.code));
    let worst = weighed.reduce(|worst, next| if next.0 > worst.0 { next } else { worst });
    let (indication, sub_indication) = worst.unwrap_or((Indication::TotalPassed, None));
    Conclusion { indication, sub_indication }
}

struct Judge<'f> {
    facts: &'f Facts,
    policy: &'f Policy,
    anchors: Vec<Parsed>,
    /// Those and the ones that are anchors of timestamps alone.
    time_stamp_anchors: Vec<Parsed>,
    pool: Vec<Parsed>,
    sources: Sources,
    /// Those of the document alone: a level is reached with what the document itself holds.
    stored: Sources,
    now: Time,
}

/// A document timestamp that proves something.
struct Proof {
    revision: usize,
    time: Time,
}

impl<'f> Judge<'f> {
    fn new(facts: &'f Facts, policy: &'f Policy, trust: &Trust, now: Time) -> Self {
        let material = &facts.material;
        let mut ders: Vec<&Vec<u8>> = material.certificates.iter().chain(&trust.certificates).collect();
        ders.sort_unstable();
        ders.dedup();
        Self {
            facts,
            policy,
            anchors: trust.anchors.iter().filter_map(|der| Parsed::from_der(der)).collect(),
            time_stamp_anchors: trust.anchors.iter().chain(&trust.time_stamp_anchors).filter_map(|der| Parsed::from_der(der)).collect(),
            pool: ders.into_iter().filter_map(|der| Parsed::from_der(der)).collect(),
            sources: Sources::read(material.crls.iter().chain(&trust.crls), material.ocsp.iter().chain(&trust.ocsp)),
            stored: Sources::read(material.crls.iter(), material.ocsp.iter()),
            now,
        }
    }

    fn signatures(&self) -> Vec<SignatureReport> {
        // A later timestamp proves that everything before it is older.
        let mut proofs = Vec::new();
        let mut horizon = self.now;
        let mut reports: Vec<(usize, SignatureReport)> = Vec::new();
        let by_age = |kind| self.facts.signatures.iter().enumerate().filter(move |(_, signature)| signature.kind == kind);
        for (index, signature) in by_age(SignatureKind::DocumentTimestamp).rev() {
            let mut findings = self.faults(signature);
            if let Some(timestamp) = &signature.timestamp {
                findings.extend(self.certificate(&timestamp.certificate, horizon, Purpose::Timestamp));
                if findings.is_empty() && timestamp.time <= horizon {
                    horizon = timestamp.time;
                    proofs.push(Proof { revision: signature.revision, time: horizon });
                }
            }
            let time = signature.timestamp.as_ref().map(|timestamp| timestamp.time).filter(|_| findings.is_empty());
            let authority = signature.timestamp.as_ref().map(|timestamp| timestamp.authority.clone());
            reports.push((index, self.report(signature, findings, time, authority, None)));
        }
        for (index, signature) in by_age(SignatureKind::Signature) {
            reports.push((index, self.signature(signature, &proofs)));
        }
        reports.sort_by_key(|(index, _)| *index);
        reports.into_iter().map(|(_, report)| report).collect()
    }

    fn faults(&self, signature: &SignatureFacts) -> Vec<Fault> {
        self.facts.faults.iter().chain(&signature.faults).cloned().collect()
    }

    fn signature(&self, signature: &SignatureFacts, proofs: &[Proof]) -> SignatureReport {
        let mut findings = self.faults(signature);
        let later = || proofs.iter().filter(|proof| proof.revision > signature.revision);
        let proof = later().map(|proof| proof.time).min();
        let mut best = proof;
        if let Some(timestamp) = &signature.timestamp {
            let untrusted = self.certificate(&timestamp.certificate, proof.unwrap_or(self.now), Purpose::Timestamp);
            if untrusted.is_empty() && proof.is_none_or(|proof| timestamp.time <= proof) {
                best = Some(timestamp.time);
            }
            findings.extend(untrusted);
        }
        let signer = signature.cms.as_ref();
        if let Some(cms) = signer {
            let purpose = if best.is_some() { Purpose::ProvenSignature } else { Purpose::Signature };
            findings.extend(self.certificate(&cms.certificate, best.unwrap_or(self.now), purpose));
        }
        let level = self.level(signature, best, proofs);
        let name = signer.and_then(|cms| cms.signer.name.clone());
        let mut report = self.report(signature, findings, best, name, level);
        report.authn_context = signer.and_then(|cms| cms.signer.authn_context.clone());
        report
    }

    fn report(
        &self,
        signature: &SignatureFacts,
        findings: Vec<Fault>,
        proven: Option<Time>,
        signer: Option<String>,
        level: Option<BaselineLevel>,
    ) -> SignatureReport {
        SignatureReport {
            field: signature.field.clone(),
            conclusion: conclude(self.policy, &findings),
            level,
            signer,
            best_signature_time: proven.unwrap_or(self.now),
            time_is_proven: proven.is_some(),
            authn_context: None,
            covers_revision: signature.revision,
            of_revisions: self.facts.revisions.len(),
            preserved_by: None,
            findings,
        }
    }

    /// The level that a signature reaches (ETSI EN 319 142-1, 6): what the document holds, and not what it says.
    fn level(&self, signature: &SignatureFacts, proven: Option<Time>, proofs: &[Proof]) -> Option<BaselineLevel> {
        let cms = signature.cms.as_ref().filter(|_| signature.sub_filter.as_deref() == Some("ETSI.CAdES.detached"))?;
        if signature.claimed_time.is_none() || cms.signing_time.is_some() {
            return None;
        }
        let Some(proven) = proven else { return Some(BaselineLevel::B) };
        let later = |proof: &&Proof| proof.revision > signature.revision;
        let authority = signature.timestamp.as_ref().map(|timestamp| (timestamp.certificate.as_slice(), Purpose::Timestamp));
        let signer = Some((cms.certificate.as_slice(), Purpose::ProvenSignature));
        let complete = [signer, authority].into_iter().flatten().all(|(der, purpose)| self.is_complete(der, proven, purpose));
        if self.facts.material.is_empty() || !complete {
            return Some(BaselineLevel::T);
        }
        let stored = |proof: &Proof| self.facts.material.revisions.iter().any(|revision| *revision <= proof.revision);
        Some(if proofs.iter().filter(later).any(stored) { BaselineLevel::Lta } else { BaselineLevel::Lt })
    }

    /// Whether the document holds what is needed to validate a certificate.
    fn is_complete(&self, der: &[u8], then: Time, purpose: Purpose) -> bool {
        let Some(chain) = Parsed::from_der(der).and_then(|leaf| build(&leaf, &self.pool, self.anchors(purpose)).ok()) else { return false };
        pairs(&chain).all(|(certificate, issuer)| self.stored.status(certificate, issuer, then, self.now) != Status::Unknown)
    }

    fn anchors(&self, purpose: Purpose) -> &[Parsed] {
        match purpose {
            Purpose::Timestamp => &self.time_stamp_anchors,
            Purpose::Signature | Purpose::ProvenSignature => &self.anchors,
        }
    }

    /// What speaks against a certificate at the time `then`.
    fn certificate(&self, der: &[u8], then: Time, purpose: Purpose) -> Vec<Fault> {
        let fault = |code, detail: &str| Fault::new(code, format!("{}: {detail}", purpose.subject()));
        let Some(leaf) = Parsed::from_der(der) else { return vec![fault(Code::SigningCertificate, "not a certificate")] };
        let chain = match build(&leaf, &self.pool, self.anchors(purpose)) {
            Ok(chain) => chain,
            Err(NoChain::NotFound) => return vec![fault(Code::NoChain, "no chain to a trusted certificate")],
            Err(NoChain::Constraints(what)) => return vec![fault(Code::ChainConstraints, what)],
        };
        let mut faults = Vec::new();
        if !leaf.permits(KeyUsages::NonRepudiation) && !leaf.permits(KeyUsages::DigitalSignature) {
            faults.push(fault(Code::ChainConstraints, "its key is not for signatures"));
        }
        for (certificate, issuer) in pairs(&chain) {
            let (from, to) = certificate.validity();
            if then < from {
                faults.push(fault(Code::NotYetValid, &format!("valid from {from}")));
            } else if to < then {
                faults.push(fault(Code::NoProofOfTime, &format!("valid until {to}")));
            }
            match self.sources.status(certificate, issuer, then, self.now) {
                Status::Revoked(at) if at <= then => {
                    let code = if purpose == Purpose::ProvenSignature { Code::Revoked } else { Code::RevokedNoProofOfTime };
                    faults.push(fault(code, &format!("revoked {at}")));
                }
                Status::Unknown => faults.push(fault(Code::NoRevocationData, "nothing tells whether it was revoked")),
                Status::NotNeeded | Status::Good | Status::Revoked(_) => {}
            }
        }
        faults
    }
}

/// What a certificate is looked at for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Signature,
    /// A timestamp proves when.
    ProvenSignature,
    Timestamp,
}

impl Purpose {
    fn subject(self) -> &'static str {
        match self {
            Self::Signature | Self::ProvenSignature => "the signer's certificate",
            Self::Timestamp => "the timestamp's certificate",
        }
    }
}

/// Each certificate of a chain with its issuer.
fn pairs(chain: &[Parsed]) -> impl Iterator<Item = (&Parsed, &Parsed)> {
    chain.iter().zip(chain.iter().skip(1))
}
