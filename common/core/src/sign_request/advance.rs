//! The state machine: `advance(request, event, now)` gives the next state.

use jiff::{SignedDuration, Timestamp};

use super::{
    Delivery, Done, Effect, Event, InvalidTransition, Notification, Outcome, Recorded, Retry, SignRequest, SignatureEvidence, SignerStatus,
    Signing, SigningStep, Stage, Status,
};
use crate::ids::TransactionId;
use crate::ports::AssembledDocument;

/// Longest stay at an e-ID before another may start.
pub const EID_TIME: SignedDuration = SignedDuration::from_mins(10);
/// How long documents may be uploaded before the request is started.
pub const START_TIME: SignedDuration = SignedDuration::from_hours(24);
/// Longest exchange of a code for a token.
pub const EXCHANGE_TIME: SignedDuration = SignedDuration::from_secs(60);

/// The next state and the work that it asks for now. Events that were applied before change nothing.
pub fn advance(before: SignRequest, event: Event, now: Timestamp) -> Result<(SignRequest, Vec<Effect>), InvalidTransition> {
    let mut request = before.clone();
    request.apply(event.clone(), now)?;
    if request != before
        && let Some(recorded) = Recorded::of(&event, &before, &request)
    {
        request.history.add(recorded, now);
    }
    let status = request.status();
    // Whoever starts a draft is answered at once.
    let started = (before.status(), status) == (Status::Draft, Status::Created);
    if status != before.status() && !started && request.callback_url.is_some() {
        let id = format!("{}-{}", request.id, request.notifications.len() + 1);
        request.notifications.push(Notification { id, status, delivery: Delivery::Due { tries: 0, at: now } });
    }
    let effects = request.effects(now);
    Ok((request, effects))
}

impl SignRequest {
    fn apply(&mut self, event: Event, now: Timestamp) -> Result<(), InvalidTransition> {
        match event {
            Event::Started { pages } => self.begin(&pages, now),
            Event::Viewed { signer } => {
                if !matches!(self.stage, Stage::Draft { .. })
                    && let Some(signer) = self.signers.get_mut(signer)
                {
                    signer.viewed.get_or_insert(now);
                }
                Ok(())
            }
            Event::EidStarted(signing) => self.start(*signing, now),
            Event::CallbackReceived { transaction } => {
                let signing = self.attempt(&transaction)?;
                match &signing.step {
                    SigningStep::AtEid { until, .. } if *until > now => {
                        signing.step = SigningStep::Exchanging { until: now + EXCHANGE_TIME };
                        Ok(())
                    }
                    _ => Err(InvalidTransition::OtherAttempt),
                }
            }
            Event::EidFailed { transaction } => match self.attempt(&transaction)?.step {
                SigningStep::AtEid { .. } | SigningStep::Exchanging { .. } => {
                    self.stage = Stage::Open;
                    Ok(())
                }
                _ => Err(InvalidTransition::SignatureOnItsWay),
            },
            Event::Authenticated { transaction, evidence } => {
                let signing = self.attempt(&transaction)?;
                match signing.step {
                    SigningStep::Exchanging { .. } => {
                        signing.step = SigningStep::Authenticated { evidence, at: now };
                        Ok(())
                    }
                    _ => Err(InvalidTransition::OtherAttempt),
                }
            }
            Event::HashSigned { transaction, outcome } => {
                let signing = self.attempt(&transaction)?;
                if let SigningStep::Authenticated { evidence, .. } = &signing.step {
                    signing.step = SigningStep::HashSigned { evidence: evidence.clone(), outcome: Box::new(outcome) };
                }
                Ok(())
            }
            Event::Assembled { transaction, documents } => self.assembled(&transaction, &documents, now),
            Event::Extended { base, documents } => {
                self.extended(&base, &documents, now);
                Ok(())
            }
            Event::Failed { transaction, code } => {
                self.attempt(&transaction)?;
                self.close(Outcome::Failed { code }, now);
                Ok(())
            }
            Event::Declined { signer, reason } => self.decline(signer, reason, now),
            Event::Withdrawn => self.end(Outcome::Withdrawn, now),
            Event::ClockPassed => {
                self.give_up_eid(now);
                if matches!(self.stage, Stage::Open) && self.expires <= now {
                    self.close(Outcome::Expired, now);
                }
                Ok(())
            }
            Event::Notified { id } => {
                self.deliver(&id, |_| Delivery::Delivered { at: now });
                Ok(())
            }
            Event::NotNotified { id, again } => {
                self.deliver(&id, |delivery| match again {
                    Retry::Later => delivery.failed(now),
                    Retry::Never => Delivery::GivenUp { at: now },
                });
                Ok(())
            }
        }
    }

    fn begin(&mut self, pages: &[usize], now: Timestamp) -> Result<(), InvalidTransition> {
        match self.stage {
            Stage::Draft { until } if until.min(self.expires) <= now => Err(InvalidTransition::Closed),
            Stage::Draft { .. } => {
                for (document, pages) in self.documents.iter_mut().zip(pages) {
                    document.pages = Some(*pages);
                }
                self.stage = Stage::Open;
                Ok(())
            }
            Stage::Closed { .. } => Err(InvalidTransition::Closed),
            // It was started before.
            Stage::Open | Stage::Signing(_) => Ok(()),
        }
    }

