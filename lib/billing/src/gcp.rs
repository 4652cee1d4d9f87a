//! Google Cloud billing export, standard or detailed usage cost, as CSV -> FOCUS 1.4.
//!
//! `invoice.month` is Google's month, which begins at midnight in California; the billing period is
//! that month. Charge periods are the UTC instants of the export.

mod columns;
mod credits;
mod records;
mod services;

#[cfg(test)]
pub(crate) use self::services::SERVICES;

use outlay_core::BillingPeriod;

use self::{
    columns::{GcpColumn as C, UNREAD},
    credits::{Commitment, Credits, Promotion, too_much},
    records::RecordsError,
};
use crate::{
    amount::Exact,
    cells::Cells,
    columns::{AmountColumn, TextColumn, TimeColumn},
    dates::{DateFormat, month_of},
    detect::{Mapped, header_rejection},
    evidence::SourceLine,
    json_map::{self, MapError},
    rejection::{ReadError, Rejection, quote},
    report::Output,
    row::FocusRow,
    source::{Line, Positions, SourceColumn, position},
};

type GcpLine<'l> = Line<'l, C>;

/// Reads the rows of one billing export.
#[derive(Debug)]
pub(crate) struct GcpReader {
    positions: Positions<C>,
    credits: Credits,
    /// Memory for a tag key, kept from row to row.
    scratch: String,
}

const PROVIDER: &str = "Google Cloud";

/// What Google calls a cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CostType {
    Regular,
    Tax,
    Adjustment,
    Unknown,
}

impl CostType {
    fn of(text: Option<&str>) -> Self {
        match text {
            None | Some("regular") => Self::Regular,
            Some("tax") => Self::Tax,
            Some("adjustment" | "rounding_error") => Self::Adjustment,
            Some(_) => Self::Unknown,
        }
    }

    const fn category(self) -> &'static str {
        match self {
            Self::Regular => "Usage",
            Self::Tax => "Tax",
            Self::Adjustment | Self::Unknown => "Adjustment",
        }
    }
}

/// Whether a header is a billing export.
pub(crate) fn is_gcp(names: &[String]) -> bool {
    let has = |column: C| position(names, column.name()).is_some();
    has(C::Cost) && has(C::UsageStart) && (has(C::SkuId) || has(C::ServiceDescription))
}

impl GcpReader {
    pub(crate) fn new(header: &[String], names: &[String]) -> Result<Mapped<Self>, Rejection> {
        let positions = Positions::find(header, names, &[C::Cost, C::Currency, C::UsageStart])?;
        if let Some(joined) = positions.get(C::CreditsAmount) {
            return Err(unnested(&header[joined]));
        }
        let unread = Positions::<C>::unknown(header, names, &UNREAD)
            .map(|(_, name)| name.clone())
            .collect();
        Ok(Mapped {
            listed: 0,
            needed: positions.needed(),
            reader: Self {
                positions,
                credits: Credits::default(),
                scratch: String::new(),
            },
            unread,
        })
    }

    pub(crate) fn read(
        &mut self,
        cells: &Cells,
        row: &mut FocusRow,
        output: &mut Output,
    ) -> Result<(), ReadError> {
        let line = Line {
            cells,
            positions: &self.positions,
        };
        let cost = line.demand(C::Cost, line.amount(C::Cost)?)?;
        let cost_type = CostType::of(line.text(C::CostType));
        if let (Some(index), Some(text)) = (line.positions.get(C::Credits), line.text(C::Credits)) {
            self.credits.read(cells, index, text)?;
        } else {
            self.credits = Credits::default();
        }
        row.clear();
        row.place = cells.place;
        describe_account(&line, row)?;
        describe_times(&line, row)?;
        describe_service(&line, row);
        describe_resource(&line, row);
        take_tags(&line, row, &mut self.scratch, output)?;
        set_costs(&line, cost, cost_type, &self.credits, row)?;
        set_charge(&line, cost_type, row);
        set_commitment(&line, self.credits.commitment.as_ref(), row);
        set_quantities(&line, cost_type, row)?;
        if self.credits.untyped {
            row.note("untyped-credit");
        }
        warn(&line, cost_type, output);
        let billed = self.credits.lower(cost);
        output.source(&SourceLine {
            costs: [billed, billed, None, None],
            ..SourceLine::of(row)
        });
        output.emit(row)?;
        for promotion in &self.credits.promotions {
            emit_promotion(promotion, row, output)?;
        }
        Ok(())
    }
}

