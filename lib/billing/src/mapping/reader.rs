use jiff::{SignedDuration, Timestamp};

use super::{CostSign, Mapping, column, is_cost};
use crate::{
    amount::Exact,
    cells::{Cells, explain},
    columns::{AmountColumn, COST_COLUMNS, Column, TextColumn, TimeColumn},
    dates::month_of,
    detect::{Mapped, canonical, header_rejection},
    evidence::SourceLine,
    focus,
    provider::well_known,
    rejection::{ReadError, Rejection, quote},
    report::Output,
    row::FocusRow,
    source::{bad_date, missing_value},
};

/// Reads the rows of a file through a mapping.
#[derive(Debug)]
pub(crate) struct MappedReader {
    mapping: Mapping,
    cells: Vec<MappedCell>,
    constants: Vec<(TextColumn, String)>,
    /// Sorted by key so that tags arrive in order.
    tags: Vec<(String, usize)>,
    /// What the mapping leaves out is decided once, and noted in each row.
    notes: Vec<&'static str>,
    /// FOCUS columns that the mapping fills, as bits by position.
    listed: u128,
}

#[derive(Debug)]
struct MappedCell {
    index: usize,
    column: Column,
    default: Option<String>,
}

impl MappedReader {
    pub(crate) fn new(mapping: &Mapping, header: &[String]) -> Result<Mapped<Self>, Rejection> {
        mapping.check()?;
        let names: Vec<String> = header.iter().map(|name| canonical(name)).collect();
        let mut cells = Vec::new();
        for (target, source) in &mapping.columns {
            cells.push(MappedCell {
                index: find(header, &names, target, source)?,
                column: column(target)?,
                default: mapping.defaults.get(target).cloned(),
            });
        }
        let mut tags = Vec::new();
        for (key, source) in &mapping.tags {
            tags.push((key.clone(), find(header, &names, key, source)?));
        }
        let mut constants = Vec::new();
        for (target, value) in &mapping.constants {
            if let Column::Text(text) = column(target)? {
                constants.push((text, value.clone()));
            }
        }
        let read: Vec<usize> = cells
            .iter()
            .map(|cell| cell.index)
            .chain(tags.iter().map(|(_, index)| *index))
            .collect();
        let unread = header.iter().enumerate().filter(|(i, _)| !read.contains(i));
        let unread = unread.map(|(_, name)| name.clone()).collect();
        let mut reader = Self {
            mapping: mapping.clone(),
            cells,
            constants,
            tags,
            notes: Vec::new(),
            listed: 0,
        };
        reader.listed = reader.filled();
        reader.notes = reader.standing_notes();
        Ok(Mapped {
            listed: 0,
            reader,
            unread,
            needed: read.into_iter().max().map_or(0, |last| last + 1),
        })
    }

    fn filled(&self) -> u128 {
        let mapped = self.cells.iter().map(|cell| cell.column.bit());
        let constant = self.constants.iter().map(|(c, _)| Column::Text(*c).bit());
        mapped.chain(constant).fold(0, |all, bit| all | bit)
    }

    fn has(&self, column: Column) -> bool {
        self.listed & column.bit() != 0
    }

