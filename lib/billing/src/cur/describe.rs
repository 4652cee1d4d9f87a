//! What does not depend on the line item type: who, where, when, which service.

use jiff::Timestamp;

use super::{columns::CurColumn as C, line::Line, memo::Memo, sku::SkuDetails};
use crate::{
    columns::{TextColumn, TimeColumn},
    provider::well_known,
    rejection::Rejection,
    row::FocusRow,
    services::{self, Service},
};

const AWS: &str = "AWS";

/// Describes rows; remembers what neighbours have in common.
#[derive(Debug, Default)]
pub(super) struct Describer {
    service: Memo<Service>,
    maker: Memo<Option<&'static str>>,
    sku: SkuDetails,
}

impl Describer {
    pub(super) fn describe(&mut self, line: &Line, row: &mut FocusRow) -> Result<(), Rejection> {
        const COPIED: [(C, TextColumn); 13] = [
            (C::InvoiceId, TextColumn::InvoiceId),
            (C::InvoicingEntity, TextColumn::InvoiceIssuerName),
            (C::PayerAccountName, TextColumn::BillingAccountName),
            (C::UsageAccountName, TextColumn::SubAccountName),
            (C::AvailabilityZone, TextColumn::AvailabilityZone),
            (C::LineItemDescription, TextColumn::ChargeDescription),
            (C::PricingUnit, TextColumn::PricingUnit),
            (C::ProductSku, TextColumn::SkuId),
            (C::RateCode, TextColumn::SkuPriceId),
            (C::LineItemId, TextColumn::XSourceLineId),
            (C::LineItemType, TextColumn::XSourceLineType),
            (C::Operation, TextColumn::XOperation),
            (C::UsageType, TextColumn::XUsageType),
        ];
        for (from, to) in COPIED {
            if let Some(text) = line.text(from) {
                row.set_text(to, text);
            }
        }
        if row.text(TextColumn::SkuId).is_some() {
            row.copy_text(TextColumn::XUsageType, TextColumn::SkuMeter);
        }
        self.sku.describe(line, row);
        describe_accounts(line, row)?;
        describe_currencies(line, row)?;
        describe_resource(line, row);
        describe_region(line, row);
        self.describe_service(line, row);
        self.describe_provider(line, row);
        Ok(())
    }

    fn describe_service(&mut self, line: &Line, row: &mut FocusRow) {
        let code = line
            .text(C::ProductCode)
            .or_else(|| line.text(C::ProductServiceCode))
            .unwrap_or_default();
        let name = line
            .text(C::ProductName)
            .or_else(|| line.text(C::ProductServiceName))
            .unwrap_or(code);
        let usage_type = line.text(C::UsageType).unwrap_or_default();
        let service = self
            .service
            .get([code, usage_type], || services::service(code, usage_type));
        row.set_text(TextColumn::XServiceCode, code);
        row.set_text(TextColumn::ServiceName, name);
        row.set_text(TextColumn::ServiceCategory, service.category);
        row.set_text(TextColumn::ServiceSubcategory, service.subcategory);
    }

    /// AWS hosts and bills everything in its report; what the marketplace sells is made by the
    /// seller of record.
    fn describe_provider(&mut self, line: &Line, row: &mut FocusRow) {
        let seller = line.text(C::LegalEntity).unwrap_or(AWS);
        let maker = self.maker.get([seller, ""], || well_known(seller));
        row.set_text(TextColumn::ServiceProviderName, maker.unwrap_or(seller));
        row.set_text(TextColumn::HostProviderName, AWS);
        row.copy_text(TextColumn::HostProviderName, TextColumn::XProvider);
    }
}

/// Sets the periods, of which the start of the billing period is known. Whether the charge is for time before the billing period.
pub(super) fn times(line: &Line, period: Timestamp, row: &mut FocusRow) -> Result<bool, Rejection> {
    let start = line.demand(C::UsageStartDate, line.time(C::UsageStartDate)?)?;
    row.set_time(TimeColumn::BillingPeriodStart, period);
    row.set_time(
        TimeColumn::BillingPeriodEnd,
        line.time(C::BillingPeriodEndDate)?,
    );
    row.set_time(TimeColumn::ChargePeriodStart, start);
    row.set_time(TimeColumn::ChargePeriodEnd, line.time(C::UsageEndDate)?);
    Ok(start < period)
}

