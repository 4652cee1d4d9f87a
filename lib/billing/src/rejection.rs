use serde::Serialize;

use crate::row::Place;

/// What ends a reading.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be taken as a bill. Final: the same bytes are refused again.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The source broke off; another attempt may succeed.
    #[error("the file could not be read from its source")]
    Io(#[source] std::io::Error),
    /// The consumer of the rows failed.
    #[error("a row could not be handed on")]
    Sink(#[source] SinkError),
}

/// Whatever stopped the consumer of the rows.
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;

/// Why a file is not taken as a bill, and where. Speaks to the person who sent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{detail}")]
pub struct Rejection {
    /// Stable kebab-case name of the rule.
    pub rule: &'static str,
    /// What is wrong and what to do; quotes at most 80 characters of the value.
    pub detail: String,
    /// Data row, from 1; 0 is the header.
    pub row: Option<u64>,
    /// Line of the text file, from 1.
    pub line: Option<u64>,
    /// Column as the file names it.
    pub column: Option<String>,
}

impl Rejection {
    /// A rejection of the file as a whole.
    pub(crate) fn new(rule: &'static str, detail: impl Into<String>) -> Self {
        Self {
            rule,
            detail: detail.into(),
            row: None,
            line: None,
            column: None,
        }
    }

    pub(crate) fn at(mut self, place: Place) -> Self {
        self.row = Some(place.row);
        self.line = place.line;
        self
    }

    pub(crate) fn column(mut self, column: &str) -> Self {
        self.column = Some(shorten(column));
        self
    }
}

impl ReadError {
    /// Readers hand a rejection through `io::Error`; every other failure is the source's.
    pub(crate) fn from_io(error: std::io::Error) -> Self {
        match error.downcast::<Rejection>() {
            Ok(rejection) => Self::Rejected(rejection),
            Err(error) => Self::Io(error),
        }
    }

    /// A sink may refuse a row with a rejection; every other failure is its own.
    pub(crate) fn from_sink(error: SinkError) -> Self {
        match error.downcast::<Rejection>() {
            Ok(rejection) => Self::Rejected(*rejection),
            Err(error) => Self::Sink(error),
        }
    }

    /// Adds the place to a rejection that knows none, or only its line.
    pub(crate) fn near(self, place: Place) -> Self {
        match self {
            Self::Rejected(rejection) if rejection.row.is_none() => {
                let line = rejection.line.or(place.line);
                rejection.at(Place { line, ..place }).into()
            }
            other => other,
        }
    }
}

/// A value in quotes, cut to 80 characters, without control characters.
pub(crate) fn quote(value: &str) -> String {
    format!("\"{}\"", shorten(value))
}

/// A name or value cut to 80 characters, without control characters.
pub(crate) fn shorten(value: &str) -> String {
    const MOST: usize = 80;
    let visible = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let short: String = value.chars().take(MOST).map(visible).collect();
    if value.chars().nth(MOST).is_some() {
        let kept: String = short.chars().take(MOST - 1).collect();
        format!("{kept}…")
    } else {
        short
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_short_and_printable() {
        assert_eq!(quote("1,5"), "\"1,5\"");
        assert_eq!(quote("a\n\u{1b}[31m"), "\"a\u{fffd}\u{fffd}[31m\"");
        assert_eq!(shorten(&"é".repeat(80)), "é".repeat(80));
        assert_eq!(shorten(&"é".repeat(81)), format!("{}…", "é".repeat(79)));
    }

    #[test]
    fn a_rejection_survives_io_errors_and_a_broken_source_is_no_rejection() {
        let rejection = Rejection::new("bomb", "too much");
        let through = std::io::Error::other(rejection.clone());
        assert!(matches!(ReadError::from_io(through), ReadError::Rejected(r) if r == rejection));
        let broken = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        assert!(matches!(ReadError::from_io(broken), ReadError::Io(_)));
    }
}
