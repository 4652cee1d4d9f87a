//! Bills of any supported format, read row by row into FOCUS 1.4 rows.
//!
//! No async, no AWS: bytes in, [`FocusRow`]s out, and from them Parquet, totals and the roll-up.

mod amount;
mod azure;
mod bills;
mod cells;
mod columns;
mod csv;
mod cur;
mod datasets;
mod dates;
mod delivery;
mod detect;
mod evidence;
mod focus;
mod gcp;
mod input;
pub mod invariants;
mod json_map;
mod manifest;
mod mapping;
#[cfg(feature = "parquet")]
pub mod normalise;
mod oci;
#[cfg(feature = "parquet")]
mod parquet_in;
#[cfg(feature = "parquet")]
mod parquet_out;
mod provider;
mod read;
mod rejection;
mod report;
mod requirements;
pub mod rollup;
mod row;
mod same;
mod services;
mod source;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod time;
mod totals;

#[cfg(test)]
mod tests;

pub use amount::Exact;
pub use azure::AzureAgreement;
pub use bills::{Bill, Bills};
pub use columns::{AmountColumn, COST_COLUMNS, Column, TextColumn, TimeColumn};
pub use datasets::{BillingPeriodRow, ContractCommitmentRow, Datasets, InvoiceDetailRow, csv};
pub use dates::DateFormat;
pub use delivery::{DeliveryReport, FileError, FileRows, FileWarning, RowCounts};
pub use detect::{FocusVersion, Format};
pub use evidence::{Evidence, EvidenceError, OtherBill, RefundOf, SourceRow, Sum};
pub use input::{Container, Input};
pub use manifest::{
    Manifest, ManifestColumn, ManifestKey, ManifestKind, ManifestPart, is_manifest_key,
};
pub use mapping::{CostSign, Mapping, NumberFormat, Question, Suggested, Suggestion, suggest};
#[cfg(feature = "parquet")]
pub use parquet_out::{PartBill, PartError, PartWriter, schema};
pub use read::{Sample, read_bill, read_mapped, sample};
pub use rejection::{ReadError, Rejection, SinkError};
pub use report::{ReadReport, ResidueSum, RowSink, Warning};
pub use rollup::{Rollup, RollupBuilder, RollupError};
pub use row::{FocusRow, Place};
