use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;

/// Entries per container; beyond it the cache begins anew.
const CAPACITY: usize = 1024;

/// What was read from the table, for a short time.
pub(crate) struct Kept<K, V>(Mutex<HashMap<K, (Timestamp, V)>>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Kept<K, V> {
    /// What was read less than `at_most` before now.
    pub(crate) fn get(&self, key: &K, now: Timestamp, at_most: Duration) -> Option<V> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, value) = kept.get(key)?;
        // A clock that was set back makes nothing younger.
        let age = Duration::try_from(now.duration_since(*read_at)).ok()?;
        (age < at_most).then(|| value.clone())
    }

    /// Keeps what was read, with the time at which reading began.
    pub(crate) fn keep(&self, key: K, value: V, read_at: Timestamp) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= CAPACITY {
            kept.clear();
        }
        kept.insert(key, (read_at, value));
    }

    /// Whether it was ever kept, however long ago.
    pub(crate) fn knows(&self, key: &K) -> bool {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.contains_key(key)
    }

    /// Keeps it no longer.
    pub(crate) fn forget(&self, key: &K) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn nothing_is_kept_for_a_minute_or_longer() {
        let (kept, minute) = (Kept::default(), Duration::from_mins(1));
        let now = Timestamp::UNIX_EPOCH;
        kept.keep("a", 1, now);
        assert_eq!(kept.get(&"a", now + 59.seconds(), minute), Some(1));
        assert_eq!(kept.get(&"a", now + 60.seconds(), minute), None);
        assert_eq!(kept.get(&"a", now - 1.second(), minute), None);
        assert_eq!(kept.get(&"b", now, minute), None);
        assert_eq!(kept.get(&"a", now, Duration::ZERO), None);
        assert!(kept.knows(&"a") && !kept.knows(&"b"));
        kept.forget(&"a");
        assert!(!kept.knows(&"a"));
    }

    #[test]
    fn it_stays_small() {
        let kept = Kept::default();
        for n in 0..=CAPACITY {
            kept.keep(n, n, Timestamp::UNIX_EPOCH);
        }
        assert!(kept.0.lock().unwrap().len() <= CAPACITY);
    }
}