fn unnested(name: &str) -> Rejection {
    let detail = "The rows are joined with their credits, so a row with two credits counts its cost \
                  twice; export one row per charge, with TO_JSON_STRING(credits) as credits";
    header_rejection("unnested-credits", detail).column(name)
}

fn describe_account(line: &GcpLine, row: &mut FocusRow) -> Result<(), Rejection> {
    let account = line.account(C::BillingAccountId)?.unwrap_or_default();
    row.set_text(TextColumn::BillingAccountId, account);
    row.copy_text(TextColumn::BillingAccountId, TextColumn::XPayer);
    if let Some(project) = line.account(C::ProjectId)? {
        row.set_text(TextColumn::SubAccountId, project);
        let name = line.text(C::ProjectName).unwrap_or_default();
        row.set_text(TextColumn::SubAccountName, name);
        row.set_text(TextColumn::SubAccountType, "Project");
    }
    let currency = line.demand(C::Currency, line.text(C::Currency))?;
    row.set_text(TextColumn::BillingCurrency, currency);
    Ok(())
}

fn describe_times(line: &GcpLine, row: &mut FocusRow) -> Result<(), Rejection> {
    let start = line.demand(C::UsageStart, line.time(C::UsageStart)?)?;
    row.set_time(TimeColumn::ChargePeriodStart, start);
    row.set_time(TimeColumn::ChargePeriodEnd, line.time(C::UsageEnd)?);
    let month = line.date(C::InvoiceMonth, |_| DateFormat::Compact)?;
    if month.is_none() {
        row.note("billing-period-from-date");
    }
    if let Some((first, next)) = month_of(month.unwrap_or(start)) {
        row.set_time(TimeColumn::BillingPeriodStart, first);
        row.set_time(TimeColumn::BillingPeriodEnd, next);
    }
    Ok(())
}

fn describe_service(line: &GcpLine, row: &mut FocusRow) {
    let name = line.text(C::ServiceDescription);
    let code = line.text(C::ServiceId).unwrap_or_default();
    row.set_text(TextColumn::XServiceCode, code);
    row.set_text(TextColumn::ServiceName, name.unwrap_or(code));
    let (category, sub) = services::of_service(name.unwrap_or_default());
    row.set_text(TextColumn::ServiceCategory, category);
    row.set_text(TextColumn::ServiceSubcategory, sub);
    let sku = line.text(C::SkuDescription).unwrap_or_default();
    row.set_text(TextColumn::ChargeDescription, sku);
    row.copy_text(TextColumn::ChargeDescription, TextColumn::XUsageType);
    row.set_text(TextColumn::SkuId, line.text(C::SkuId).unwrap_or_default());
    // A third party sells through the marketplace; Google hosts and bills.
    let google = matches!(line.text(C::TransactionType), None | Some("GOOGLE"));
    let seller = line.text(C::SellerName).filter(|_| !google);
    row.set_text(TextColumn::ServiceProviderName, seller.unwrap_or(PROVIDER));
    row.set_text(TextColumn::HostProviderName, PROVIDER);
    row.set_text(TextColumn::XProvider, PROVIDER);
    row.set_text(TextColumn::InvoiceIssuerName, PROVIDER);
}

fn describe_resource(line: &GcpLine, row: &mut FocusRow) {
    let id = line.text(C::ResourceGlobalName);
    let name = line.text(C::ResourceName).unwrap_or_default();
    row.set_text(TextColumn::ResourceId, id.unwrap_or(name));
    row.set_text(TextColumn::ResourceName, name);
    // `//compute.googleapis.com/projects/p/zones/z/instances/7` is one of the instances.
    let kind = id.filter(|id| id.starts_with("//")).and_then(|id| {
        let mut parts = id[2..].rsplit('/').skip(1);
        parts.next().filter(|_| parts.next().is_some())
    });
    row.set_text(TextColumn::ResourceType, kind.unwrap_or_default());
    let region = line.text(C::Region).or_else(|| line.text(C::Location));
    row.set_text(TextColumn::RegionId, region.unwrap_or_default());
    let zone = line.text(C::Zone).unwrap_or_default();
    row.set_text(TextColumn::AvailabilityZone, zone);
}

