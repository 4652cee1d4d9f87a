//! The single table: keys, entities and the tenant-bound handle on them.
