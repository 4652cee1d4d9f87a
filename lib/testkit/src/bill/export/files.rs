//! The parts of a delivery.

use std::sync::Arc;

use anyhow::Result;
use outlay_core::BillingPeriod;

use super::{Export, FileType, Table};
use crate::bill::{
    Bill, Spelling,
    charge::Charge,
    cur, cur2, focus,
    parquet::{self, type_name},
    table::{Column, csv},
    text::gzip,
};

/// The parts of one month, and the columns that they have.
pub(super) struct Written {
    pub(super) parts: Vec<Vec<u8>>,
    pub(super) columns: Vec<(String, &'static str)>,
}

pub(super) fn write(
    export: &Export,
    bill: &Bill,
    period: BillingPeriod,
    parts: usize,
) -> Result<Written> {
    let of_month = |c: &&Arc<Charge>| c.statement.period == period;
    let charges = bill.charges.iter().filter(of_month);
    let report = match export.table {
        Table::Focus => {
            let rows: Vec<_> = charges.cloned().collect();
            return table(export.file_type, &focus::columns(), &rows, parts);
        }
        Table::Cur2(style) => cur2::report(charges, style),
        Table::LegacyCur if export.file_type == FileType::Parquet => {
            cur::report(charges, Spelling::Underscore)
        }
        Table::LegacyCur => cur::report(charges, Spelling::Slash),
    };
    table(export.file_type, &report.columns, &report.lines, parts)
}

fn table<T>(
    file_type: FileType,
    columns: &[Column<T>],
    rows: &[T],
    parts: usize,
) -> Result<Written> {
    let size = rows.len().div_ceil(parts).max(1);
    let parts = rows.chunks(size).map(|rows| match file_type {
        FileType::CsvGz => gzip(&csv(columns, rows)),
        FileType::Parquet => parquet::write(columns, rows),
    });
    let names = columns.iter();
    Ok(Written {
        parts: parts.collect::<Result<_>>()?,
        columns: names.map(|c| (c.name.to_string(), type_name(c))).collect(),
    })
}
