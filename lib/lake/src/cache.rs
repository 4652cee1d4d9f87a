use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use futures::{StreamExt, TryStreamExt};
use outlay_core::{TenantId, VersionId};

use crate::objects::{ObjectsError, TenantObjects};
use outlay_billing::Rollup;

/// Decoded roll-ups, kept in a warm container. A version never changes, so nothing expires; the least
/// recently used go when the bytes exceed the cap. Keys hold the tenant: tenants never mix.
#[derive(Debug)]
pub struct RollupCache {
    max_bytes: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    entries: HashMap<(TenantId, VersionId), Entry>,
    bytes: usize,
    clock: u64,
}

#[derive(Debug)]
struct Entry {
    rollup: Arc<Rollup>,
    bytes: usize,
    used: u64,
}

/// Roll-ups fetched side by side: S3's latency, not its bandwidth, is what counts.
const SIDE_BY_SIDE: usize = 8;

impl RollupCache {
    /// 64 MB: a quarter of the memory of an API function.
    pub const DEFAULT_BYTES: usize = 64 * 1024 * 1024;

    /// An empty cache.
    pub fn new(max_bytes: usize) -> Self {
        Self {
            max_bytes,
            held: Mutex::default(),
        }
    }

    /// The roll-ups of these versions of the tenant, in this order; what is not held is fetched.
    pub async fn load(
        &self,
        objects: &TenantObjects,
        versions: &[VersionId],
    ) -> Result<Vec<Arc<Rollup>>, ObjectsError> {
        futures::stream::iter(versions.to_vec())
            .map(|version| self.load_one(objects, version))
            .buffered(SIDE_BY_SIDE)
            .try_collect()
            .await
    }

    async fn load_one(
        &self,
        objects: &TenantObjects,
        version: VersionId,
    ) -> Result<Arc<Rollup>, ObjectsError> {
        let key = (objects.tenant().clone(), version);
        if let Some(rollup) = self.held().get(&key) {
            return Ok(rollup);
        }
        let rollup = Arc::new(objects.get_rollup(&key.1).await?);
        self.held().put(key, &rollup, self.max_bytes);
        Ok(rollup)
    }

    /// A panic elsewhere leaves at worst a stale count of uses.
    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for RollupCache {
    fn default() -> Self {
        Self::new(Self::DEFAULT_BYTES)
    }
}

impl Held {
    fn get(&mut self, key: &(TenantId, VersionId)) -> Option<Arc<Rollup>> {
        self.clock += 1;
        let entry = self.entries.get_mut(key)?;
        entry.used = self.clock;
        Some(Arc::clone(&entry.rollup))
    }

    fn put(&mut self, key: (TenantId, VersionId), rollup: &Arc<Rollup>, max_bytes: usize) {
        let bytes = rollup.bytes();
        if bytes > max_bytes {
            return;
        }
        self.clock += 1;
        let entry = Entry {
            rollup: Arc::clone(rollup),
            bytes,
            used: self.clock,
        };
        self.bytes += bytes;
        if let Some(old) = self.entries.insert(key, entry) {
            self.bytes -= old.bytes;
        }
        while self.bytes > max_bytes {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.used);
            let Some(key) = oldest.map(|(key, _)| key.clone()) else {
                return;
            };
            self.bytes -= self.entries.remove(&key).map_or(0, |entry| entry.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use outlay_billing::testing::{rollup, row};

    #[test]
    fn the_least_recently_used_go_and_tenants_never_mix() {
        let rollup = Arc::new(rollup(&[row(0, None)]));
        let one = rollup.bytes();
        let key = |tenant: &str, version: &str| {
            (TenantId::derive(&[tenant]), VersionId::derive(&[version]))
        };
        let mut held = Held::default();
        for version in ["1", "2", "3"] {
            held.put(key("a", version), &rollup, 3 * one);
        }
        assert!(held.get(&key("a", "1")).is_some());
        held.put(key("b", "4"), &rollup, 3 * one);
        assert!(held.get(&key("a", "2")).is_none());
        assert!(held.get(&key("a", "1")).is_some());
        assert!(held.get(&key("a", "4")).is_none());
        assert_eq!(held.bytes, 3 * rollup.bytes());
        held.put(key("b", "5"), &rollup, 0);
        assert_eq!(held.entries.len(), 3);
    }
}
