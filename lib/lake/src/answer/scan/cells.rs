//! The sums of one roll-up.

use std::collections::HashMap;

use super::{overflow, sums::ByCode};
use crate::query::QueryError;
use outlay_billing::rollup::Amounts;

/// Above this many possible cells a roll-up is summed by hash: 4 MB of sums per metric.
const MAX_DENSE: u64 = 1 << 18;

/// The sums of one roll-up, before scaling.
pub(super) struct LocalCells {
    /// Cell number to position, where there are too many cells for positions to be numbers.
    sparse: Option<HashMap<u64, u64, ByCode>>,
    hit: Vec<bool>,
    /// One list per metric.
    pub(super) sums: Vec<Vec<i128>>,
}

impl LocalCells {
    pub(super) fn new(cells: u64, metrics: usize) -> Self {
        let dense = cells <= MAX_DENSE;
        let len = if dense {
            usize::try_from(cells).unwrap_or_default()
        } else {
            0
        };
        Self {
            sparse: (!dense).then(HashMap::default),
            hit: vec![false; len],
            sums: vec![vec![0; len]; metrics],
        }
    }

    /// Turns cell numbers into positions.
    pub(super) fn resolve(&mut self, slots: &mut [u64]) {
        if let Some(positions) = &mut self.sparse {
            for slot in slots {
                let next = positions.len() as u64;
                *slot = *positions.entry(*slot).or_insert(next);
            }
            self.hit.resize(positions.len(), true);
            for sums in &mut self.sums {
                sums.resize(positions.len(), 0);
            }
        } else {
            for &slot in &*slots {
                self.hit[index(slot)] = true;
            }
        }
    }

    pub(super) fn add(
        &mut self,
        columns: &[&Amounts],
        rows: &[usize],
        slots: &[u64],
    ) -> Result<(), QueryError> {
        for (sums, column) in self.sums.iter_mut().zip(columns) {
            match column {
                // A million 64-bit numbers cannot exceed 128 bits.
                Amounts::Narrow { values, .. } => {
                    for (&row, &slot) in rows.iter().zip(slots) {
                        sums[index(slot)] += i128::from(values[row]);
                    }
                }
                Amounts::Wide(values) => {
                    for (&row, &slot) in rows.iter().zip(slots) {
                        let sum = &mut sums[index(slot)];
                        *sum = sum.checked_add(values[row]).ok_or_else(overflow)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Every cell that a row fell into, in order: its number and its position.
    pub(super) fn touched(&self) -> Vec<(u64, usize)> {
        match &self.sparse {
            None => (0..)
                .zip(0..self.hit.len())
                .filter(|&(_, at)| self.hit[at])
                .collect(),
            Some(positions) => {
                let mut touched: Vec<_> = positions
                    .iter()
                    .map(|(&cell, &at)| (cell, index(at)))
                    .collect();
                touched.sort_unstable();
                touched
            }
        }
    }
}

fn index(slot: u64) -> usize {
    usize::try_from(slot).unwrap_or(usize::MAX)
}