    /// What stands in for columns that the file does not have.
    fn standing_notes(&self) -> Vec<&'static str> {
        let stand_ins = [
            (
                Column::Amount(AmountColumn::EffectiveCost),
                "effective-from-billed",
            ),
            (Column::Amount(AmountColumn::ListCost), "list-from-billed"),
            (
                Column::Amount(AmountColumn::ContractedCost),
                "contracted-from-billed",
            ),
            (
                Column::Time(TimeColumn::BillingPeriodStart),
                "billing-period-from-date",
            ),
            (
                Column::Time(TimeColumn::ChargePeriodStart),
                "charge-period-from-billing-period",
            ),
        ];
        let missing = stand_ins.into_iter().filter(|(c, _)| !self.has(*c));
        missing.map(|(_, note)| note).collect()
    }

    pub(crate) fn read(
        &mut self,
        cells: &Cells,
        row: &mut FocusRow,
        output: &mut Output,
    ) -> Result<(), ReadError> {
        row.clear();
        row.place = cells.place;
        for (column, value) in &self.constants {
            row.set_text(*column, value);
        }
        for cell in &self.cells {
            self.take(cells, cell, row, output)?;
        }
        for (key, index) in &self.tags {
            if let Some(value) = cells.get(*index) {
                row.set_tag(key, value);
            }
        }
        self.demand(cells, row)?;
        // What the file itself says, before missing costs are completed.
        let costs = COST_COLUMNS.map(|column| row.exact(column));
        complete_times(row);
        self.complete_costs(row);
        complete_texts(row);
        focus::respell(row, output);
        output.source(&SourceLine {
            costs,
            ..SourceLine::of(row)
        });
        row.set_text(TextColumn::XChargeKind, focus::charge_kind(row));
        for note in &self.notes {
            row.note(note);
        }
        output.emit(row)
    }

    fn take(
        &self,
        cells: &Cells,
        cell: &MappedCell,
        row: &mut FocusRow,
        output: &mut Output,
    ) -> Result<(), Rejection> {
        let index = cell.index;
        match cell.column {
            Column::Text(column) => {
                let text = if is_account(column) {
                    cells.account(index)?
                } else {
                    cells.get(index)
                };
                let text = text.map(str::trim).or(cell.default.as_deref());
                row.set_text(column, text.unwrap_or_default());
            }
            Column::Amount(column) => {
                let amount = self.amount(cells, cell, column)?;
                row.set_exact(column, amount);
            }
            Column::Time(column) => {
                let time = self.time(cells, index)?;
                row.set_time(column, time);
            }
            Column::Tags => focus::take_tags(cells, index, row, output)?,
        }
        Ok(())
    }

    fn amount(
        &self,
        cells: &Cells,
        cell: &MappedCell,
        column: AmountColumn,
    ) -> Result<Option<Exact>, Rejection> {
        let written = cells.get(cell.index).filter(|text| !text.trim().is_empty());
        let Some(text) = written else {
            // A default is written the plain way, and checked with the mapping.
            return Ok(cell.default.as_deref().and_then(|d| Exact::parse(d).ok()));
        };
        let value = self.mapping.numbers.parse(text).map_err(|error| {
            let (rule, advice) = explain(error, text);
            cells.reject(cell.index, rule, format!("{} {advice}", quote(text)))
        })?;
        if self.mapping.sign == CostSign::Charged || !is_cost(column) {
            return Ok(Some(value));
        }
        Ok(Exact::ZERO.checked_sub(value))
    }

    fn time(&self, cells: &Cells, index: usize) -> Result<Option<Timestamp>, Rejection> {
        let Some(text) = cells.get(index).map(str::trim).filter(|t| !t.is_empty()) else {
            return Ok(None);
        };
        let form = self.mapping.dates;
        match form.parse(text) {
            Some(instant) => Ok(Some(instant)),
            None => Err(bad_date(cells, index, text, form)),
        }
    }

    /// Without these a row cannot be counted; the column is named as the file names it.
    fn demand(&self, cells: &Cells, row: &FocusRow) -> Result<(), Rejection> {
        let start = TimeColumn::ChargePeriodStart;
        let period = TimeColumn::BillingPeriodStart;
        let payer = row.text(TextColumn::XPayer);
        let account = row.text(TextColumn::BillingAccountId);
        let missing = if row.amount(AmountColumn::BilledCost).is_none() {
            Column::Amount(AmountColumn::BilledCost)
        } else if row.text(TextColumn::BillingCurrency).is_none() {
            Column::Text(TextColumn::BillingCurrency)
        } else if row.time(start).is_none() && row.time(period).is_none() {
            self.first_of(Column::Time(start), Column::Time(period))
        } else if row.text(TextColumn::XProvider).is_none()
            && row.text(TextColumn::ServiceProviderName).is_none()
        {
            self.first_of(
                Column::Text(TextColumn::XProvider),
                Column::Text(TextColumn::ServiceProviderName),
            )
        } else if payer.or(account).is_none() {
            self.first_of(
                Column::Text(TextColumn::XPayer),
                Column::Text(TextColumn::BillingAccountId),
            )
        } else {
            return Ok(());
        };
        let cell = self.cells.iter().find(|cell| cell.column == missing);
        let name = cell.and_then(|cell| cells.header.get(cell.index));
        Err(missing_value(
            cells,
            name.map_or(missing.name(), String::as_str),
        ))
    }

    fn first_of(&self, one: Column, other: Column) -> Column {
        if self.has(one) { one } else { other }
    }

    /// A file that knows one cost has it in all four columns.
    fn complete_costs(&self, row: &mut FocusRow) {
        let billed = row.exact(AmountColumn::BilledCost);
        for column in [AmountColumn::ListCost, AmountColumn::ContractedCost] {
            if !self.has(Column::Amount(column)) {
                row.set_exact(column, billed);
            }
        }
        if row.amount(AmountColumn::EffectiveCost).is_none() {
            row.set_exact(AmountColumn::EffectiveCost, billed);
            row.set_text(TextColumn::XCostBasis, "effective-from-billed");
            row.note("effective-from-billed");
        }
    }
}

