//! Legacy AWS Cost and Usage Report -> FOCUS 1.4. Row by row: what needs other rows is left to the
//! commit.

mod charge;
mod columns;
mod facts;
mod line;

use outlay_core::Decimal;

use self::{
    charge::{Charge, LineType, charge},
    columns::{CurColumn as C, is_documented, tag_key},
    facts::{fact, source_line},
    line::{Line, Positions},
};
use crate::{
    amount::Exact,
    cells::Cells,
    columns::{AmountColumn, TextColumn, TimeColumn},
    detect::{Mapped, canonical, duplicate, require},
    rejection::{ReadError, Rejection, quote},
    report::Output,
    row::FocusRow,
    services,
};

/// Reads the rows of one report.
#[derive(Debug)]
pub(crate) struct CurReader {
    positions: Positions,
    /// Tag columns, sorted by key so that tags arrive in order.
    tags: Vec<(String, usize)>,
    /// The file has net columns: its discounts are also inside the discounted rows.
    net: bool,
    /// Covered usage and negations so far: 0 when each has its counterpart.
    uncovered: Option<Exact>,
}

const REQUIRED: [C; 5] = [
    C::UnblendedCost,
    C::LineItemType,
    C::CurrencyCode,
    C::BillingPeriodStartDate,
    C::UsageStartDate,
];

/// Operations whose rows split an EC2 row among pods and tasks, and so say it twice.
const SPLIT_OPERATIONS: [&str; 2] = ["EKSPod-EC2", "ECSTask-EC2"];