    fn start(&mut self, signing: Signing, now: Timestamp) -> Result<(), InvalidTransition> {
        self.can_start(signing.signer, now)?;
        // They were raised to their level while this was prepared.
        if self.documents.iter().zip(&signing.prepared).any(|(document, prepared)| document.current != prepared.base) {
            return Err(InvalidTransition::OtherAttempt);
        }
        self.stage = Stage::Signing(Box::new(signing));
        Ok(())
    }

    /// Whether `signer` may go to the e-ID now. The same signer may start again: the earlier attempt is then void.
    pub fn can_start(&self, signer: usize, now: Timestamp) -> Result<(), InvalidTransition> {
        match &self.stage {
            Stage::Closed { .. } => return Err(InvalidTransition::Closed),
            Stage::Draft { .. } | Stage::Open => {}
            Stage::Signing(current) => match current.step {
                SigningStep::Authenticated { .. } | SigningStep::HashSigned { .. } => {
                    return Err(InvalidTransition::Busy);
                }
                SigningStep::AtEid { until, .. } | SigningStep::Exchanging { until } if until > now && current.signer != signer => {
                    return Err(InvalidTransition::Busy);
                }
                SigningStep::AtEid { .. } | SigningStep::Exchanging { .. } => {}
            },
        }
        if self.expires <= now {
            return Err(InvalidTransition::Closed);
        }
        match self.signer_status(signer) {
            SignerStatus::Ready | SignerStatus::Signing => Ok(()),
            other => Err(InvalidTransition::NotReady(other)),
        }
    }

    fn attempt(&mut self, transaction: &TransactionId) -> Result<&mut Signing, InvalidTransition> {
        match &mut self.stage {
            Stage::Signing(signing) if signing.transaction == *transaction => Ok(signing),
            Stage::Closed { .. } => Err(InvalidTransition::Closed),
            Stage::Signing(_) | Stage::Draft { .. } | Stage::Open => Err(InvalidTransition::OtherAttempt),
        }
    }

    fn assembled(&mut self, transaction: &TransactionId, documents: &[AssembledDocument], now: Timestamp) -> Result<(), InvalidTransition> {
        let signing = self.attempt(transaction)?.clone();
        let SigningStep::HashSigned { evidence, outcome } = signing.step else {
            return Err(InvalidTransition::OtherAttempt);
        };
        for (document, assembled) in self.documents.iter_mut().zip(documents) {
            document.current = assembled.digest;
            document.size = assembled.size;
            document.achieved = Some(document.achieved.map_or(assembled.achieved, |before| before.min(assembled.achieved)));
        }
        if let Some(signer) = self.signers.get_mut(signing.signer) {
            let evidence = Box::new(SignatureEvidence { manifest: signing.manifest, evidence, outcome: *outcome });
            signer.done = Some(Done::Signed { at: now, evidence });
        }
        self.stage = Stage::Open;
        self.plan_upgrade(now);
        if self.signers.iter().all(|signer| signer.done.is_some()) {
            self.close(Outcome::Completed, now);
        }
        Ok(())
    }

    fn decline(&mut self, signer: usize, reason: Option<String>, now: Timestamp) -> Result<(), InvalidTransition> {
        if let Stage::Signing(signing) = &self.stage
            && signing.signer != signer
        {
            return Err(InvalidTransition::Busy);
        }
        match self.signer_status(signer) {
            SignerStatus::Waiting if matches!(self.stage, Stage::Draft { .. }) => {
                return Err(InvalidTransition::NotReady(SignerStatus::Waiting));
            }
            SignerStatus::Ready | SignerStatus::Signing | SignerStatus::Waiting => {}
            other => return Err(InvalidTransition::NotReady(other)),
        }
        self.end(Outcome::Declined, now)?;
        if let Some(signer) = self.signers.get_mut(signer) {
            signer.done = Some(Done::Declined { at: now, reason });
        }
        Ok(())
    }

    fn end(&mut self, outcome: Outcome, now: Timestamp) -> Result<(), InvalidTransition> {
        match &self.stage {
            Stage::Closed { outcome: ended, .. } if *ended == outcome => Ok(()),
            Stage::Closed { .. } => Err(InvalidTransition::Closed),
            Stage::Signing(signing) if matches!(signing.step, SigningStep::Authenticated { .. } | SigningStep::HashSigned { .. }) => {
                Err(InvalidTransition::SignatureOnItsWay)
            }
            Stage::Draft { .. } | Stage::Open | Stage::Signing(_) => {
                self.close(outcome, now);
                Ok(())
            }
        }
    }

    fn give_up_eid(&mut self, now: Timestamp) {
        if let Stage::Signing(signing) = &self.stage
            && let SigningStep::AtEid { until, .. } | SigningStep::Exchanging { until } = signing.step
            && until.min(self.expires) <= now
        {
            self.stage = Stage::Open;
        }
    }

    fn close(&mut self, outcome: Outcome, now: Timestamp) {
        self.stage = Stage::Closed { outcome, at: now };
    }

    fn deliver(&mut self, id: &str, next: impl Fn(&Delivery) -> Delivery) {
        for notification in self.notifications.iter_mut().filter(|n| n.id == id) {
            if matches!(notification.delivery, Delivery::Due { .. }) {
                notification.delivery = next(&notification.delivery);
            }
        }
    }
}
