use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::{
    fetch::{FetchError, Fetcher},
    key_set::{self, Key, KeySet},
};

/// The endpoint is asked this often at most, whatever is thrown at us and whatever it answers.
const BETWEEN_FETCHES: SignedDuration = SignedDuration::from_secs(10);
/// After this a key that the issuer has withdrawn is noticed.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// Known keys are trusted this long while the endpoint is down.
const TRUSTED: SignedDuration = SignedDuration::from_hours(24);

/// Why there is no key to check a token with.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The issuer has no such key, as far as we know.
    #[error("the issuer has no such key")]
    Unknown,
    /// The issuer's keys were never seen, or too long ago, and cannot be had now.
    #[error("the keys of the issuer cannot be had")]
    Unavailable(#[source] Option<Arc<FetchError>>),
}

/// The keys of an issuer, kept by this container.
///
/// A known id is answered from memory, also while the endpoint is down, slow or sends rubbish. An
/// unknown one makes one fetch, of which there is one at a time and one in ten seconds: so a flood of
/// made-up ids costs the issuer nothing, and a key that is new is known ten seconds later.
pub(super) struct Keys {
    fetcher: Fetcher,
    known: Mutex<Arc<Known>>,
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Known {
    keys: KeySet,
    fetched_at: Option<Timestamp>,
    asked_at: Option<Timestamp>,
    failure: Option<Arc<FetchError>>,
}

impl Keys {
    pub(super) fn at(uri: &str) -> Self {
        Self {
            fetcher: Fetcher::new(uri),
            known: Mutex::default(),
            fetching: tokio::sync::Mutex::default(),
        }
    }

    /// The key of this id.
    pub(super) async fn key(&self, kid: &str, now: Timestamp) -> Result<Key, KeysError> {
        if !key_set::is_sane(kid) {
            return Err(KeysError::Unknown);
        }
        let known = self.known();
        if known.is_newer_than(FRESH, now)
            && let Some(key) = known.keys.get(kid)
        {
            return Ok(key.clone());
        }
        self.ask(kid, now).await;
        self.known().answer(kid, now)
    }

    /// Fetches, unless that was done a moment ago or by another meanwhile.
    async fn ask(&self, kid: &str, now: Timestamp) {
        let _one_at_a_time = self.fetching.lock().await;
        let known = self.known();
        let found = known.is_newer_than(FRESH, now) && known.keys.contains_key(kid);
        if found || known.was_just_asked(now) {
            return;
        }
        let fetched = self.fetcher.fetch().await;
        let next = match fetched.and_then(|bytes| key_set::parse(&bytes)) {
            Ok(keys) => Known {
                keys,
                fetched_at: Some(now),
                asked_at: Some(now),
                failure: None,
            },
            Err(failure) => Known {
                keys: known.keys.clone(),
                fetched_at: known.fetched_at,
                asked_at: Some(now),
                failure: Some(Arc::new(failure)),
            },
        };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
    }

    fn known(&self) -> Arc<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&known)
    }
}

impl Known {
    fn answer(&self, kid: &str, now: Timestamp) -> Result<Key, KeysError> {
        if !self.is_newer_than(TRUSTED, now) {
            return Err(KeysError::Unavailable(self.failure.clone()));
        }
        self.keys.get(kid).cloned().ok_or(KeysError::Unknown)
    }

    fn is_newer_than(&self, age: SignedDuration, now: Timestamp) -> bool {
        self.fetched_at
            .is_some_and(|at| now.duration_since(at) < age)
    }

    fn was_just_asked(&self, now: Timestamp) -> bool {
        self.asked_at
            .is_some_and(|at| now.duration_since(at) < BETWEEN_FETCHES)
    }
}
