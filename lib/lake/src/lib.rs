//! Where rows and roll-ups live: layout, objects, and the CostQuery that reads roll-ups.

pub mod answer;
mod archive;
mod cache;
pub mod layout;
mod objects;
pub mod query;

pub use archive::Archive;
pub use cache::RollupCache;
pub use objects::{ObjectHead, ObjectsError, PresignedPut, TenantObjects};
pub use outlay_core::Totals;
