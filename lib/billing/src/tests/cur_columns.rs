use super::{accept, warnings};
use crate::{AmountColumn as A, FocusRow, TextColumn as T, TimeColumn};

/// Every value of a row, a line each.
fn tell(row: &FocusRow) -> String {
    let times = TimeColumn::ALL
        .into_iter()
        .filter_map(|c| row.time(c).map(|value| format!("{}: {value}", c.name())));
    let texts = T::ALL
        .into_iter()
        .filter_map(|c| row.text(c).map(|value| format!("{}: {value}", c.name())));
    let amounts = A::ALL
        .into_iter()
        .filter_map(|c| row.amount(c).map(|value| format!("{}: {value}", c.name())));
    let tags = row
        .tags()
        .iter()
        .map(|(key, value)| format!("Tags {key}={value}"));
    let lines: Vec<String> = times.chain(texts).chain(amounts).chain(tags).collect();
    lines.join("\n")
}

#[test]
fn a_report_in_focus_words() {
    let bill = accept(include_bytes!("../../test_data/cur-slash.csv"));
    let told: Vec<String> = bill.rows.iter().map(tell).collect();
    insta::assert_snapshot!(told.join("\n--\n"), @"
    BillingPeriodStart: 2026-10-01T00:00:00Z
    BillingPeriodEnd: 2026-11-01T00:00:00Z
    ChargePeriodStart: 2026-10-03T00:00:00Z
    ChargePeriodEnd: 2026-10-03T01:00:00Z
    AvailabilityZone: us-east-1b
    BillingAccountId: 000000000042
    BillingAccountType: Management Account
    BillingCurrency: USD
    ChargeCategory: Usage
    ChargeDescription: $0.096 per On Demand, Linux
    ChargeFrequency: Usage-Based
    ConsumedUnit: Hrs
    HostProviderName: AWS
    InvoiceIssuerName: Amazon Web Services, Inc.
    PricingCategory: Standard
    PricingCurrency: USD
    PricingUnit: Hrs
    RegionId: us-east-1
    RegionName: US East (N. Virginia)
    ResourceId: i-0abc
    ResourceType: instance
    ServiceCategory: Compute
    ServiceName: Amazon Elastic Compute Cloud
    ServiceProviderName: AWS
    ServiceSubcategory: Virtual Machines
    SkuId: SKU1
    SkuMeter: BoxUsage:m6i.large
    SkuPriceId: SKU1.RATE
    SubAccountId: 000000000043
    SubAccountType: Member Account
    x_Payer: 000000000042
    x_Provider: AWS
    x_SourceLineId: li-1
    x_ChargeKind: usage
    x_CostBasis: gross
    x_ServiceCode: AmazonEC2
    x_Operation: RunInstances
    x_UsageType: BoxUsage:m6i.large
    x_SourceLineType: Usage
    BilledCost: 0.096
    EffectiveCost: 0.096
    ListCost: 0.1
    ContractedCost: 0.096
    ConsumedQuantity: 1
    ContractedUnitPrice: 0.096
    ListUnitPrice: 0.1
    PricingCurrencyContractedUnitPrice: 0.096
    PricingCurrencyEffectiveCost: 0.096
    PricingCurrencyListUnitPrice: 0.1
    PricingQuantity: 1
    Tags aws:createdBy=IAMUser:x:y
    Tags costCategory:Unit=Lab
    Tags user:Team=Data
    --
    BillingPeriodStart: 2026-10-01T00:00:00Z
    BillingPeriodEnd: 2026-11-01T00:00:00Z
    ChargePeriodStart: 2026-10-03T00:00:00Z
    ChargePeriodEnd: 2026-10-03T01:00:00Z
    BillingAccountId: 000000000042
    BillingAccountType: Management Account
    BillingCurrency: USD
    ChargeCategory: Purchase
    ChargeDescription: AMI subscription
    ChargeFrequency: One-Time
    HostProviderName: AWS
    InvoiceIssuerName: Amazon Web Services, Inc.
    PricingCategory: Standard
    PricingCurrency: USD
    ServiceCategory: Other
    ServiceName: Red Hat Linux
    ServiceProviderName: Red Hat, Inc.
    ServiceSubcategory: Other (Other)
    SubAccountId: 000000000043
    SubAccountType: Member Account
    x_Payer: 000000000042
    x_Provider: AWS
    x_SourceLineId: li-2
    x_ChargeKind: fee
    x_CostBasis: gross
    x_ServiceCode: 8wbzq2
    x_UsageType: MP
    x_SourceLineType: Fee
    x_Notes: list-from-unblended
    BilledCost: 25
    EffectiveCost: 25
    ListCost: 25
    ContractedCost: 25
    PricingCurrencyEffectiveCost: 25
    ");
    // AWS's own columns that nothing reads are no surprise.
    assert_eq!(warnings(&bill), Vec::<String>::new());
}
