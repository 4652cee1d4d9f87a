//! The four costs while they are summed.

use crate::{COST_COLUMNS, FocusRow};
use outlay_core::{Decimal, Totals};

/// The four costs in the order of `COST_COLUMNS`, in units of 10^-18.
pub(crate) type Costs = [i128; 4];

/// The four costs of a row; null counts as zero.
pub(crate) fn costs(row: &FocusRow) -> Costs {
    COST_COLUMNS.map(|column| row.amount(column).map_or(0, Decimal::units))
}

/// Adds, or `None` beyond DECIMAL(38,18).
pub(crate) fn add(sums: &mut Costs, costs: &Costs) -> Option<()> {
    for (sum, cost) in sums.iter_mut().zip(costs) {
        let total = sum.checked_add(*cost)?;
        *sum = Decimal::from_units(total)?.units();
    }
    Some(())
}

/// Sums as they are answered and stored; `None` beyond DECIMAL(38,18).
pub(crate) fn totals(currency: &str, costs: &Costs) -> Option<Totals> {
    let mut decimals = [Decimal::ZERO; 4];
    for (decimal, units) in decimals.iter_mut().zip(costs) {
        *decimal = Decimal::from_units(*units)?;
    }
    Some(Totals::new(currency, decimals))
}
