use std::hash::{DefaultHasher, Hash, Hasher};

use aws_config::SdkConfig;
use aws_sdk_cloudwatchlogs::Client;
use jiff::Timestamp;

/// CloudWatch Logs answers a page of at most this many events, and may answer fewer, or none, before the end.
const PAGE: i32 = 1000;

/// Why logs could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LogsError {
    /// CloudWatch Logs did not answer as asked.
    #[error("CloudWatch Logs did not answer as asked")]
    Service(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// More had to be searched than a request has time for.
    #[error("there is too much to search")]
    TooMuch,
}

/// What to read of a log group.
#[derive(Debug, Clone)]
pub struct LogSpan<'a> {
    /// Name of the log group.
    pub group: &'a str,
    /// The first instant.
    pub from: Timestamp,
    /// The instant after the last.
    pub to: Timestamp,
    /// Words that must all stand in the line.
    pub words: &'a [&'a str],
}

/// One line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEvent {
    /// When it was written.
    pub at: Timestamp,
    /// CloudWatch's name of it, unique within its group.
    pub id: String,
    /// The stream, whose name tells the function.
    pub stream: String,
    /// The line.
    pub line: String,
}

/// Reads log groups.
pub struct Logs {
    client: Client,
}

impl Logs {
    /// With the function's own role.
    pub fn new(sdk: &SdkConfig) -> Self {
        Self {
            client: Client::new(sdk),
        }
    }

    /// The first `enough` events of a span that `keep` keeps, oldest first; fewer at its end. Gives up after
    /// `pages` calls, because a long span with few matches has no end that a request can wait for.
    pub async fn first(
        &self,
        span: &LogSpan<'_>,
        enough: usize,
        pages: usize,
        keep: impl Fn(&LogEvent) -> bool + Send + Sync,
    ) -> Result<Vec<LogEvent>, LogsError> {
        let mut search = Search::new(enough, keep);
        for _ in 0..pages {
            let page = self.page(span, search.next.take()).await?;
            if search.take(page) {
                return Ok(search.found());
            }
        }
        Err(LogsError::TooMuch)
    }

    async fn page(&self, span: &LogSpan<'_>, next: Option<String>) -> Result<Page, LogsError> {
        let answer = self
            .client
            .filter_log_events()
            .log_group_name(span.group)
            .start_time(span.from.as_millisecond())
            .end_time(span.to.as_millisecond().saturating_sub(1))
            .set_filter_pattern(pattern(span.words))
            .limit(PAGE)
            .set_next_token(next)
            .send()
            .await
            .map_err(|error| LogsError::Service(error.into()))?;
        let events = answer.events.unwrap_or_default().into_iter();
        let events = events.filter_map(|event| {
            let stream = event.log_stream_name.unwrap_or_default();
            let line = event.message.unwrap_or_default();
            Some(LogEvent {
                at: Timestamp::from_millisecond(event.timestamp?).ok()?,
                id: event.event_id.unwrap_or_else(|| name(&stream, &line)),
                stream,
                line,
            })
        });
        Ok(Page {
            events: events.collect(),
            next: answer.next_token,
        })
    }
}

/// What tells a line without a name from others of the same moment: pages must not begin in between.
fn name(stream: &str, line: &str) -> String {
    let mut hash = DefaultHasher::new();
    (stream, line).hash(&mut hash);
    format!("{:016x}", hash.finish())
}

struct Page {
    events: Vec<LogEvent>,
    next: Option<String>,
}

/// What was found so far, and where to read on.
struct Search<K> {
    enough: usize,
    keep: K,
    found: Vec<LogEvent>,
    next: Option<String>,
}

impl<K: Fn(&LogEvent) -> bool> Search<K> {
    fn new(enough: usize, keep: K) -> Self {
        Self {
            enough,
            keep,
            found: Vec::new(),
            next: None,
        }
    }

    /// Takes a page; says whether the search is over. A page may be empty long before the end.
    fn take(&mut self, page: Page) -> bool {
        self.found
            .extend(page.events.into_iter().filter(&self.keep));
        self.next = page.next;
        self.next.is_none() || self.found.len() >= self.enough
    }

    fn found(mut self) -> Vec<LogEvent> {
        self.found.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        self.found.truncate(self.enough);
        self.found
    }
}

/// A pattern of quoted words, all of which must match. A quote would end its word: such a word is none of
/// an id's or a level's, and matches nothing we look for, so it is left to the caller's own comparison.
fn pattern(words: &[&str]) -> Option<String> {
    let quoted: Vec<String> = words
        .iter()
        .filter(|word| !word.contains(['"', '\\']))
        .map(|word| format!("\"{word}\""))
        .collect();
    (!quoted.is_empty()).then(|| quoted.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(millis: &[i64], next: Option<&str>) -> Page {
        let event = |at: &i64| LogEvent {
            at: Timestamp::from_millisecond(*at).unwrap(),
            id: at.to_string(),
            stream: String::new(),
            line: String::new(),
        };
        Page {
            events: millis.iter().map(event).collect(),
            next: next.map(str::to_owned),
        }
    }

    #[test]
    fn empty_pages_before_the_end_are_read_on() {
        let mut search = Search::new(2, |event: &LogEvent| event.id != "3");
        assert!(!search.take(page(&[], Some("more"))));
        assert_eq!(search.next.as_deref(), Some("more"));
        assert!(!search.take(page(&[3, 9], Some("more"))));
        assert!(search.take(page(&[5, 7], Some("more"))), "enough");
        let found: Vec<String> = search.found().into_iter().map(|e| e.id).collect();
        assert_eq!(found, ["5", "7"]);
    }

    #[test]
    fn the_end_ends_a_search() {
        let mut search = Search::new(9, |_: &LogEvent| true);
        assert!(search.take(page(&[1], None)));
        assert_eq!(search.found().len(), 1);
    }

    #[test]
    fn words_are_quoted() {
        assert_eq!(pattern(&[]), None);
        assert_eq!(pattern(&["a-b", "c\"d"]), Some("\"a-b\"".to_owned()));
    }
}