/// Labels of the project are inherited: the resource's own label of the same key wins.
fn take_tags(
    line: &GcpLine,
    row: &mut FocusRow,
    scratch: &mut String,
    output: &mut Output,
) -> Result<(), Rejection> {
    for column in [C::ProjectLabels, C::SystemLabels, C::Tags, C::Labels] {
        let (Some(index), Some(text)) = (line.positions.get(column), line.text(column)) else {
            continue;
        };
        match take_labels(text, row, scratch) {
            Ok(()) => {}
            Err(MapError::TooManyEntries) => return Err(json_map::too_many(line.cells, index)),
            Err(MapError::NoObject) => {
                let name = Some(column.name());
                output.warn("bad-tags", name, Some(line.cells.place), || {
                    format!(
                        "{} is not a list of keys and values; the row is kept without them",
                        quote(text)
                    )
                });
            }
        }
    }
    Ok(())
}

impl From<RecordsError> for MapError {
    fn from(error: RecordsError) -> Self {
        match error {
            RecordsError::NoList => Self::NoObject,
            RecordsError::TooMany => Self::TooManyEntries,
        }
    }
}

/// `[{"key": k, "value": v}]` with a namespace or none, or the object `{k: v}`.
fn take_labels(text: &str, row: &mut FocusRow, scratch: &mut String) -> Result<(), MapError> {
    if text.starts_with('{') && !text.contains("key") {
        return json_map::for_each(text, |key, value| row.set_tag(key, value));
    }
    records::for_each(text, |record| {
        let key = record.get("key").ok_or(RecordsError::NoList)?;
        let value = record.get("value").unwrap_or_default();
        match record.get("namespace") {
            None => row.set_tag(key, value),
            Some(namespace) => {
                scratch.clear();
                scratch.extend([namespace, "/", key]);
                row.set_tag(scratch, value);
            }
        }
        Ok(())
    })
}

/// Google bills the cost less its credits; commitments it spreads over time itself, so what is
/// billed is also effective.
fn set_costs(
    line: &GcpLine,
    cost: Exact,
    cost_type: CostType,
    credits: &Credits,
    row: &mut FocusRow,
) -> Result<(), Rejection> {
    let index = line.positions.get(C::Cost).unwrap_or_default();
    let billed = cost.checked_add(credits.discounts);
    let billed = billed.ok_or_else(|| too_much(line.cells, index))?;
    row.set_exact(AmountColumn::BilledCost, billed);
    row.set_exact(AmountColumn::EffectiveCost, billed);
    row.set_exact(AmountColumn::ContractedCost, cost);
    let list = match line.amount(C::CostAtList)? {
        None if cost_type != CostType::Regular => Some(cost),
        list => list,
    };
    row.set_exact(AmountColumn::ListCost, list);
    row.set_text(TextColumn::XCostBasis, "net");
    Ok(())
}

fn set_charge(line: &GcpLine, cost_type: CostType, row: &mut FocusRow) {
    row.set_text(TextColumn::ChargeCategory, cost_type.category());
    let source_type = line.text(C::CostType).unwrap_or_default();
    row.set_text(TextColumn::XSourceLineType, source_type);
    let support = line.text(C::ServiceDescription) == Some("Support");
    let (kind, frequency, pricing) = match cost_type {
        CostType::Regular if support => ("support", "Recurring", "Standard"),
        CostType::Regular => ("usage", "Usage-Based", "Standard"),
        CostType::Tax => ("tax", "One-Time", ""),
        CostType::Adjustment | CostType::Unknown => ("adjustment", "One-Time", ""),
    };
    row.set_text(TextColumn::XChargeKind, kind);
    row.set_text(TextColumn::ChargeFrequency, frequency);
    row.set_text(TextColumn::PricingCategory, pricing);
    let adjusted = line.text(C::AdjustmentId).is_some() || line.text(C::AdjustmentType).is_some();
    let earlier = match (
        row.time(TimeColumn::ChargePeriodStart),
        row.billing_period(),
    ) {
        (Some(start), Some(period)) => BillingPeriod::containing(start).is_ok_and(|p| p < period),
        _ => false,
    };
    // FOCUS calls a correction what changes a period already invoiced.
    if earlier && (adjusted || line.text(C::CostType) == Some("adjustment")) {
        row.set_text(TextColumn::ChargeClass, "Correction");
    }
}

