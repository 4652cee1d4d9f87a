//! The invariants of what was read.

use std::{fs, io};

use outlay_core::BillingPeriod;
use serde::Serialize;

use super::summary::Version;
use crate::{
    bills::Bill,
    evidence::Evidence,
    invariants::{Invariant, Known, Reading, Stored, check, same_month},
    parquet_out::PartBill,
    rejection::Rejection,
    rollup::Rollup,
};

/// What became of one invariant of one bill.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BillInvariant {
    /// The file or the manifest that the bill was read from.
    pub source: String,
    /// x_Provider.
    pub provider: String,
    /// x_Payer.
    pub payer: String,
    /// The billing period.
    pub billing_period: BillingPeriod,
    /// What was checked, and what broke it.
    #[serde(flatten)]
    pub invariant: Invariant,
}

impl BillInvariant {
    pub(super) fn of(version: &Version, invariant: Invariant) -> Self {
        Self {
            source: version.source.clone(),
            provider: version.provider.clone(),
            payer: version.payer.clone(),
            billing_period: version.billing_period,
            invariant,
        }
    }
}

/// Checks a bill on its evidence, and what was written of it beside.
pub(super) fn check_bill(
    bill: &Bill,
    evidence: &[Evidence],
    part: Option<&PartBill>,
) -> io::Result<Vec<Invariant>> {
    let is_of = |e: &&Evidence| e.is_of(&bill.provider, &bill.payer, bill.period);
    let Some(evidence) = evidence.iter().find(is_of) else {
        return Ok(Vec::new());
    };
    let rollup = part.map(|part| rollup(&part.rollup)).transpose()?;
    let stored = part.map(|part| Stored {
        rows: part.rows,
        totals: &part.totals,
        residues: &part.residues,
        rollup: rollup.as_ref(),
    });
    let known = Known {
        stored,
        ..Known::default()
    };
    Ok(check(evidence, &known))
}

/// Rows or money were lost on the way: the bill must not be taken.
pub(super) fn lost(invariant: &Invariant) -> Option<Rejection> {
    let warning = invariant.warning().filter(|_| invariant.is_fatal())?;
    Some(Rejection::new(warning.rule, warning.detail))
}

/// Compares the exports of one bill by account, service and day, where roll-ups were written.
pub(super) fn compare(copies: &[&Version]) -> io::Result<Option<Invariant>> {
    let mut rollups = Vec::new();
    for version in copies {
        if let Some(written) = &version.written {
            rollups.push((version.source.as_str(), rollup(&written.rollup)?));
        }
    }
    let readings: Vec<Reading> = rollups
        .iter()
        .map(|(name, rollup)| Reading { name, rollup })
        .collect();
    Ok((readings.len() > 1).then(|| same_month(&readings)))
}

fn rollup(path: &std::path::Path) -> io::Result<Rollup> {
    Rollup::decode(&fs::read(path)?).map_err(io::Error::other)
}
