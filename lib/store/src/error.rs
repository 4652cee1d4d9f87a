use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// Why the table did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A condition did not hold: somebody else was there first, or the thing is not there.
    #[error("a condition on the table did not hold")]
    Conflict,
    /// The session may not touch that key. Always a defect of ours, never the caller's.
    #[error("the table refused the session's access")]
    AccessDenied,
    /// An item does not have the shape of its entity.
    #[error("an item could not be read or written")]
    Malformed(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The table could not be reached or is throttling; trying again may help.
    #[error("the table is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// Whether a condition did not hold.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict)
    }

    pub(crate) fn from_sdk<E>(error: SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        match error.code() {
            Some("ConditionalCheckFailedException") => Self::Conflict,
            Some("AccessDeniedException") => Self::AccessDenied,
            _ => Self::Unavailable(Box::new(error)),
        }
    }
}

impl From<serde_dynamo::Error> for StoreError {
    fn from(error: serde_dynamo::Error) -> Self {
        Self::Malformed(Box::new(error))
    }
}
