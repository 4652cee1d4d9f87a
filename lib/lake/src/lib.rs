//! Where rows and roll-ups live: layout, Parquet, roll-up files, and the CostQuery that reads them.

pub mod answer;
mod cache;
pub mod layout;
mod objects;
#[cfg(feature = "parquet")]
mod parquet_out;
pub mod query;
pub mod rollup;
mod totals;

#[cfg(test)]
mod testing;

pub use cache::RollupCache;
pub use objects::{ObjectHead, ObjectsError, PresignedPut, TenantObjects};
pub use outlay_core::Totals;
#[cfg(feature = "parquet")]
pub use parquet_out::{PartBill, PartError, PartWriter, schema};
