//! FOCUS 1.0 to 1.4 -> FOCUS 1.4.

use std::collections::BTreeMap;

use crate::{
    cells::Cells,
    columns::{AmountColumn, Column, TextColumn, TimeColumn},
    detect::{Mapped, canonical, duplicate, require},
    evidence::SourceLine,
    json_map::{self, MapError},
    provider::{azure_payer, well_known},
    rejection::{ReadError, Rejection, quote},
    report::Output,
    requirements::{ALLOWED, Allowed, is_national_currency},
    row::FocusRow,
};

/// Reads the rows of one FOCUS file.
#[derive(Debug)]
pub(crate) struct FocusReader {
    cells: Vec<(usize, Column)>,
    /// Columns that 1.4 no longer has.
    provider: Option<usize>,
    publisher: Option<usize>,
}

const REQUIRED: [&str; 4] = [
    "BilledCost",
    "BillingCurrency",
    "BillingPeriodStart",
    "ChargePeriodStart",
];

/// The `x_` columns that AWS adds and we keep; our others are never taken from a file.
const KEPT: [TextColumn; 3] = [
    TextColumn::XServiceCode,
    TextColumn::XOperation,
    TextColumn::XUsageType,
];

impl FocusReader {
    pub(crate) fn new(header: &[String], names: &[String]) -> Result<Mapped<Self>, Rejection> {
        require(names, &REQUIRED)?;
        let targets: BTreeMap<String, Column> = Column::ALL
            .into_iter()
            .filter(|column| may_be_read(*column))
            .map(|column| (canonical(column.name()), column))
            .collect();
        let mut reader = Self {
            cells: Vec::new(),
            provider: None,
            publisher: None,
        };
        let mut unread = Vec::new();
        let mut needed = 0;
        for (index, name) in names.iter().enumerate() {
            match (targets.get(name), name.as_str()) {
                (Some(column), _) => reader.map(index, *column, &header[index])?,
                (None, "providername") => reader.provider = Some(index),
                (None, "publishername") => reader.publisher = Some(index),
                (None, _) => {
                    unread.push(header[index].clone());
                    continue;
                }
            }
            needed = index + 1;
        }
        Ok(Mapped {
            listed: reader.listed(),
            reader,
            unread,
            needed,
        })
    }

    /// The columns that the header names, or the ones they became.
    fn listed(&self) -> u128 {
        let named = self.cells.iter().map(|(_, column)| column.bit());
        let service = self
            .publisher
            .or(self.provider)
            .map(|_| TextColumn::ServiceProviderName);
        let host = self.provider.map(|_| TextColumn::HostProviderName);
        let renamed = service.into_iter().chain(host);
        named
            .chain(renamed.map(|column| Column::Text(column).bit()))
            .fold(0, |all, bit| all | bit)
    }

    fn map(&mut self, index: usize, column: Column, name: &str) -> Result<(), Rejection> {
        if self.cells.iter().any(|(_, mapped)| *mapped == column) {
            return Err(duplicate(name));
        }
        self.cells.push((index, column));
        Ok(())
    }

    pub(crate) fn read(
        &self,
        cells: &Cells,
        row: &mut FocusRow,
        output: &mut Output,
    ) -> Result<(), ReadError> {
        row.clear();
        row.place = cells.place;
        for &(index, column) in &self.cells {
            take(cells, index, column, row, output)?;
        }
        demand(cells, row)?;
        self.name_providers(cells, row);
        name_payer(row);
        output.source(&SourceLine::of(row));
        respell(row, output);
        fall_back_to_billed(row, output);
        row.set_text(TextColumn::XChargeKind, charge_kind(row));
        output.emit(row)
    }

    /// Up to 1.2 the provider sells and the publisher makes. 1.3 replaced them: the *service
    /// provider* is who makes the service, so it is the publisher, and the *host provider* is whose
    /// platform it is bought on and runs on, so it is the provider. Where the new columns are
    /// filled, they win. Publishers are often legal entities; a cloud's go by the cloud's name.
    fn name_providers(&self, cells: &Cells, row: &mut FocusRow) {
        let provider = self.provider.and_then(|i| cells.get(i));
        let publisher = self.publisher.and_then(|i| cells.get(i));
        if row.text(TextColumn::ServiceProviderName).is_none()
            && let Some(name) = publisher.or(provider)
        {
            let name = well_known(name).unwrap_or(name);
            row.set_text(TextColumn::ServiceProviderName, name);
        }
        if row.text(TextColumn::HostProviderName).is_none()
            && let Some(name) = provider
        {
            row.set_text(TextColumn::HostProviderName, name);
        }
        let biller = provider.or_else(|| biller(row)).map(str::to_owned);
        if let Some(name) = biller {
            row.set_text(TextColumn::XProvider, well_known(&name).unwrap_or(&name));
        }
    }
}

/// The payer is the billing account; Azure writes its path, and the profile below it.
fn name_payer(row: &mut FocusRow) {
    row.copy_text(TextColumn::BillingAccountId, TextColumn::XPayer);
    let account = row.text(TextColumn::BillingAccountId).unwrap_or_default();
    let payer = azure_payer(account);
    if payer.len() < account.len() {
        let payer = payer.to_owned();
        row.set_text(TextColumn::XPayer, &payer);
    }
}

