//! Any other CSV, through a mapping of columns that a person confirmed.
//!
//! A mapping says which column of a file is which column of FOCUS, what is the same in every row,
//! and how the file writes dates, numbers and signs. Nothing of that is guessed while reading:
//! guesses are [`suggest`]ions made beforehand.

mod numbers;
mod reader;
mod suggest;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub(crate) use self::reader::MappedReader;
pub use self::{
    numbers::NumberFormat,
    suggest::{Question, Suggested, Suggestion, suggest},
};
use crate::{
    columns::{AmountColumn, Column, TextColumn},
    dates::DateFormat,
    rejection::{Rejection, quote},
};

/// Which column of a file is which column of FOCUS.
///
/// Targets are FOCUS 1.4 names, or `x_Provider`, `x_Payer`, `x_ServiceCode`, `x_Operation`,
/// `x_UsageType`, `x_SourceLineId` and `x_SourceLineType`. A target stands in `columns` or in
/// `constants`, not in both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Mapping {
    /// Target -> name of the source column, as the file writes it; case and punctuation do not
    /// count.
    pub columns: BTreeMap<String, String>,
    /// Text target -> what every row has: a currency, a provider, a payer.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
    /// Mapped target -> what a row has whose cell is empty.
    #[serde(default)]
    pub defaults: BTreeMap<String, String>,
    /// Tag key -> name of the source column.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// How dates are written, in all columns alike.
    #[serde(default)]
    pub dates: DateFormat,
    /// How numbers are written, in all columns alike.
    #[serde(default)]
    pub numbers: NumberFormat,
    /// What a cost with a minus is.
    #[serde(default)]
    pub sign: CostSign,
}

/// What a cost with a minus is. Prices and quantities are read as they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CostSign {
    /// Money that comes back: the way of FOCUS.
    #[default]
    Charged,
    /// Money that is spent, as in a bank statement: every cost is turned round.
    Spent,
}

/// Most entries of one part of a mapping, and most characters of one of its texts.
const MAX_ENTRIES: usize = 1_000;
const MAX_TEXT: usize = 1_024;

/// A row counts with these; each list names what can stand in for one another.
const REQUIRED: [&[&str]; 5] = [
    &["BilledCost"],
    &["BillingCurrency"],
    &["ChargePeriodStart", "BillingPeriodStart"],
    &["x_Provider", "ServiceProviderName"],
    &["x_Payer", "BillingAccountId"],
];

impl Mapping {
    /// Checks all that can be checked without the file: targets, required targets, constants and
    /// defaults. Rules: `mapping-target`, `mapping-required`, `mapping-duplicate`,
    /// `mapping-value`, `mapping-size`.
    pub fn check(&self) -> Result<(), Rejection> {
        self.check_size()?;
        for (target, source) in &self.columns {
            column(target)?;
            if source.is_empty() {
                return Err(bad_value(target, source, "names no column of the file"));
            }
        }
        for (target, value) in &self.constants {
            let column = column(target)?;
            if self.columns.contains_key(target) {
                return Err(twice(target));
            }
            if !matches!(column, Column::Text(_)) || value.trim().is_empty() {
                let says = "cannot be the same in every row; constants are texts";
                return Err(bad_value(target, value, says));
            }
        }
        for (target, value) in &self.defaults {
            self.check_default(target, value)?;
        }
        self.check_required()
    }

    fn check_size(&self) -> Result<(), Rejection> {
        let parts = [&self.columns, &self.constants, &self.defaults, &self.tags];
        let long = |text: &String| text.chars().count() > MAX_TEXT;
        let too_large = parts.iter().any(|part| {
            part.len() > MAX_ENTRIES || part.iter().any(|(key, value)| long(key) || long(value))
        });
        if too_large {
            let detail = format!(
                "A mapping has at most {MAX_ENTRIES} entries of {MAX_TEXT} characters a part"
            );
            return Err(Rejection::new("mapping-size", detail));
        }
        Ok(())
    }

    fn check_default(&self, target: &str, value: &str) -> Result<(), Rejection> {
        let column = column(target)?;
        if !self.columns.contains_key(target) {
            let says = "is a default of a target that no column is mapped to; make it a constant";
            return Err(bad_value(target, value, says));
        }
        match column {
            Column::Text(_) if !value.is_empty() => Ok(()),
            Column::Amount(_) => match NumberFormat::Plain.parse(value) {
                Ok(_) => Ok(()),
                Err(_) => Err(bad_value(target, value, "is not a number like 1234.56")),
            },
            _ => Err(bad_value(target, value, "cannot be a default")),
        }
    }

    fn check_required(&self) -> Result<(), Rejection> {
        let has = |target: &&str| {
            self.columns.contains_key(*target) || self.constants.contains_key(*target)
        };
        match REQUIRED.iter().find(|targets| !targets.iter().any(has)) {
            None => Ok(()),
            Some(targets) => {
                let detail = format!(
                    "The mapping has no {}, and without it a row is no bill",
                    targets.join(" or ")
                );
                Err(Rejection::new("mapping-required", detail).column(targets[0]))
            }
        }
    }

    /// Required targets that nothing is mapped to, the first of each group.
    fn missing(&self) -> Vec<&'static str> {
        let has: BTreeSet<&str> = self
            .columns
            .keys()
            .chain(self.constants.keys())
            .map(String::as_str)
            .collect();
        REQUIRED
            .iter()
            .filter(|targets| !targets.iter().any(|target| has.contains(target)))
            .map(|targets| targets[0])
            .collect()
    }
}

/// The column of a target.
fn column(target: &str) -> Result<Column, Rejection> {
    Column::named(target)
        .filter(|column| may_be_target(*column))
        .ok_or_else(|| {
            let detail = format!(
                "{} is no column of FOCUS 1.4 that can be mapped; names are spelled as in the \
                 specification",
                quote(target)
            );
            Rejection::new("mapping-target", detail).column(target)
        })
}

/// Our own columns say what we decided; a file may only fill those that name its own things.
fn may_be_target(column: Column) -> bool {
    const OURS: [TextColumn; 4] = [
        TextColumn::XNotes,
        TextColumn::XChargeKind,
        TextColumn::XCostBasis,
        TextColumn::AllocatedTags,
    ];
    !matches!(column, Column::Text(text) if OURS.contains(&text))
}

fn twice(target: &str) -> Rejection {
    let detail = format!("{} is mapped to a column and is a constant", quote(target));
    Rejection::new("mapping-duplicate", detail).column(target)
}

fn bad_value(target: &str, value: &str, says: &str) -> Rejection {
    let detail = format!("{} for {target} {says}", quote(value));
    Rejection::new("mapping-value", detail).column(target)
}

/// Costs, whose sign a mapping may turn round.
fn is_cost(column: AmountColumn) -> bool {
    crate::COST_COLUMNS.contains(&column) || column == AmountColumn::PricingCurrencyEffectiveCost
}
