use std::fmt;

/// Why a question is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// What kind of refusal this is.
    pub kind: QueryErrorKind,
    /// JSON pointer into the body, or the name of the URL parameter.
    pub pointer: String,
    /// What is wrong there, for a person; of a text it names the character, counted from 1.
    pub detail: String,
}

/// What kind of refusal a [`QueryError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryErrorKind {
    /// The question is malformed or contradicts itself.
    Invalid,
    /// The question is good, but roll-ups cannot answer it: only the rows can.
    NeedsRows,
    /// The answer would not fit a response.
    TooLarge,
}

impl QueryErrorKind {
    /// The last segment of the problem type.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Invalid => "invalid-request",
            Self::NeedsRows => "needs-rows",
            Self::TooLarge => "answer-too-large",
        }
    }
}

impl QueryError {
    /// A malformed question.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind: QueryErrorKind::Invalid,
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }

    pub(crate) fn needs_rows(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind: QueryErrorKind::NeedsRows,
            ..Self::invalid(pointer, detail)
        }
    }

    pub(crate) fn too_large(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind: QueryErrorKind::TooLarge,
            ..Self::invalid(pointer, detail)
        }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.detail)
    }
}

impl std::error::Error for QueryError {}
