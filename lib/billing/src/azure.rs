//! Azure cost and usage details -> FOCUS 1.4: Enterprise Agreement, Microsoft Customer Agreement
//! and older exports, actual and amortised.
//!
//! Dates: Azure writes `MM/DD/YYYY` or ISO 8601. What has a slash is month first, in every row: a
//! file whose months exceed 12 is refused, never read the other way round.

mod charge;
mod columns;
mod line;
mod prices;
mod services;

#[cfg(test)]
pub(crate) use self::services::METERS;

use jiff::{SignedDuration, Timestamp};

use self::{
    charge::{Charge, ChargeType, Half, charge},
    columns::{AzureColumn as C, UNREAD},
    line::AzureLine,
};
use crate::{
    cells::Cells,
    columns::{AmountColumn, TextColumn, TimeColumn},
    dates::{DateFormat, month_of},
    detect::Mapped,
    evidence::SourceLine,
    json_map::{self, MapError},
    provider,
    rejection::{ReadError, Rejection, quote},
    report::Output,
    row::FocusRow,
    source::{Positions, SourceColumn, position},
};

/// The agreement whose columns a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AzureAgreement {
    /// Enterprise Agreement, and pay-as-you-go in the same shape.
    Enterprise,
    /// Microsoft Customer Agreement.
    Customer,
}

/// Reads the rows of one cost and usage details file.
#[derive(Debug)]
pub(crate) struct AzureReader {
    positions: Positions<C>,
    seen: Seen,
    /// Memory for a text that is made from a cell, kept from row to row.
    scratch: String,
}

/// Rows that only one of the two exports has.
#[derive(Debug, Default)]
struct Seen {
    actual: bool,
    uncosted: bool,
    amortised: bool,
}

const PROVIDER: &str = "Microsoft";

/// Whether a header is a cost and usage details file.
pub(crate) fn is_azure(names: &[String]) -> bool {
    let has = |column: C| {
        C::ALL[column.index()]
            .1
            .iter()
            .any(|spelling| position(names, spelling).is_some())
    };
    has(C::MeterCategory) && has(C::Cost) && (has(C::MeterId) || has(C::ConsumedService))
}

/// Which agreement's columns these are: the customer agreement alone has a pricing currency.
pub(crate) fn agreement(names: &[String]) -> AzureAgreement {
    let has = |name: &str| position(names, name).is_some();
    if has("costInPricingCurrency") || has("exchangeRatePricingToBilling") {
        AzureAgreement::Customer
    } else {
        AzureAgreement::Enterprise
    }
}