/// Whose bill it is where the file no longer says (1.4): the invoice issuer if it is a cloud or
/// sells its own service, else the platform the service was bought on.
fn biller(row: &FocusRow) -> Option<&str> {
    let issuer = row.text(TextColumn::InvoiceIssuerName);
    let service = row.text(TextColumn::ServiceProviderName);
    let host = row.text(TextColumn::HostProviderName);
    if issuer.and_then(well_known).is_some() || (issuer.is_some() && issuer == service) {
        return issuer;
    }
    host.or(service).or(issuer)
}

fn may_be_read(column: Column) -> bool {
    match column {
        Column::Text(text) => !text.name().starts_with("x_") || KEPT.contains(&text),
        _ => true,
    }
}

fn take(
    cells: &Cells,
    index: usize,
    column: Column,
    row: &mut FocusRow,
    output: &mut Output,
) -> Result<(), Rejection> {
    match column {
        Column::Text(text @ (TextColumn::BillingAccountId | TextColumn::SubAccountId)) => {
            row.set_text(text, cells.account(index)?.unwrap_or_default());
        }
        Column::Text(text) => row.set_text(text, cells.get(index).unwrap_or_default()),
        Column::Amount(amount) => row.set_exact(amount, cells.amount(index)?),
        Column::Time(time) => row.set_time(time, cells.time(index)?),
        Column::Tags => take_tags(cells, index, row, output)?,
    }
    Ok(())
}

/// Tags are a JSON object. What is none costs the row its tags, not the bill its row.
pub(crate) fn take_tags(
    cells: &Cells,
    index: usize,
    row: &mut FocusRow,
    output: &mut Output,
) -> Result<(), Rejection> {
    let Some(text) = cells.get(index) else {
        return Ok(());
    };
    match json_map::for_each(text, |key, value| row.set_tag(key, value)) {
        Ok(()) => Ok(()),
        Err(MapError::TooManyEntries) => Err(json_map::too_many(cells, index)),
        Err(MapError::NoObject) => {
            row.clear_tags();
            output.warn("bad-tags", Some("Tags"), Some(cells.place), || {
                format!(
                    "{} is not a JSON object; the row is kept without tags",
                    quote(text)
                )
            });
            Ok(())
        }
    }
}

/// Without these a row cannot be counted.
fn demand(cells: &Cells, row: &FocusRow) -> Result<(), Rejection> {
    let missing = if row.amount(AmountColumn::BilledCost).is_none() {
        "BilledCost"
    } else if row.text(TextColumn::BillingCurrency).is_none() {
        "BillingCurrency"
    } else if row.time(TimeColumn::BillingPeriodStart).is_none() {
        "BillingPeriodStart"
    } else if row.time(TimeColumn::ChargePeriodStart).is_none() {
        "ChargePeriodStart"
    } else {
        return Ok(());
    };
    let detail = format!("The row has no {missing}, and without it it cannot be counted");
    Err(Rejection::new("missing-value", detail)
        .at(cells.place)
        .column(missing))
}

/// Brings values with another case or other punctuation to the spelling of the specification.
pub(crate) fn respell(row: &mut FocusRow, output: &mut Output) {
    for Allowed { column, values, .. } in &ALLOWED {
        let column = *column;
        let Some(value) = row.text(column) else {
            continue;
        };
        if values.iter().any(|(allowed, _)| *allowed == value) {
            continue;
        }
        let meant = |(allowed, _): &&(&'static str, _)| canonical(allowed) == canonical(value);
        if let Some((right, _)) = values.iter().find(meant) {
            replace(row, column, right, output);
        }
    }
    for column in [TextColumn::BillingCurrency, TextColumn::PricingCurrency] {
        let Some(code) = row.text(column).filter(|code| code.len() == 3) else {
            continue;
        };
        // A virtual currency stays as it is written: its name is nobody else's.
        if code.bytes().any(|b| b.is_ascii_lowercase()) {
            let right = code.to_ascii_uppercase();
            if is_national_currency(&right) {
                replace(row, column, &right, output);
            }
        }
    }
}

fn replace(row: &mut FocusRow, column: TextColumn, right: &str, output: &mut Output) {
    let value = row.text(column).unwrap_or_default();
    output.warn(
        "respelled-value",
        Some(column.name()),
        Some(row.place),
        || format!("{} is taken as {right}", quote(value)),
    );
    row.set_text(column, right);
}

fn fall_back_to_billed(row: &mut FocusRow, output: &mut Output) {
    if row.amount(AmountColumn::EffectiveCost).is_some() {
        return;
    }
    let billed = row.exact(AmountColumn::BilledCost);
    row.set_exact(AmountColumn::EffectiveCost, billed);
    row.set_text(TextColumn::XCostBasis, "effective-from-billed");
    output.warn(
        "missing-value",
        Some("EffectiveCost"),
        Some(row.place),
        || "EffectiveCost is null; BilledCost stands in for it".into(),
    );
}

pub(crate) fn charge_kind(row: &FocusRow) -> &'static str {
    match row.text(TextColumn::ChargeCategory) {
        Some("Usage" | "Purchase") if is_support(row) => "support",
        Some("Usage") => "usage",
        Some("Purchase") => "purchase",
        Some("Tax") => "tax",
        Some("Credit") => "credit",
        Some("Adjustment") => "adjustment",
        _ => "",
    }
}

fn is_support(row: &FocusRow) -> bool {
    row.text(TextColumn::ServiceSubcategory) == Some("Support")
        || row
            .text(TextColumn::XServiceCode)
            .is_some_and(crate::services::is_support)
}
