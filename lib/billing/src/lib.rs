//! Bills of any supported format, read row by row into FOCUS 1.4 rows.

mod columns;
mod row;

pub use columns::{AmountColumn, COST_COLUMNS, Column, TextColumn, TimeColumn};
pub use row::{FocusRow, Place};
