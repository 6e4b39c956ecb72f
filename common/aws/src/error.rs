use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// What went wrong, for the log: the service's own code, never its text, which may quote what was sent.
pub(crate) fn reason<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    match error {
        SdkError::ServiceError(service) => service.err().code().unwrap_or("an error without a code").to_owned(),
        SdkError::TimeoutError(_) => "no answer in time".to_owned(),
        SdkError::DispatchFailure(_) => "no connection".to_owned(),
        SdkError::ResponseError(_) => "an answer that is not understood".to_owned(),
        _ => "a request that can't be made".to_owned(),
    }
}

/// Whether the service answered with `code`.
#[cfg(any(feature = "dynamodb", feature = "kms", feature = "s3", feature = "secrets"))]
pub(crate) fn is<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>, code: &str) -> bool {
    matches!(error, SdkError::ServiceError(service) if service.err().code() == Some(code))
}