impl AzureReader {
    pub(crate) fn new(header: &[String], names: &[String]) -> Result<Mapped<Self>, Rejection> {
        let positions = Positions::find(header, names, &[C::Cost, C::BillingCurrency, C::Date])?;
        let unread = Positions::<C>::unknown(header, names, &UNREAD)
            .map(|(_, name)| name.clone())
            .collect();
        Ok(Mapped {
            listed: 0,
            needed: positions.needed(),
            reader: Self {
                positions,
                seen: Seen::default(),
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
        let line = AzureLine {
            cells,
            positions: &self.positions,
        };
        let charge = charge(&line)?;
        self.seen.note(charge.half);
        row.clear();
        row.place = cells.place;
        describe_account(&line, row)?;
        describe_times(&line, row)?;
        describe_service(&line, row);
        describe_resource(&line, row, &mut self.scratch);
        describe_provider(&line, row);
        take_tags(&line, row, &mut self.scratch, output)?;
        add_scopes(&line, row);
        apply(&line, &charge, row);
        prices::apply(&line, &charge, row)?;
        warn(&line, &charge, row, output);
        output.source(&SourceLine {
            costs: charge.source_costs(),
            ..SourceLine::of(row)
        });
        output.emit(row)
    }

    /// Which of the two exports it was, where it matters.
    pub(crate) fn finish(&self, output: &mut Output) {
        let (rule, says) = match self.seen {
            Seen {
                actual: true,
                amortised: true,
                ..
            } => (
                "actual-and-amortised",
                "The file holds rows of the actual and of the amortised export. Purchases of \
                 commitments belong beside amortised usage; if the file joins two whole exports, \
                 all other usage counts twice",
            ),
            Seen {
                amortised: true, ..
            } => (
                "amortised-export",
                "This is an amortised export: purchases of reservations and savings plans are \
                 missing, so BilledCost is less than the invoice. Export FOCUS for both",
            ),
            Seen {
                actual, uncosted, ..
            } if actual || uncosted => (
                "actual-export",
                "This is an actual export: usage under reservations and savings plans has no cost \
                 in it, so EffectiveCost lacks the commitments. Export FOCUS for both",
            ),
            _ => return,
        };
        output.warn(rule, None, None, || says.into());
    }
}

impl Seen {
    fn note(&mut self, half: Half) {
        match half {
            Half::Both => {}
            Half::Actual => self.actual = true,
            Half::Uncosted => self.uncosted = true,
            Half::Amortised => self.amortised = true,
        }
    }
}

/// The payer is the billing account: an enrolment, or a customer agreement. FOCUS bills a customer
/// agreement by its profile, as Microsoft's own FOCUS export does.
fn describe_account(line: &AzureLine, row: &mut FocusRow) -> Result<(), Rejection> {
    let account = line.account(C::BillingAccountId)?;
    let profile = line.account(C::BillingProfileId)?;
    let subscription = line.account(C::SubscriptionId)?;
    if account.or(profile).is_none() {
        row.note("payer-from-subscription");
    }
    let payer = account.or(profile).or(subscription).unwrap_or_default();
    row.set_text(TextColumn::XPayer, provider::azure_payer(payer));
    row.set_text(TextColumn::BillingAccountId, profile.unwrap_or(payer));
    let name = line
        .text(C::BillingProfileName)
        .or_else(|| line.text(C::BillingAccountName));
    row.set_text(TextColumn::BillingAccountName, name.unwrap_or_default());
    if let Some(subscription) = subscription {
        row.set_text(TextColumn::SubAccountId, subscription);
        let name = line.text(C::SubscriptionName).unwrap_or_default();
        row.set_text(TextColumn::SubAccountName, name);
        row.set_text(TextColumn::SubAccountType, "Subscription");
    }
    let currency = line.demand(C::BillingCurrency, line.text(C::BillingCurrency))?;
    row.set_text(TextColumn::BillingCurrency, currency);
    row.set_text(
        TextColumn::InvoiceId,
        line.text(C::InvoiceId).unwrap_or_default(),
    );
    Ok(())
}

/// Azure's days and period ends are inclusive, FOCUS's ends are not.
fn describe_times(line: &AzureLine, row: &mut FocusRow) -> Result<(), Rejection> {
    let day = line.demand(C::Date, date(line, C::Date)?)?;
    row.set_time(TimeColumn::ChargePeriodStart, day);
    row.set_time(TimeColumn::ChargePeriodEnd, next_day(day));
    if let Some(start) = date(line, C::BillingPeriodStart)? {
        row.set_time(TimeColumn::BillingPeriodStart, start);
        let end = date(line, C::BillingPeriodEnd)?.and_then(exclusive);
        let end = end.or_else(|| month_of(start).map(|(_, end)| end));
        row.set_time(TimeColumn::BillingPeriodEnd, end);
    } else if let Some((start, end)) = month_of(day) {
        row.set_time(TimeColumn::BillingPeriodStart, start);
        row.set_time(TimeColumn::BillingPeriodEnd, end);
        row.note("billing-period-from-date");
    }
    Ok(())
}

fn date(line: &AzureLine, column: C) -> Result<Option<Timestamp>, Rejection> {
    line.date(column, |text| {
        if text.contains('/') {
            DateFormat::Us
        } else {
            DateFormat::Iso
        }
    })
}

fn next_day(day: Timestamp) -> Option<Timestamp> {
    day.checked_add(SignedDuration::from_hours(24)).ok()
}

/// The last day of a period is its end for Azure; the first of a month is FOCUS's already.
fn exclusive(end: Timestamp) -> Option<Timestamp> {
    match month_of(end) {
        Some((first, _)) if first == end => Some(end),
        _ => next_day(end),
    }
}

/// `Unassigned` is Azure's word for nothing.
fn assigned(text: Option<&str>) -> Option<&str> {
    text.filter(|t| !t.eq_ignore_ascii_case("Unassigned"))
}

fn describe_service(line: &AzureLine, row: &mut FocusRow) {
    let category = assigned(line.text(C::MeterCategory));
    let sub_category = assigned(line.text(C::MeterSubCategory)).unwrap_or_default();
    let product = assigned(line.text(C::ProductName));
    let consumed = line.text(C::ConsumedService);
    let name = category
        .or_else(|| assigned(line.text(C::ProductOrderName)))
        .or(product)
        .or(consumed);
    row.set_text(TextColumn::ServiceName, name.unwrap_or_default());
    if let Some((category, sub)) = category.and_then(|c| services::of_meter(c, sub_category)) {
        row.set_text(TextColumn::ServiceCategory, category);
        row.set_text(TextColumn::ServiceSubcategory, sub);
    } else {
        let family = line.text(C::ServiceFamily).unwrap_or_default();
        row.set_text(TextColumn::ServiceCategory, services::of_family(family));
    }
    row.set_text(TextColumn::ChargeDescription, product.unwrap_or_default());
    row.set_text(TextColumn::XServiceCode, consumed.unwrap_or_default());
    row.set_text(TextColumn::XUsageType, sub_category);
    let meter = assigned(line.text(C::MeterName)).unwrap_or_default();
    row.set_text(TextColumn::SkuMeter, meter);
    let sku = line.text(C::ProductId).or_else(|| line.text(C::MeterId));
    row.set_text(TextColumn::SkuId, sku.unwrap_or_default());
    let price = line.text(C::PartNumber).unwrap_or_default();
    row.set_text(TextColumn::SkuPriceId, price);
}

fn describe_resource(line: &AzureLine, row: &mut FocusRow, scratch: &mut String) {
    let id = line.text(C::ResourceId).unwrap_or_default();
    row.set_text(TextColumn::ResourceId, id);
    let last = id.rsplit('/').next().unwrap_or_default();
    let name = line.text(C::ResourceName).unwrap_or(last);
    row.set_text(TextColumn::ResourceName, name);
    row.set_text(TextColumn::ResourceType, resource_type(id));
    let zone = line.text(C::AvailabilityZone).unwrap_or_default();
    row.set_text(TextColumn::AvailabilityZone, zone);
    let location = assigned(line.text(C::ResourceLocation));
    let normal = assigned(line.text(C::Location));
    if let Some(region) = location.or(normal) {
        // "US East 2" and "EastUS2" name one region; its id is written small and in one word.
        scratch.clear();
        let letters = region.chars().filter(|c| !c.is_whitespace());
        scratch.extend(letters.map(|c| c.to_ascii_lowercase()));
        row.set_text(TextColumn::RegionId, scratch);
        row.set_text(TextColumn::RegionName, normal.unwrap_or(region));
    }
}

/// `Microsoft.Compute/virtualMachines` of `.../providers/Microsoft.Compute/virtualMachines/name`.
fn resource_type(id: &str) -> &str {
    const MARK: &[u8] = b"/providers/";
    let marks = id.as_bytes().windows(MARK.len());
    let Some(at) = marks
        .enumerate()
        .filter(|(_, part)| part.eq_ignore_ascii_case(MARK))
        .map(|(at, _)| at + MARK.len())
        .next_back()
    else {
        return "";
    };
    let rest = id.get(at..).unwrap_or_default();
    let mut slashes = rest.match_indices('/').map(|(at, _)| at);
    match (slashes.next(), slashes.next()) {
        (Some(_), Some(end)) => &rest[..end],
        (Some(_), None) => rest,
        (None, _) => "",
    }
}

/// Microsoft hosts and bills; what the marketplace sells is made by its publisher.
fn describe_provider(line: &AzureLine, row: &mut FocusRow) {
    let marketplace = line
        .text(C::PublisherType)
        .is_some_and(|kind| kind.eq_ignore_ascii_case("Marketplace"));
    let publisher = line.text(C::PublisherName).filter(|_| marketplace);
    let maker = publisher.map_or(PROVIDER, |p| provider::well_known(p).unwrap_or(p));
    row.set_text(TextColumn::ServiceProviderName, maker);
    row.set_text(TextColumn::HostProviderName, PROVIDER);
    row.set_text(TextColumn::XProvider, PROVIDER);
    let issuer = line.text(C::PartnerName).unwrap_or(PROVIDER);
    row.set_text(TextColumn::InvoiceIssuerName, issuer);
}

/// A JSON object, or, as the Enterprise Agreement writes it, its entries without the braces.
fn take_tags(
    line: &AzureLine,
    row: &mut FocusRow,
    scratch: &mut String,
    output: &mut Output,
) -> Result<(), Rejection> {
    let (Some(index), Some(text)) = (line.positions.get(C::Tags), line.text(C::Tags)) else {
        return Ok(());
    };
    let text = text.trim();
    let whole = text.starts_with('{');
    if !whole {
        scratch.clear();
        scratch.push('{');
        scratch.push_str(text.trim_end_matches(','));
        scratch.push('}');
    }
    let object = if whole { text } else { scratch };
    match json_map::for_each(object, |key, value| row.set_tag(key, value)) {
        Ok(()) => Ok(()),
        Err(MapError::TooManyEntries) => Err(json_map::too_many(line.cells, index)),
        Err(MapError::NoObject) => {
            row.clear_tags();
            output.warn("bad-tags", Some("Tags"), Some(line.cells.place), || {
                format!(
                    "{} are not \"key\": \"value\" pairs; the row is kept without tags",
                    quote(text)
                )
            });
            Ok(())
        }
    }
}

/// What Azure allocates by besides tags has no column in FOCUS: it becomes tags of its own scheme,
/// as AWS's cost categories do.
fn add_scopes(line: &AzureLine, row: &mut FocusRow) {
    for (column, key) in [
        (C::CostCenter, "azure:costCenter"),
        (C::InvoiceSection, "azure:invoiceSection"),
        (C::ResourceGroup, "azure:resourceGroup"),
    ] {
        if let Some(value) = assigned(line.text(column)) {
            row.set_tag(key, value);
        }
    }
}

fn apply(line: &AzureLine, charge: &Charge, row: &mut FocusRow) {
    row.set_text(TextColumn::ChargeCategory, charge.category);
    row.set_text(TextColumn::ChargeFrequency, charge.frequency);
    let pricing = charge.pricing.unwrap_or_default();
    row.set_text(TextColumn::PricingCategory, pricing);
    let support = row.text(TextColumn::ServiceSubcategory) == Some("Support");
    let kind = match charge.kind {
        "usage" | "purchase" if support => "support",
        kind => kind,
    };
    row.set_text(TextColumn::XChargeKind, kind);
    let source_type = line.text(C::ChargeType).unwrap_or_default();
    row.set_text(TextColumn::XSourceLineType, source_type);
    let basis = match charge.half {
        Half::Amortised => "amortised",
        Half::Both | Half::Actual | Half::Uncosted => "actual",
    };
    row.set_text(TextColumn::XCostBasis, basis);
    if charge.correction {
        row.set_text(TextColumn::ChargeClass, "Correction");
    }
    if let Some(commitment) = charge.commitment {
        row.set_text(TextColumn::CommitmentDiscountId, commitment.id);
        let name = commitment.name.unwrap_or_default();
        row.set_text(TextColumn::CommitmentDiscountName, name);
        row.set_text(TextColumn::CommitmentDiscountCategory, commitment.category);
        row.set_text(TextColumn::CommitmentDiscountType, commitment.kind);
        let status = charge.status.unwrap_or_default();
        row.set_text(TextColumn::CommitmentDiscountStatus, status);
    }
    row.set_exact(AmountColumn::BilledCost, charge.billed);
    row.set_exact(AmountColumn::EffectiveCost, charge.effective);
    match charge.half {
        Half::Uncosted => row.note("effective-cost-unknown"),
        Half::Amortised => row.note("billed-with-commitment"),
        Half::Actual => row.note("spread-over-usage"),
        Half::Both => {}
    }
    if line.text(C::CostAllocationRule).is_some() {
        row.note("cost-allocation-rule");
    }
}

fn warn(line: &AzureLine, charge: &Charge, row: &FocusRow, output: &mut Output) {
    if charge.source == ChargeType::Unknown {
        let written = line.text(C::ChargeType).unwrap_or_default();
        let name = Some(C::ChargeType.name());
        output.warn("unknown-charge-type", name, Some(row.place), || {
            format!(
                "{} is a charge type we do not know; it counts as an adjustment",
                quote(written)
            )
        });
    }
}
