use serde::{Deserialize, Serialize};

use crate::{Decimal, money::Residue};

/// The four FOCUS costs of some rows in one currency. Currencies are never added to each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// FOCUS BillingCurrency: ISO 4217 code or the name of a virtual currency.
    pub currency: String,
    /// What was invoiced, as an exact decimal string.
    #[serde(rename = "BilledCost")]
    #[schema(value_type = String)]
    pub billed_cost: Decimal,
    /// Amortised cost, as an exact decimal string.
    #[serde(rename = "EffectiveCost")]
    #[schema(value_type = String)]
    pub effective_cost: Decimal,
    /// Cost at list prices, as an exact decimal string.
    #[serde(rename = "ListCost")]
    #[schema(value_type = String)]
    pub list_cost: Decimal,
    /// Cost at contracted prices, as an exact decimal string.
    #[serde(rename = "ContractedCost")]
    #[schema(value_type = String)]
    pub contracted_cost: Decimal,
}

impl Totals {
    /// From the four costs in FOCUS order: billed, effective, list, contracted.
    pub fn new(currency: impl Into<String>, costs: [Decimal; 4]) -> Self {
        let [billed_cost, effective_cost, list_cost, contracted_cost] = costs;
        let currency = currency.into();
        Self {
            currency,
            billed_cost,
            effective_cost,
            list_cost,
            contracted_cost,
        }
    }

    /// The four costs in FOCUS order: billed, effective, list, contracted.
    pub fn costs(&self) -> [Decimal; 4] {
        [
            self.billed_cost,
            self.effective_cost,
            self.list_cost,
            self.contracted_cost,
        ]
    }

    /// Adds totals of the same currency; `None` for another currency or beyond DECIMAL(38,18).
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        let (mut costs, others) = (self.costs(), other.costs());
        for (sum, cost) in costs.iter_mut().zip(others) {
            *sum = sum.checked_add(cost)?;
        }
        Some(Self::new(self.currency.clone(), costs))
    }
}

/// What rounding one column to 18 fractional digits left over: stored + residue = source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ColumnResidue {
    /// FOCUS column name.
    pub column: String,
    /// Billing currency of the rows.
    pub currency: String,
    /// How many values had more than 18 fractional digits.
    pub rows: u64,
    /// Exact sum of the differences, as a decimal string.
    #[schema(value_type = String)]
    pub residue: Residue,
}