/// A committed use discount lowers covered usage by its credit. Its fee stays where Google has it,
/// in rows of its own that are spread over the term: moving it would need other rows.
fn set_commitment(line: &GcpLine, credit: Option<&Commitment>, row: &mut FocusRow) {
    let subscription = line.text(C::SubscriptionId);
    let fee = line
        .text(C::SkuDescription)
        .is_some_and(|sku| sku.starts_with("Commitment"));
    if let Some(credit) = credit {
        let id = subscription.unwrap_or(&credit.id);
        row.set_text(TextColumn::CommitmentDiscountId, id);
        row.set_text(TextColumn::CommitmentDiscountName, &credit.name);
        let category = if credit.spend { "Spend" } else { "Usage" };
        row.set_text(TextColumn::CommitmentDiscountCategory, category);
        row.set_text(TextColumn::CommitmentDiscountStatus, "Used");
        row.set_text(TextColumn::PricingCategory, "Committed");
    } else if fee {
        row.set_text(
            TextColumn::CommitmentDiscountId,
            subscription.unwrap_or_default(),
        );
        row.set_text(TextColumn::PricingCategory, "Committed");
        row.set_text(TextColumn::ChargeFrequency, "Recurring");
        row.note("commitment-fee-kept");
    } else {
        return;
    }
    row.set_text(TextColumn::CommitmentDiscountType, "Committed Use Discount");
}

fn set_quantities(
    line: &GcpLine,
    cost_type: CostType,
    row: &mut FocusRow,
) -> Result<(), Rejection> {
    if cost_type != CostType::Regular {
        return Ok(());
    }
    row.set_exact(AmountColumn::ConsumedQuantity, line.amount(C::UsageAmount)?);
    let unit = line.text(C::UsageUnit).unwrap_or_default();
    row.set_text(TextColumn::ConsumedUnit, unit);
    let quantity = line.amount(C::AmountInPricingUnits)?;
    row.set_exact(AmountColumn::PricingQuantity, quantity);
    let unit = line.text(C::PricingUnit).unwrap_or_default();
    row.set_text(TextColumn::PricingUnit, unit);
    // A price per 1,000,000 units is not the price of the unit.
    let per = line.text(C::PricingUnitQuantity);
    if matches!(per, None | Some("1" | "1.0")) {
        let price = line.amount(C::EffectivePrice)?;
        row.set_exact(AmountColumn::ContractedUnitPrice, price);
    }
    Ok(())
}

fn warn(line: &GcpLine, cost_type: CostType, output: &mut Output) {
    if cost_type == CostType::Unknown {
        let written = line.text(C::CostType).unwrap_or_default();
        let name = Some(C::CostType.name());
        output.warn("unknown-cost-type", name, Some(line.cells.place), || {
            format!(
                "{} is a cost type we do not know; it counts as an adjustment",
                quote(written)
            )
        });
    }
}

/// The row of the usage, made into the row of the credit that pays for it.
fn emit_promotion(
    promotion: &Promotion,
    row: &mut FocusRow,
    output: &mut Output,
) -> Result<(), ReadError> {
    row.set_text(TextColumn::ChargeCategory, "Credit");
    row.set_text(TextColumn::ChargeFrequency, "One-Time");
    row.set_text(TextColumn::XChargeKind, "credit");
    row.set_text(TextColumn::ChargeDescription, &promotion.name);
    row.set_text(TextColumn::XSourceLineType, "PROMOTION");
    for column in [
        TextColumn::ChargeClass,
        TextColumn::PricingCategory,
        TextColumn::PricingUnit,
        TextColumn::ConsumedUnit,
        TextColumn::CommitmentDiscountId,
        TextColumn::CommitmentDiscountName,
        TextColumn::CommitmentDiscountCategory,
        TextColumn::CommitmentDiscountStatus,
        TextColumn::CommitmentDiscountType,
    ] {
        row.clear_text(column);
    }
    for column in [
        AmountColumn::ConsumedQuantity,
        AmountColumn::PricingQuantity,
        AmountColumn::ContractedUnitPrice,
    ] {
        row.set_amount(column, None);
    }
    for column in crate::COST_COLUMNS {
        row.set_exact(column, promotion.amount);
    }
    row.note("credit-of-usage");
    output.emit_added(row)
}
