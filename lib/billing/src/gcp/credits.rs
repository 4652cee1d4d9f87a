//! The credits of a row, and which of them lower a price.
//!
//! Google's own FOCUS view adds all credits to the cost of the row that they lower:
//! BilledCost = EffectiveCost = cost + credits, ContractedCost = cost. Discounts are kept so. A
//! promotion is no price: it is money that Google gives, what FOCUS calls a Credit, and becomes a
//! row of its own beside the usage. The sums by account, service and day are Google's either way.

use super::records::{Record, RecordsError, for_each};
use crate::{
    amount::Exact,
    cells::{Cells, explain},
    rejection::{Rejection, quote},
};

/// What the credits of one row come to.
#[derive(Debug, Default)]
pub(super) struct Credits {
    /// Sustained and committed use, negotiated discounts, free tier, margins: all that lowers the
    /// price.
    pub(super) discounts: Exact,
    pub(super) commitment: Option<Commitment>,
    /// Credits in the sense of FOCUS.
    pub(super) promotions: Vec<Promotion>,
    /// A credit whose type the export does not say; counted as a discount.
    pub(super) untyped: bool,
}

/// The committed use discount that covers a row, or part of it.
#[derive(Debug)]
pub(super) struct Commitment {
    pub(super) id: String,
    pub(super) name: String,
    /// By spend, or by resource.
    pub(super) spend: bool,
}

#[derive(Debug)]
pub(super) struct Promotion {
    pub(super) name: String,
    pub(super) amount: Exact,
}

enum Fault {
    Records(RecordsError),
    Rejected(Rejection),
}

impl From<RecordsError> for Fault {
    fn from(error: RecordsError) -> Self {
        Self::Records(error)
    }
}

impl Credits {
    /// A cost less all its credits; `None` where they no longer fit.
    pub(super) fn lower(&self, cost: Exact) -> Option<Exact> {
        let lowered = cost.checked_add(self.discounts)?;
        let mut promotions = self.promotions.iter().map(|promotion| promotion.amount);
        promotions.try_fold(lowered, Exact::checked_add)
    }

    /// Empties and refills itself. What cannot be read is refused: it is money.
    pub(super) fn read(
        &mut self,
        cells: &Cells,
        index: usize,
        text: &str,
    ) -> Result<(), Rejection> {
        *self = Self::default();
        let read = for_each(text, |record| self.add(cells, index, record));
        read.map_err(|fault| match fault {
            Fault::Rejected(rejection) => rejection,
            Fault::Records(RecordsError::NoList) => {
                let detail = format!(
                    "{} is not a list of credits; write the column with TO_JSON_STRING(credits)",
                    quote(text)
                );
                cells.reject(index, "bad-credits", detail)
            }
            Fault::Records(RecordsError::TooMany) => {
                let detail = "The row has more than 1,000 credits".to_owned();
                cells.reject(index, "too-many-credits", detail)
            }
        })
    }

    fn add(&mut self, cells: &Cells, index: usize, record: &Record) -> Result<(), Fault> {
        let written = record.get("amount").unwrap_or("0");
        let amount = Exact::parse(written).map_err(|error| {
            let (rule, advice) = explain(error, written);
            let detail = format!("The credit amount {} {advice}", quote(written));
            Fault::Rejected(cells.reject(index, rule, detail))
        })?;
        let name = record.get("full_name").or_else(|| record.get("name"));
        let name = name.unwrap_or_default();
        let kind = record.get("type");
        self.untyped |= kind.is_none();
        if kind == Some("PROMOTION") {
            self.promotions.push(Promotion {
                name: name.to_owned(),
                amount,
            });
            return Ok(());
        }
        let sum = self.discounts.checked_add(amount);
        self.discounts = sum.ok_or_else(|| Fault::Rejected(too_much(cells, index)))?;
        let spend = kind == Some("COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE");
        if spend || kind == Some("COMMITTED_USAGE_DISCOUNT") {
            self.commitment = Some(Commitment {
                id: record.get("id").unwrap_or_default().to_owned(),
                name: name.to_owned(),
                spend,
            });
        }
        Ok(())
    }
}

/// Cost and credits that no longer fit.
pub(super) fn too_much(cells: &Cells, index: usize) -> Rejection {
    let detail = "The cost and the credits of this row add up to more than 20 digits".to_owned();
    cells.reject(index, "overflow", detail)
}
