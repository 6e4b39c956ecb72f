//! The next function, invoked and waited for. Its own errors come back typed; everything else is worth trying again.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::Builder;
use aws_sdk_lambda::primitives::Blob;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use pades::Prepared;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sigill_core::ports::{
    AssembleAnswer, AssembleCommand, AssembleError, AssemblePades, CompleteCommand, Completion, ExtendCommand, PrepareCommand, SignCommand,
    SignDocumentHash, SignError, SignOutcome, SigningAnswer, SigningCommand,
};

use crate::error::reason;

/// An HTTP API gives up after 30 s; what is not done then is left to the queue.
const LONGEST: Duration = Duration::from_secs(25);

/// A function, by name or ARN.
struct Function {
    client: Client,
    name: String,
}

impl Function {
    fn new(config: &SdkConfig, name: String) -> Self {
        let timeouts = TimeoutConfig::builder().operation_timeout(LONGEST).operation_attempt_timeout(LONGEST).build();
        // No second try here: the first may still be at work, and the queue tries again.
        let builder = Builder::from(config).timeout_config(timeouts).retry_config(RetryConfig::disabled());
        Self { client: Client::from_conf(builder.build()), name }
    }

    /// `command` as JSON there, its answer as JSON back; or why there is none.
    async fn ask<A: DeserializeOwned>(&self, command: &impl Serialize) -> Result<A, String> {
        let payload = serde_json::to_vec(command).map_err(|error| error.to_string())?;
        let invocation = self.client.invoke().function_name(&self.name).payload(Blob::new(payload));
        let answer = invocation.send().await.map_err(|error| format!("{}: {}", self.name, reason(&error)))?;
        if let Some(kind) = answer.function_error {
            // The payload is the error's text, which is in the other function's log.
            return Err(format!("{} failed ({kind})", self.name));
        }
        let payload = answer.payload.map(Blob::into_inner).unwrap_or_default();
        serde_json::from_slice(&payload).map_err(|_| format!("{} gave an answer that is not understood", self.name))
    }
}

/// `assemble-pades` as a function of its own.
pub struct LambdaAssemblePades(Function);

impl LambdaAssemblePades {
    /// The function called `name`.
    pub fn new(config: &SdkConfig, name: String) -> Self {
        Self(Function::new(config, name))
    }

    async fn ask(&self, command: AssembleCommand) -> Result<AssembleAnswer, AssembleError> {
        self.0.ask::<Result<_, _>>(&command).await.unwrap_or_else(|detail| Err(AssembleError::Unavailable { detail }))
    }

    fn other_answer(&self) -> AssembleError {
        AssembleError::Unavailable { detail: format!("{} answered another command", self.0.name) }
    }
}

#[async_trait]
impl AssemblePades for LambdaAssemblePades {
    async fn prepare(&self, command: &PrepareCommand) -> Result<Vec<Prepared>, AssembleError> {
        match self.ask(AssembleCommand::Prepare(command.clone())).await? {
            AssembleAnswer::Prepared(prepared) => Ok(prepared),
            AssembleAnswer::Completed(_) => Err(self.other_answer()),
        }
    }

    async fn complete(&self, command: &CompleteCommand) -> Result<Completion, AssembleError> {
        match self.ask(AssembleCommand::Complete(command.clone())).await? {
            AssembleAnswer::Completed(completion) => Ok(completion),
            AssembleAnswer::Prepared(_) => Err(self.other_answer()),
        }
    }

    async fn extend(&self, command: &ExtendCommand) -> Result<Completion, AssembleError> {
        match self.ask(AssembleCommand::Extend(command.clone())).await? {
            AssembleAnswer::Completed(completion) => Ok(completion),
            AssembleAnswer::Prepared(_) => Err(self.other_answer()),
        }
    }
}

/// `sign-document-hash` as a function of its own.
pub struct LambdaSignDocumentHash(Function);

impl LambdaSignDocumentHash {
    /// The function called `name`.
    pub fn new(config: &SdkConfig, name: String) -> Self {
        Self(Function::new(config, name))
    }
}

#[async_trait]
impl SignDocumentHash for LambdaSignDocumentHash {
    async fn sign(&self, command: &SignCommand) -> Result<SignOutcome, SignError> {
        let answer = self.0.ask::<Result<_, _>>(&SigningCommand::Sign(command.clone())).await;
        match answer.unwrap_or_else(|detail| Err(SignError::Unavailable { detail }))? {
            SigningAnswer::Signed(outcome) => Ok(*outcome),
            SigningAnswer::Root(_) => Err(SignError::Unavailable { detail: format!("{} answered another command", self.0.name) }),
        }
    }
}
