//! Sums over roll-ups: one pass over columns of codes, no text touched per row.

mod cells;
mod layout;
mod mask;
mod sums;

use cells::LocalCells;
use layout::Layout;
use mask::Mask;
pub(super) use sums::{Group, Sums};

use super::{LoadedRollup, overflow};
use crate::query::{Dimension, Filter, Metric, QueryError};
use outlay_billing::rollup::Amounts;

/// What to sum.
pub(super) struct Scan<'q> {
    pub(super) groups: &'q [Dimension],
    pub(super) metrics: &'q [Metric],
    pub(super) filter: Option<&'q Filter>,
    pub(super) currency: Option<&'q str>,
    pub(super) place: Place<'q>,
}

/// Where in time rows go; `None` is outside.
#[derive(Clone, Copy)]
pub(super) enum Place<'q> {
    /// By the day of the charge: the bucket of each day.
    Charge(&'q dyn Fn(i32) -> Option<i32>),
    /// By the billing period of the version: the bucket of its first day.
    Billing(&'q dyn Fn(i32) -> Option<i32>),
}
/// Sums every roll-up. Null currencies and values are groups of their own.
pub(super) fn scan(scan: &Scan<'_>, rollups: &[LoadedRollup]) -> Result<Sums, QueryError> {
    let mut sums = Sums::new(scan);
    for loaded in rollups {
        scan_one(scan, loaded, &mut sums)?;
    }
    Ok(sums)
}

const BLOCK: usize = 2048;

fn scan_one(scan: &Scan<'_>, loaded: &LoadedRollup, sums: &mut Sums) -> Result<(), QueryError> {
    let rollup = &*loaded.rollup;
    let Some(layout) = Layout::of(scan, loaded) else {
        return Ok(());
    };
    let mask = Mask::of(scan, loaded, &layout);
    if matches!(mask, Mask::Constant(false)) {
        return Ok(());
    }
    sums.rows += rollup.len() as u64;
    let columns: Vec<&Amounts> = scan
        .metrics
        .iter()
        .map(|&metric| &rollup.costs()[metric.index()])
        .collect();
    let mut cells = LocalCells::new(layout.cells(), columns.len());
    let (mut rows, mut slots) = (Vec::with_capacity(BLOCK), Vec::with_capacity(BLOCK));
    for start in (0..rollup.len()).step_by(BLOCK) {
        let block = start..rollup.len().min(start + BLOCK);
        mask.select(block, &mut rows);
        layout.slots(&rows, &mut slots);
        cells.resolve(&mut slots);
        cells.add(&columns, &rows, &slots)?;
    }
    sums.add(&layout, &cells, &columns)
}
