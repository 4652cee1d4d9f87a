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
    pub billed: Decimal,
    /// Amortised cost, as an exact decimal string.
    #[serde(rename = "EffectiveCost")]
    #[schema(value_type = String)]
    pub effective: Decimal,
    /// Cost at list prices, as an exact decimal string.
    #[serde(rename = "ListCost")]
    #[schema(value_type = String)]
    pub list: Decimal,
    /// Cost at contracted prices, as an exact decimal string.
    #[serde(rename = "ContractedCost")]
    #[schema(value_type = String)]
    pub contracted: Decimal,
}

impl Totals {
    /// Nothing yet, in this currency.
    pub fn zero(currency: impl Into<String>) -> Self {
        let zero = Decimal::ZERO;
        Self {
            currency: currency.into(),
            billed: zero,
            effective: zero,
            list: zero,
            contracted: zero,
        }
    }
}

/// What rounding one column to 18 fractional digits left over: stored + residue = source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ColumnResidue {
    /// FOCUS column name.
    pub column: String,
    /// How many values had more than 18 fractional digits.
    pub rows: u64,
    /// Exact sum of the differences, as a decimal string.
    #[schema(value_type = String)]
    pub residue: Residue,
}
