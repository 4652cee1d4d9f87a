use jiff::Timestamp;

use super::{columns::CurColumn, product::ProductMap};
use crate::{amount::Exact, cells::Cells, rejection::Rejection, source::missing_value};

/// Where each column stands in the file; absent columns are null.
#[derive(Debug)]
pub(super) struct Positions([Option<usize>; CurColumn::COUNT]);

impl Positions {
    pub(super) fn none() -> Self {
        Self([None; CurColumn::COUNT])
    }

    pub(super) fn get(&self, column: CurColumn) -> Option<usize> {
        self.0[column as usize]
    }

    pub(super) fn set(&mut self, column: CurColumn, index: usize) {
        self.0[column as usize] = Some(index);
    }
}

/// One line item, by the names of the report.
pub(super) struct Line<'l> {
    pub(super) cells: &'l Cells<'l>,
    pub(super) positions: &'l Positions,
    pub(super) product: &'l ProductMap,
}

impl<'l> Line<'l> {
    pub(super) fn text(&self, column: CurColumn) -> Option<&'l str> {
        let cell = self.positions.get(column);
        cell.and_then(|index| self.cells.get(index))
            .or_else(|| self.product.get(column))
    }

    pub(super) fn account(&self, column: CurColumn) -> Result<Option<&'l str>, Rejection> {
        match self.positions.get(column) {
            Some(index) => self.cells.account(index),
            None => Ok(None),
        }
    }

    pub(super) fn amount(&self, column: CurColumn) -> Result<Option<Exact>, Rejection> {
        match self.positions.get(column) {
            Some(index) => self.cells.amount(index),
            None => Ok(None),
        }
    }

    pub(super) fn time(&self, column: CurColumn) -> Result<Option<Timestamp>, Rejection> {
        match self.positions.get(column) {
            Some(index) => self.cells.time(index),
            None => Ok(None),
        }
    }

    /// Whether prices are in another currency than the bill.
    pub(super) fn has_foreign_prices(&self) -> bool {
        self.text(CurColumn::PricingCurrency)
            .is_some_and(|currency| self.text(CurColumn::CurrencyCode) != Some(currency))
    }

    /// The value, or a rejection that names the column.
    pub(super) fn demand<T>(&self, column: CurColumn, value: Option<T>) -> Result<T, Rejection> {
        value.ok_or_else(|| missing_value(self.cells, column.name()))
    }

    /// Difference or sum that no longer fits.
    pub(super) fn fits(&self, column: CurColumn, sum: Option<Exact>) -> Result<Exact, Rejection> {
        sum.ok_or_else(|| {
            let detail = "The amounts of this row add up to more than 20 digits";
            Rejection::new("overflow", detail)
                .at(self.cells.place)
                .column(column.name())
        })
    }
}
