//! A correct bill holds all invariants, and each of many faults breaks the invariant that is there
//! to find it.

mod bills;
mod caps;
mod evidence;
mod mutations;
mod real_files;
mod results;

use std::collections::BTreeMap;

use outlay_core::{ColumnResidue, Totals};

use self::bills::invoices;
use super::{Bill, accept};
use crate::{
    Evidence, FocusRow, Rollup, RollupBuilder,
    invariants::{Invariant, InvariantStatus, Known, Stored, check},
};

/// Cells of a line, by column.
type Line = BTreeMap<&'static str, String>;

/// Lines as CSV, with every column that one of them has.
fn csv(lines: &[Line]) -> String {
    let mut columns: Vec<&str> = lines.iter().flat_map(|line| line.keys().copied()).collect();
    columns.sort_unstable();
    columns.dedup();
    let cell = |line: &Line, column| format!("\"{}\"", line.get(column).map_or("", |c| c));
    let rows = lines.iter().map(|line| {
        let cells: Vec<String> = columns.iter().map(|column| cell(line, column)).collect();
        cells.join(",")
    });
    let header = columns.join(",");
    std::iter::once(header)
        .chain(rows)
        .map(|row| row + "\n")
        .collect()
}

/// A bill read, and what a writer would store of it.
struct Delivery {
    bill: Bill,
    evidence: Evidence,
    rows: u64,
    totals: Vec<Totals>,
    residues: Vec<ColumnResidue>,
    rollup: Rollup,
}

impl Delivery {
    fn of(lines: &[Line]) -> Self {
        let mut bill = accept(csv(lines));
        let evidence = bill.report.evidence.remove(0);
        assert_eq!(bill.report.evidence, [], "one bill");
        let rollup = rollup(&bill.rows);
        Self {
            evidence,
            rows: bill.rows.len() as u64,
            totals: rollup.totals().unwrap(),
            residues: bill.report.residues.iter().map(column_residue).collect(),
            rollup,
            bill,
        }
    }

    /// What is stored when a writer does something with the rows.
    fn written(mut self, writer: impl FnOnce(&mut Vec<FocusRow>)) -> Self {
        writer(&mut self.bill.rows);
        self.rows = self.bill.rows.len() as u64;
        self.rollup = rollup(&self.bill.rows);
        self.totals = self.rollup.totals().unwrap();
        self
    }

    fn check(&self) -> Vec<Invariant> {
        let stored = Stored {
            rows: self.rows,
            totals: &self.totals,
            residues: &self.residues,
            rollup: Some(&self.rollup),
        };
        let known = Known {
            stored: Some(stored),
            invoices: &invoices(),
        };
        check(&self.evidence, &known)
    }
}

fn rollup(rows: &[FocusRow]) -> Rollup {
    let mut builder = RollupBuilder::new([]);
    for row in rows {
        builder.push(row).unwrap();
    }
    builder.finish().unwrap()
}

fn column_residue(sum: &crate::ResidueSum) -> ColumnResidue {
    ColumnResidue {
        column: sum.column.to_owned(),
        currency: sum.currency.clone(),
        rows: sum.rows,
        residue: sum.residue,
    }
}

/// The names of those with a status.
fn with(invariants: &[Invariant], status: InvariantStatus) -> Vec<&'static str> {
    let found = invariants
        .iter()
        .filter(|invariant| invariant.status == status);
    found.map(|invariant| invariant.name.as_str()).collect()
}
