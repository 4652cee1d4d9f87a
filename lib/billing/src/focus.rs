//! FOCUS 1.0 to 1.4 -> FOCUS 1.4.

mod extras;
mod respell;
mod version;

use std::collections::BTreeMap;

use self::extras::Extras;
pub(crate) use self::respell::respell;
pub(crate) use self::version::version;
use crate::{
    cells::Cells,
    columns::{AmountColumn, Column, TextColumn, TimeColumn},
    detect::{Mapped, canonical, duplicate, require},
    evidence::SourceLine,
    json_map::{self, MapError},
    provider::{azure_payer, well_known},
    rejection::{ReadError, Rejection, quote},
    report::Output,
    row::FocusRow,
    source::missing_value,
};

/// Reads the rows of one FOCUS file.
#[derive(Debug, Default)]
pub(crate) struct FocusReader {
    cells: Vec<(usize, Column)>,
    /// Columns that 1.4 no longer has.
    provider: Option<usize>,
    publisher: Option<usize>,
    /// `x_Discounts` of AWS: discounts that the costs of the row are already lower by.
    discounts: Option<usize>,
    extras: Extras,
}

const REQUIRED: [&str; 4] = [
    "BilledCost",
    "BillingCurrency",
    "BillingPeriodStart",
    "ChargePeriodStart",
];

/// The `x_` columns that AWS adds and that are ours too; our others are never taken from a file.
const KEPT: [TextColumn; 3] = [
    TextColumn::XServiceCode,
    TextColumn::XOperation,
    TextColumn::XUsageType,
];

/// Names that other exports give to a column; each counts where the file has not the column itself.
/// Azure named the invoice so before FOCUS did, Google so the code of a service.
const ALIASES: [(&str, TextColumn); 2] = [
    ("x_InvoiceId", TextColumn::InvoiceId),
    ("x_ServiceId", TextColumn::XServiceCode),
];

impl FocusReader {
    pub(crate) fn new(header: &[String], names: &[String]) -> Result<Mapped<Self>, Rejection> {
        require(names, &REQUIRED)?;
        let targets: BTreeMap<String, Column> = Column::ALL
            .into_iter()
            .filter(|column| may_be_read(*column))
            .map(|column| (canonical(column.name()), column))
            .collect();
        let mut reader = Self::default();
        let mut unread = Vec::new();
        let mut needed = 0;
        for (index, (name, written)) in names.iter().zip(header).enumerate() {
            match (targets.get(name), name.as_str()) {
                (Some(column), _) => reader.map(index, *column, written)?,
                (None, "providername") => reader.provider = Some(index),
                (None, "publishername") => reader.publisher = Some(index),
                (None, name) => {
                    if name == "xdiscounts" {
                        reader.discounts = Some(index);
                    }
                    if is_ours(name) || !reader.extras.keep(index, written) {
                        unread.push(written.clone());
                        continue;
                    }
                }
            }
            needed = index + 1;
        }
        reader.map_aliases(names);
        Ok(Mapped {
            listed: reader.listed(),
            reader,
            unread,
            needed,
        })
    }

    fn map_aliases(&mut self, names: &[String]) {
        for (alias, column) in ALIASES {
            let column = Column::Text(column);
            let index = names.iter().position(|name| *name == canonical(alias));
            if let Some(index) = index
                && self.cells.iter().all(|(_, mapped)| *mapped != column)
            {
                self.cells.push((index, column));
            }
        }
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
        &mut self,
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
        self.extras.write(cells, row);
        row.copy_text(TextColumn::ChargeCategory, TextColumn::XSourceLineType);
        if self.discounts.is_some_and(|i| cells.get(i).is_some()) {
            row.note("discounts-included");
        }
        respell(row, output);
        output.source(&SourceLine::of(row));
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
            row.note("service-provider-derived");
        }
        if row.text(TextColumn::HostProviderName).is_none()
            && let Some(name) = provider
        {
            row.set_text(TextColumn::HostProviderName, name);
            row.note("host-provider-derived");
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

/// Whether this is one of our columns, by its canonical name.
fn is_ours(name: &str) -> bool {
    let ours = |column: &TextColumn| column.name().starts_with("x_");
    TextColumn::ALL
        .iter()
        .filter(|column| ours(column))
        .any(|column| canonical(column.name()) == name)
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
            row.note("tags-dropped");
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
    Err(missing_value(cells, missing))
}

fn fall_back_to_billed(row: &mut FocusRow, output: &mut Output) {
    if row.amount(AmountColumn::EffectiveCost).is_some() {
        return;
    }
    let billed = row.exact(AmountColumn::BilledCost);
    row.set_exact(AmountColumn::EffectiveCost, billed);
    row.set_text(TextColumn::XCostBasis, "effective-from-billed");
    row.note("effective-from-billed");
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
