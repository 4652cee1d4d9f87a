//! Bills of any supported format, read row by row into FOCUS 1.4 rows.
//!
//! No async, no AWS, no files of its own: bytes in, [`FocusRow`]s out.

mod amount;
mod cells;
mod columns;
mod csv;
mod cur;
mod detect;
mod focus;
mod input;
mod json_map;
#[cfg(feature = "parquet")]
mod parquet_in;
mod provider;
mod read;
mod rejection;
mod report;
mod row;
mod services;
mod time;

#[cfg(test)]
mod tests;

pub use amount::Exact;
pub use columns::{AmountColumn, COST_COLUMNS, Column, TextColumn, TimeColumn};
pub use detect::{FocusVersion, Format};
pub use input::{Container, Input};
pub use read::read_bill;
pub use rejection::{ReadError, Rejection, SinkError};
pub use report::{ReadReport, ResidueSum, RowSink, Warning};
pub use row::{FocusRow, Place};
