//! OCI cost report -> FOCUS 1.4.
//!
//! The report has no billing period: a row belongs to the UTC month in which its usage began.
//! A correction is a row of its own whose cost is added like any other; it names no invoice.

mod columns;
mod services;

#[cfg(test)]
pub(crate) use self::services::SERVICES;

use self::columns::{OciColumn as C, UNREAD, tag_key};
use crate::{
    cells::Cells,
    columns::{AmountColumn, TextColumn, TimeColumn},
    dates::month_of,
    detect::Mapped,
    evidence::SourceLine,
    rejection::{ReadError, Rejection},
    report::Output,
    row::FocusRow,
    source::{Line, Positions, SourceColumn, position},
};

type OciLine<'l> = Line<'l, C>;

/// Reads the rows of one cost report.
#[derive(Debug)]
pub(crate) struct OciReader {
    positions: Positions<C>,
    /// Tag columns, sorted by key so that tags arrive in order.
    tags: Vec<(String, usize)>,
}

const PROVIDER: &str = "Oracle";

/// Whether a header is a cost report.
pub(crate) fn is_oci(names: &[String]) -> bool {
    let has = |column: C| position(names, column.name()).is_some();
    has(C::MyCost) || (has(C::TenantId) && has(C::UsageStart))
}

impl OciReader {
    pub(crate) fn new(header: &[String], names: &[String]) -> Result<Mapped<Self>, Rejection> {
        let required = [C::MyCost, C::CurrencyCode, C::UsageStart];
        let positions = Positions::find(header, names, &required)?;
        let mut tags = Vec::new();
        let mut unread = Vec::new();
        let mut needed = positions.needed();
        for (index, name) in Positions::<C>::unknown(header, names, &UNREAD) {
            if let Some(key) = tag_key(name) {
                tags.push((key.to_owned(), index));
                needed = needed.max(index + 1);
            } else {
                unread.push(name.clone());
            }
        }
        tags.sort();
        Ok(Mapped {
            listed: 0,
            reader: Self { positions, tags },
            unread,
            needed,
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
        row.clear();
        row.place = cells.place;
        describe_account(&line, row)?;
        describe_times(&line, row)?;
        describe_service(&line, row);
        for (key, index) in &self.tags {
            if let Some(value) = cells.get(*index) {
                row.set_tag(key, value);
            }
        }
        set_charge(&line, row);
        set_costs(&line, row)?;
        output.source(&SourceLine {
            costs: [line.amount(C::MyCost)?, None, None, None],
            ..SourceLine::of(row)
        });
        output.emit(row)
    }
}

fn describe_account(line: &OciLine, row: &mut FocusRow) -> Result<(), Rejection> {
    let tenant = line.account(C::TenantId)?.unwrap_or_default();
    row.set_text(TextColumn::BillingAccountId, tenant);
    row.copy_text(TextColumn::BillingAccountId, TextColumn::XPayer);
    if let Some(compartment) = line.text(C::CompartmentId) {
        row.set_text(TextColumn::SubAccountId, compartment);
        let name = line.text(C::CompartmentName).unwrap_or_default();
        row.set_text(TextColumn::SubAccountName, name);
        row.set_text(TextColumn::SubAccountType, "Compartment");
    }
    let currency = line.demand(C::CurrencyCode, line.text(C::CurrencyCode))?;
    row.set_text(TextColumn::BillingCurrency, currency);
    Ok(())
}

fn describe_times(line: &OciLine, row: &mut FocusRow) -> Result<(), Rejection> {
    let start = line.demand(C::UsageStart, line.time(C::UsageStart)?)?;
    row.set_time(TimeColumn::ChargePeriodStart, start);
    row.set_time(TimeColumn::ChargePeriodEnd, line.time(C::UsageEnd)?);
    if let Some((first, next)) = month_of(start) {
        row.set_time(TimeColumn::BillingPeriodStart, first);
        row.set_time(TimeColumn::BillingPeriodEnd, next);
    }
    row.note("billing-period-from-date");
    Ok(())
}

fn describe_service(line: &OciLine, row: &mut FocusRow) {
    const COPIED: [(C, TextColumn); 9] = [
        (C::Description, TextColumn::ChargeDescription),
        (C::Region, TextColumn::RegionId),
        (C::AvailabilityDomain, TextColumn::AvailabilityZone),
        (C::ResourceId, TextColumn::ResourceId),
        (C::ProductSku, TextColumn::SkuId),
        (C::ReferenceNo, TextColumn::XSourceLineId),
        (C::Resource, TextColumn::XUsageType),
        (C::UnitDescription, TextColumn::PricingUnit),
        (C::BillingUnit, TextColumn::ConsumedUnit),
    ];
    let service = line.text(C::Service).unwrap_or_default();
    row.set_text(TextColumn::ServiceName, service);
    row.copy_text(TextColumn::ServiceName, TextColumn::XServiceCode);
    let (category, sub) = services::of_service(service);
    row.set_text(TextColumn::ServiceCategory, category);
    row.set_text(TextColumn::ServiceSubcategory, sub);
    for (from, to) in COPIED {
        row.set_text(to, line.text(from).unwrap_or_default());
    }
    // `ocid1.instance.oc1.region.unique` is an instance.
    let resource = line.text(C::ResourceId).unwrap_or_default();
    let kind = resource.strip_prefix("ocid1.");
    let kind = kind.and_then(|rest| rest.split('.').next());
    row.set_text(TextColumn::ResourceType, kind.unwrap_or_default());
    for column in [
        TextColumn::ServiceProviderName,
        TextColumn::HostProviderName,
        TextColumn::InvoiceIssuerName,
        TextColumn::XProvider,
    ] {
        row.set_text(column, PROVIDER);
    }
}

fn set_charge(line: &OciLine, row: &mut FocusRow) {
    row.set_text(TextColumn::ChargeCategory, "Usage");
    row.set_text(TextColumn::ChargeFrequency, "Usage-Based");
    row.set_text(TextColumn::PricingCategory, "Standard");
    row.set_text(TextColumn::XChargeKind, "usage");
    row.set_text(TextColumn::XCostBasis, "net");
    let said = |column: C| {
        line.text(column)
            .is_some_and(|flag| flag.eq_ignore_ascii_case("true") || flag == "Y")
    };
    if said(C::IsCorrection) {
        row.set_text(TextColumn::ChargeClass, "Correction");
        row.set_text(TextColumn::XSourceLineType, "correction");
    }
    if said(C::OverageFlag) {
        row.note("overage");
    }
}

/// myCost is what is billed, overage included. The report knows no list price.
fn set_costs(line: &OciLine, row: &mut FocusRow) -> Result<(), Rejection> {
    let cost = line.demand(C::MyCost, line.amount(C::MyCost)?)?;
    row.set_exact(AmountColumn::BilledCost, cost);
    row.set_exact(AmountColumn::EffectiveCost, cost);
    row.set_exact(AmountColumn::ContractedCost, cost);
    let price = line.amount(C::UnitPrice)?;
    row.set_exact(AmountColumn::ContractedUnitPrice, price);
    let quantity = line.amount(C::BilledQuantity)?;
    row.set_exact(AmountColumn::PricingQuantity, quantity);
    row.set_exact(AmountColumn::ConsumedQuantity, quantity);
    Ok(())
}
