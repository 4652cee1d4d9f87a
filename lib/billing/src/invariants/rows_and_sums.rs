//! Invariant 1: rows and sums of what is stored are those of the source.

use std::collections::{BTreeMap, BTreeSet};

use outlay_core::{ColumnResidue, Totals};

use super::{
    findings::{Findings, counts_differ, sums_differ},
    result::{Invariant, InvariantName},
};
use crate::{
    columns::COST_COLUMNS,
    evidence::{Evidence, FileSums, Sum, parts},
    rollup::Rollup,
};

/// What was written of a bill, told by those who wrote it.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'s> {
    /// Rows in the Parquet files.
    pub rows: u64,
    /// Their exact totals.
    pub totals: &'s [Totals],
    /// What rounding left over: stored + residue = source.
    pub residues: &'s [ColumnResidue],
    /// The roll-up of the same rows.
    pub rollup: Option<&'s Rollup>,
}

/// The four costs by currency.
type Sums<'s> = BTreeMap<&'s str, [Sum; 4]>;

const DETAIL: &str = "Per file: rows read = written + folded + left out - added, and each cost \
                      column of the source = what was handed on, to the last digit";

pub(super) fn check(evidence: &Evidence, stored: Option<&Stored>) -> Invariant {
    let mut findings = Findings::new(InvariantName::RowsAndSums);
    let Some(files) = evidence.files.entries() else {
        return findings.beyond_memory("files and currencies");
    };
    for (key, sums) in files {
        let [file, currency] = parts(key);
        check_rows(&mut findings, file, sums);
        check_costs(&mut findings, file, currency, sums);
    }
    let Some(stored) = stored else {
        return findings.finish(format!("{DETAIL}; what was stored was not compared"));
    };
    check_stored(&mut findings, files, stored);
    findings.finish(format!(
        "{DETAIL}, and rows, sums and roll-up stored are what was handed on"
    ))
}

fn check_rows(findings: &mut Findings, file: &str, sums: &FileSums) {
    let rows = &sums.rows;
    let made = rows.read.saturating_add(rows.added);
    let expected = made.saturating_sub(rows.folded.saturating_add(rows.left_out));
    findings.check(expected == rows.written, || {
        counts_differ(format!("rows of {file}"), expected, rows.written)
    });
    findings.check(rows.unaccounted == 0, || {
        counts_differ(format!("uncounted rows of {file}"), 0, rows.unaccounted)
    });
}

fn check_costs(findings: &mut Findings, file: &str, currency: &str, sums: &FileSums) {
    for (at, column) in COST_COLUMNS.into_iter().enumerate() {
        let Some(source) = sums.source[at] else {
            continue;
        };
        let mut expected = source.and(sums.derived[at]).minus(sums.left_out[at]);
        if at == 0 {
            expected = expected.minus(sums.folded).minus(sums.negated);
        }
        let written = sums.written[at];
        findings.check(written.minus(expected).is_zero(), || {
            let key = format!("{} of {file}", column.name());
            sums_differ(key, currency, expected, written, [])
        });
    }
}

fn check_stored(findings: &mut Findings, files: &BTreeMap<String, FileSums>, stored: &Stored) {
    let mut rows = 0_u64;
    let mut written = Sums::new();
    for (key, sums) in files {
        let [_, currency] = parts(key);
        rows = sums.rows.written.saturating_add(rows);
        let costs = written.entry(currency).or_default();
        for (sum, more) in costs.iter_mut().zip(sums.written) {
            sum.join(more);
        }
    }
    findings.check(rows == stored.rows, || {
        counts_differ("rows stored".to_owned(), rows, stored.rows)
    });
    compare(findings, "stored", &written, &with_residues(stored));
    let Some(rollup) = stored.rollup else { return };
    let rolled_up = rollup.source_rows();
    findings.check(rows == rolled_up, || {
        counts_differ("rows of the roll-up".to_owned(), rows, rolled_up)
    });
    for costs in written.values_mut() {
        *costs = costs.map(Sum::without_residue);
    }
    // A roll-up whose totals cannot be added has none: all its sums are missing then.
    let totals = rollup.totals().unwrap_or_default();
    compare(findings, "of the roll-up", &written, &sums_of(&totals));
}

fn compare(findings: &mut Findings, what: &str, expected: &Sums, found: &Sums) {
    let currencies: BTreeSet<&str> = expected.keys().chain(found.keys()).copied().collect();
    for currency in currencies {
        let of = |sums: &Sums| sums.get(currency).copied().unwrap_or_default();
        let pairs = of(expected).into_iter().zip(of(found));
        for ((expected, found), column) in pairs.zip(COST_COLUMNS) {
            findings.check(expected == found, || {
                let key = format!("{} {what}", column.name());
                sums_differ(key, currency, expected, found, [])
            });
        }
    }
}

fn with_residues<'s>(stored: &Stored<'s>) -> Sums<'s> {
    let mut sums = sums_of(stored.totals);
    for left in stored.residues {
        let at = COST_COLUMNS.iter().position(|c| c.name() == left.column);
        if let Some(at) = at {
            sums.entry(&left.currency).or_default()[at].plus(0, left.residue.units());
        }
    }
    sums
}

fn sums_of(totals: &[Totals]) -> Sums<'_> {
    let mut sums = Sums::new();
    for total in totals {
        let sums = sums.entry(&total.currency).or_default();
        for (sum, cost) in sums.iter_mut().zip(total.costs()) {
            sum.plus(cost.units(), 0);
        }
    }
    sums
}