/// The month of a day, and the day of a day; a month alone is both.
fn complete_times(row: &mut FocusRow) {
    let start = row.time(TimeColumn::ChargePeriodStart);
    let period = row.time(TimeColumn::BillingPeriodStart);
    let Some((first, next)) = period.or(start).and_then(month_of) else {
        return;
    };
    if period.is_none() {
        row.set_time(TimeColumn::BillingPeriodStart, first);
    }
    if row.time(TimeColumn::BillingPeriodEnd).is_none() {
        row.set_time(TimeColumn::BillingPeriodEnd, next);
    }
    if start.is_none() {
        row.set_time(TimeColumn::ChargePeriodStart, first);
    }
    if row.time(TimeColumn::ChargePeriodEnd).is_none() {
        let day = SignedDuration::from_hours(24);
        let end = start.map_or(Some(next), |start| start.checked_add(day).ok());
        row.set_time(TimeColumn::ChargePeriodEnd, end);
    }
}

fn is_account(column: TextColumn) -> bool {
    matches!(
        column,
        TextColumn::BillingAccountId | TextColumn::SubAccountId | TextColumn::XPayer
    )
}

/// One provider and one account stand for the others where the file has no more.
fn complete_texts(row: &mut FocusRow) {
    let provider = row
        .text(TextColumn::XProvider)
        .or_else(|| row.text(TextColumn::ServiceProviderName));
    let known = provider.map(|name| well_known(name).unwrap_or(name).to_owned());
    if let Some(name) = known {
        row.set_text(TextColumn::XProvider, &name);
    }
    for (from, to) in [
        (TextColumn::XProvider, TextColumn::ServiceProviderName),
        (
            TextColumn::ServiceProviderName,
            TextColumn::HostProviderName,
        ),
        (TextColumn::XProvider, TextColumn::InvoiceIssuerName),
        (TextColumn::BillingAccountId, TextColumn::XPayer),
        (TextColumn::XPayer, TextColumn::BillingAccountId),
        (TextColumn::ServiceProviderName, TextColumn::ServiceName),
    ] {
        if row.text(to).is_none() {
            row.copy_text(from, to);
        }
    }
    if row.text(TextColumn::ServiceCategory).is_none() {
        row.set_text(TextColumn::ServiceCategory, "Other");
    }
    if row.text(TextColumn::ChargeCategory).is_none() {
        row.set_text(TextColumn::ChargeCategory, "Usage");
        row.note("category-assumed");
    }
    if row.text(TextColumn::ChargeFrequency).is_none() {
        let usage = row.text(TextColumn::ChargeCategory) == Some("Usage");
        let frequency = if usage { "Usage-Based" } else { "One-Time" };
        row.set_text(TextColumn::ChargeFrequency, frequency);
        row.note("frequency-assumed");
    }
}

/// The one column of the file that a mapping means.
fn find(
    header: &[String],
    names: &[String],
    target: &str,
    source: &str,
) -> Result<usize, Rejection> {
    if let Some(index) = header.iter().position(|name| name == source) {
        return Ok(index);
    }
    let wanted = canonical(source);
    let mut alike = (0..names.len()).filter(|&i| !wanted.is_empty() && names[i] == wanted);
    let detail = match (alike.next(), alike.next()) {
        (Some(index), None) => return Ok(index),
        (None, _) => format!(
            "The mapping takes {target} from {}, and the file has no such column",
            quote(source)
        ),
        (Some(_), Some(_)) => format!(
            "The mapping takes {target} from {}, and the file has several such columns",
            quote(source)
        ),
    };
    Err(header_rejection("mapping-source", detail).column(source))
}
