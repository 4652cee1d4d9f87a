//! Rows on their way into the lake: Parquet, roll-ups and totals, one bill at a time. Workers only.

mod batch;
mod file;
mod part;
mod schema;

pub use part::{PartBill, PartError, PartWriter};
pub use schema::schema;

#[cfg(test)]
mod tests;