/// The payer is the management account of its organization; an account without one pays for
/// itself.
fn describe_accounts(line: &Line, row: &mut FocusRow) -> Result<(), Rejection> {
    const MANAGEMENT: &str = "Management Account";
    let payer = line.account(C::PayerAccountId)?.unwrap_or_default();
    row.set_text(TextColumn::BillingAccountId, payer);
    row.copy_text(TextColumn::BillingAccountId, TextColumn::XPayer);
    row.set_text(TextColumn::BillingAccountType, MANAGEMENT);
    let Some(account) = line.account(C::UsageAccountId)? else {
        return Ok(());
    };
    row.set_text(TextColumn::SubAccountId, account);
    if account == payer {
        row.copy_text(TextColumn::BillingAccountType, TextColumn::SubAccountType);
    } else {
        row.set_text(TextColumn::SubAccountType, "Member Account");
    }
    Ok(())
}

fn describe_currencies(line: &Line, row: &mut FocusRow) -> Result<(), Rejection> {
    let currency = line.demand(C::CurrencyCode, line.text(C::CurrencyCode))?;
    row.set_text(TextColumn::BillingCurrency, currency);
    match line.text(C::PricingCurrency) {
        Some(pricing) if pricing != currency => {
            row.set_text(TextColumn::PricingCurrency, pricing);
        }
        _ => row.copy_text(TextColumn::BillingCurrency, TextColumn::PricingCurrency),
    }
    Ok(())
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

fn describe_resource(line: &Line, row: &mut FocusRow) {
    let Some(id) = line.text(C::ResourceId) else {
        return;
    };
    row.set_text(TextColumn::ResourceId, id);
    let product = line.text(C::ProductCode).unwrap_or_default();
    row.set_text(TextColumn::ResourceType, resource_type(id, product));
    // A capacity reservation is the resource of the capacity that nobody used.
    if id.contains("capacity-reservation/cr-") {
        row.copy_text(TextColumn::ResourceId, TextColumn::CapacityReservationId);
        let usage_type = line.text(C::UsageType).unwrap_or_default();
        if usage_type.contains("UnusedBox") || usage_type.contains("UnusedDed") {
            row.set_text(TextColumn::CapacityReservationStatus, "Unused");
        }
    }
}

/// What kind of thing an id names, as AWS's own FOCUS export words it: `instance`, `volume`,
/// `bucket`; empty where the id does not tell.
fn resource_type<'i>(id: &'i str, product_code: &str) -> &'i str {
    const PREFIXES: [(&str, &str); 6] = [
        ("i-", "instance"),
        ("vol-", "volume"),
        ("snap-", "snapshot"),
        ("nat-", "natgateway"),
        ("eni-", "network-interface"),
        ("vpce-", "vpc-endpoint"),
    ];
    if id.starts_with("arn:") {
        // arn:partition:service:region:account:type/id or type:id, or an id alone.
        let resource = id.splitn(6, ':').nth(5).unwrap_or_default();
        return match resource.split_once(['/', ':']) {
            Some((kind, _)) if !kind.is_empty() => kind,
            _ if id.contains(":s3:") => "bucket",
            _ => "",
        };
    }
    if product_code == "AmazonS3" {
        return "bucket";
    }
    PREFIXES
        .into_iter()
        .find(|(prefix, _)| id.starts_with(prefix))
        .map_or("", |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_what_they_name() {
        for (id, product, kind) in [
            ("i-0abc", "AmazonEC2", "instance"),
            ("vol-0abc", "AmazonEC2", "volume"),
            ("my-bucket", "AmazonS3", "bucket"),
            ("arn:aws:s3:::my-bucket", "AmazonS3", "bucket"),
            (
                "arn:aws:lambda:us-east-1:42:function:f",
                "AWSLambda",
                "function",
            ),
            (
                "arn:aws:ec2:us-east-1:42:natgateway/nat-1",
                "AmazonEC2",
                "natgateway",
            ),
            ("arn:aws:sqs:us-east-1:42:queue", "AWSQueueService", ""),
            ("arn:aws", "AmazonEC2", ""),
            ("something", "AmazonRDS", ""),
        ] {
            assert_eq!(resource_type(id, product), kind, "{id}");
        }
    }
}