impl CurReader {
    pub(crate) fn new(header: &[String], names: &[String]) -> Result<Mapped<Self>, Rejection> {
        require(names, &REQUIRED.map(C::name))?;
        let known = C::ALL.map(|column| (column, canonical(column.name())));
        let mut positions = Positions::none();
        let mut tags = Vec::new();
        let mut unread = Vec::new();
        let mut needed = 0;
        for (index, (name, written)) in names.iter().zip(header).enumerate() {
            if let Some((column, _)) = known.iter().find(|(_, known)| known == name) {
                if positions.get(*column).is_some() {
                    return Err(duplicate(written));
                }
                positions.set(*column, index);
            } else if let Some(key) = tag_key(written) {
                tags.push((key, index));
            } else {
                if !is_documented(name) {
                    unread.push(written.clone());
                }
                continue;
            }
            needed = index + 1;
        }
        tags.sort();
        let reader = Self {
            net: positions.get(C::NetUnblendedCost).is_some(),
            positions,
            tags,
            uncovered: Some(Exact::ZERO),
        };
        Ok(Mapped {
            reader,
            unread,
            needed,
            listed: 0,
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
        let left_out = is_split(&line);
        let source = source_line(&line, left_out)?;
        output.source(&source);
        if left_out {
            output.report.rows_left_out += 1;
            return Ok(());
        }
        let written = line.demand(C::LineItemType, line.text(C::LineItemType))?;
        let line_type = LineType::of(written);
        self.uncovered = add_covered(self.uncovered, &line, line_type)?;
        if let Some(fact) = fact(&line, line_type)? {
            output.fact(&source, fact);
        }
        if line_type == LineType::SavingsPlanNegation {
            output.report.rows_folded += 1;
            return Ok(());
        }
        let charge = charge(&line, line_type, self.net)?;
        warn(&line, line_type, written, &charge, output);
        row.clear();
        row.place = cells.place;
        describe(&line, row)?;
        for (key, index) in &self.tags {
            if let Some(value) = cells.get(*index) {
                row.set_tag(key, value);
            }
        }
        apply(&line, &charge, row)?;
        output.emit(row)?;
        match charge.unused {
            Some(unused) => emit_unused(&line, unused, row, output),
            None => Ok(()),
        }
    }

    pub(crate) fn finish(&self, output: &mut Output) {
        if self.uncovered.is_some_and(Exact::is_zero) {
            return;
        }
        let rest = self
            .uncovered
            .map_or_else(String::new, |rest| format!(" by {}", rest.value));
        output.warn("savings-plan-negation", None, None, || {
            format!(
                "Savings Plan covered usage and its negations differ{rest}: BilledCost leaves both \
                 out, so the file may be incomplete"
            )
        });
    }
}

fn is_split(line: &Line) -> bool {
    line.text(C::SplitParentResourceId).is_some()
        || line
            .text(C::Operation)
            .is_some_and(|operation| SPLIT_OPERATIONS.contains(&operation))
}

fn add_covered(
    sum: Option<Exact>,
    line: &Line,
    line_type: LineType,
) -> Result<Option<Exact>, Rejection> {
    use LineType::{SavingsPlanCoveredUsage, SavingsPlanNegation};
    if !matches!(line_type, SavingsPlanCoveredUsage | SavingsPlanNegation) {
        return Ok(sum);
    }
    let cost = line.amount(C::UnblendedCost)?.unwrap_or_default();
    Ok(sum.and_then(|sum| sum.checked_add(cost)))
}

fn warn(line: &Line, line_type: LineType, written: &str, charge: &Charge, output: &mut Output) {
    let place = Some(line.cells.place);
    if line_type == LineType::Unknown {
        output.warn(
            "unknown-line-item-type",
            Some(C::LineItemType.name()),
            place,
            || {
                format!(
                    "{} is a line item type we do not know; it counts as billed",
                    quote(written)
                )
            },
        );
    }
    if charge.incomplete {
        output.warn("missing-commitment-cost", None, place, || {
            format!("A {written} row has no effective cost of its commitment; it counts as 0")
        });
    }
}

/// What does not depend on the line item type.
fn describe(line: &Line, row: &mut FocusRow) -> Result<(), Rejection> {
    const COPIED: [(C, TextColumn); 12] = [
        (C::InvoiceId, TextColumn::InvoiceId),
        (C::InvoicingEntity, TextColumn::InvoiceIssuerName),
        (C::AvailabilityZone, TextColumn::AvailabilityZone),
        (C::ResourceId, TextColumn::ResourceId),
        (C::LineItemDescription, TextColumn::ChargeDescription),
        (C::PricingUnit, TextColumn::PricingUnit),
        (C::PricingCurrency, TextColumn::PricingCurrency),
        (C::ProductSku, TextColumn::SkuId),
        (C::RateCode, TextColumn::SkuPriceId),
        (C::LineItemId, TextColumn::XSourceLineId),
        (C::Operation, TextColumn::XOperation),
        (C::UsageType, TextColumn::XUsageType),
    ];
    for (from, to) in COPIED {
        row.set_text(to, line.text(from).unwrap_or_default());
    }
    let payer = line.account(C::PayerAccountId)?.unwrap_or_default();
    row.set_text(TextColumn::BillingAccountId, payer);
    row.copy_text(TextColumn::BillingAccountId, TextColumn::XPayer);
    let account = line.account(C::UsageAccountId)?.unwrap_or_default();
    row.set_text(TextColumn::SubAccountId, account);
    let currency = line.demand(C::CurrencyCode, line.text(C::CurrencyCode))?;
    row.set_text(TextColumn::BillingCurrency, currency);
    describe_times(line, row)?;
    describe_service(line, row);
    describe_region(line, row);
    describe_provider(line, row);
    Ok(())
}

fn describe_times(line: &Line, row: &mut FocusRow) -> Result<(), Rejection> {
    let period = line.time(C::BillingPeriodStartDate)?;
    let period = line.demand(C::BillingPeriodStartDate, period)?;
    let start = line.demand(C::UsageStartDate, line.time(C::UsageStartDate)?)?;
    row.set_time(TimeColumn::BillingPeriodStart, period);
    row.set_time(
        TimeColumn::BillingPeriodEnd,
        line.time(C::BillingPeriodEndDate)?,
    );
    row.set_time(TimeColumn::ChargePeriodStart, start);
    row.set_time(TimeColumn::ChargePeriodEnd, line.time(C::UsageEndDate)?);
    Ok(())
}

fn describe_service(line: &Line, row: &mut FocusRow) {
    let code = line.text(C::ProductCode).unwrap_or_default();
    let name = line
        .text(C::ProductName)
        .or_else(|| line.text(C::ProductServiceName))
        .unwrap_or(code);
    row.set_text(TextColumn::XServiceCode, code);
    row.set_text(TextColumn::ServiceName, name);
    row.set_text(TextColumn::ServiceCategory, services::category(code));
}

fn describe_region(line: &Line, row: &mut FocusRow) {
    let region = line
        .text(C::ProductRegionCode)
        .or_else(|| line.text(C::ProductRegion));
    if let Some(region) = region {
        row.set_text(TextColumn::RegionId, region);
        let name = line.text(C::ProductLocation).unwrap_or_default();
        row.set_text(TextColumn::RegionName, name);
    }
}

/// AWS hosts and bills everything in its report; what the marketplace sells is made by the seller
/// of record.
fn describe_provider(line: &Line, row: &mut FocusRow) {
    const AWS: &str = "AWS";
    let seller = line.text(C::LegalEntity).unwrap_or(AWS);
    let maker = crate::provider::well_known(seller).unwrap_or(seller);
    row.set_text(TextColumn::ServiceProviderName, maker);
    row.set_text(TextColumn::HostProviderName, AWS);
    row.set_text(TextColumn::XProvider, AWS);
}

fn apply(line: &Line, charge: &Charge, row: &mut FocusRow) -> Result<(), Rejection> {
    row.set_text(TextColumn::ChargeCategory, charge.category);
    row.set_text(TextColumn::ChargeFrequency, charge.frequency);
    row.set_text(
        TextColumn::PricingCategory,
        charge.pricing.unwrap_or_default(),
    );
    row.set_text(TextColumn::XChargeKind, charge.kind);
    row.set_text(TextColumn::XCostBasis, charge.basis);
    let written = line.text(C::LineItemType).unwrap_or_default();
    row.set_text(TextColumn::XSourceLineType, written);
    if charge.correction {
        row.set_text(TextColumn::ChargeClass, "Correction");
    }
    if let Some(commitment) = charge.commitment {
        row.set_text(TextColumn::CommitmentDiscountId, commitment.id);
        row.set_text(TextColumn::CommitmentDiscountCategory, commitment.category);
        row.set_text(TextColumn::CommitmentDiscountType, commitment.kind);
        row.set_text(
            TextColumn::CommitmentDiscountStatus,
            charge.status.unwrap_or_default(),
        );
    }
    row.set_exact(AmountColumn::BilledCost, charge.billed);
    row.set_exact(AmountColumn::EffectiveCost, charge.effective);
    row.set_exact(AmountColumn::ListCost, charge.list);
    row.set_exact(AmountColumn::ContractedCost, charge.contracted);
    row.set_exact(AmountColumn::PricingQuantity, charge.quantity);
    if matches!(charge.kind, "usage" | "support") && charge.category == "Usage" {
        row.set_exact(AmountColumn::ConsumedQuantity, charge.quantity);
        row.copy_text(TextColumn::PricingUnit, TextColumn::ConsumedUnit);
        row.set_exact(
            AmountColumn::ListUnitPrice,
            line.amount(C::PublicOnDemandRate)?,
        );
        if charge.commitment.is_none() {
            row.set_exact(
                AmountColumn::ContractedUnitPrice,
                line.amount(C::UnblendedRate)?,
            );
        }
    }
    Ok(())
}

/// The row of the fee, made into the row of what was paid for and not used.
fn emit_unused(
    line: &Line,
    unused: Exact,
    row: &mut FocusRow,
    output: &mut Output,
) -> Result<(), ReadError> {
    row.set_text(TextColumn::ChargeCategory, "Usage");
    row.set_text(TextColumn::ChargeFrequency, "Usage-Based");
    row.set_text(TextColumn::PricingCategory, "Committed");
    row.set_text(TextColumn::CommitmentDiscountStatus, "Unused");
    row.set_text(TextColumn::XChargeKind, "usage");
    let quantity = line.amount(C::UnusedQuantity)?;
    row.set_exact(AmountColumn::CommitmentDiscountQuantity, quantity);
    row.set_amount(AmountColumn::PricingQuantity, None);
    row.set_exact(AmountColumn::EffectiveCost, unused);
    for column in [
        AmountColumn::BilledCost,
        AmountColumn::ListCost,
        AmountColumn::ContractedCost,
    ] {
        row.set_amount(column, Decimal::ZERO);
    }
    output.emit_added(row)
}
