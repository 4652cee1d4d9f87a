//! Rows on their way into the lake: Parquet, roll-ups and totals, one bill at a time. Workers only.

mod batch;
mod chunk;
mod files;
mod hybrid;
mod part;
mod schema;
mod values;

pub use part::{PartBill, PartError, PartWriter};
pub use schema::schema;

#[cfg(test)]
mod tests;
