//! Two correct bills, small enough to be added up by hand.

use super::Line;
use crate::invariants::InvoiceTotal;

pub(super) const HOURS: usize = 4;

/// A legacy CUR: a partial upfront Savings Plan over four hours, a reservation, marketplace, tax,
/// support, credit, refund, a discount, a split cost row and an estimate with 21 digits.
pub(super) fn cur() -> Vec<Line> {
    let mut lines = Vec::new();
    for hour in 0..HOURS {
        lines.extend(plan_hour(hour));
    }
    lines.push(cur_line("SavingsPlanUpfrontFee", "3504", &[PLAN]));
    for day in 1..=3 {
        let start = format!("2026-10-{day:02}T00:00:00Z");
        let mut used = cur_line("DiscountedUsage", "0", &[RESERVATION]);
        set(&mut used, "lineItem/UsageStartDate", &start);
        set(&mut used, "reservation/EffectiveCost", "0.3");
        listed(&mut used, "0.9", "1", "0.9");
        lines.push(used);
    }
    let fee = [
        RESERVATION,
        ("reservation/AmortizedUpfrontFeeForBillingPeriod", "0.5"),
        (
            "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
            "0.125",
        ),
        ("reservation/UnusedRecurringFee", "0.175"),
    ];
    lines.push(cur_line("RIFee", "0.7", &fee));
    lines.push(cur_line("Fee", "50", &[RESERVATION]));
    let mut usage = cur_line("Usage", "10", &[]);
    listed(&mut usage, "0.0123456789", "1000.5", "12.3518517395");
    lines.push(usage);
    let seller = [
        ("bill/InvoiceId", "inv-2"),
        ("bill/InvoicingEntity", "Seller Ltd."),
        ("lineItem/ProductCode", "seller"),
    ];
    lines.push(cur_line("Fee", "25", &seller));
    lines.push(cur_line("Tax", "1.9", &[("lineItem/TaxType", "VAT")]));
    lines.push(cur_line(
        "Fee",
        "100",
        &[("lineItem/ProductCode", "AWSSupportBusiness")],
    ));
    lines.push(cur_line("Credit", "-3", &[]));
    lines.push(cur_line("Refund", "-5", &[]));
    lines.push(cur_line("EdpDiscount", "-0.1", &[PLAN]));
    lines.push(cur_line(
        "Usage",
        "",
        &[("lineItem/Operation", "EKSPod-EC2")],
    ));
    let mut estimate = cur_line("Usage", "0.123456789012345678901", &[]);
    set(&mut estimate, "bill/InvoiceId", "");
    lines.push(estimate);
    lines
}

/// What the invoices of [`cur`] charge, added up by hand.
pub(super) fn invoices() -> Vec<InvoiceTotal> {
    let total = |invoice_id: &str, amount: &str| InvoiceTotal {
        invoice_id: invoice_id.to_owned(),
        currency: "USD".to_owned(),
        amount: amount.parse().unwrap(),
    };
    vec![total("inv-1", "3660.9"), total("inv-2", "25")]
}

pub(super) const PLAN: (&str, &str) = ("savingsPlan/SavingsPlanARN", "arn:sp");
pub(super) const RESERVATION: (&str, &str) = ("reservation/ReservationARN", "arn:ri");

/// Commitment 1 an hour, 0.4 of it paid upfront; used 0.75 for usage worth 1.5.
fn plan_hour(hour: usize) -> [Line; 3] {
    let mut covered = cur_line("SavingsPlanCoveredUsage", "1.5", &[PLAN]);
    set(&mut covered, "savingsPlan/SavingsPlanEffectiveCost", "0.75");
    listed(&mut covered, "0.5", "4", "2");
    let negation = cur_line("SavingsPlanNegation", "-1.5", &[PLAN]);
    let fee = [
        PLAN,
        ("savingsPlan/TotalCommitmentToDate", "1"),
        ("savingsPlan/UsedCommitment", "0.75"),
        (
            "savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod",
            "0.4",
        ),
        ("savingsPlan/RecurringCommitmentForBillingPeriod", "0.6"),
    ];
    let fee = cur_line("SavingsPlanRecurringFee", "0.6", &fee);
    [covered, negation, fee].map(|mut line| {
        set(
            &mut line,
            "lineItem/UsageStartDate",
            &format!("2026-10-03T{hour:02}:00:00Z"),
        );
        line
    })
}

fn cur_line(kind: &str, cost: &str, more: &[(&'static str, &str)]) -> Line {
    let mut line = line_of(&[
        ("bill/PayerAccountId", "000000000042"),
        ("bill/BillingPeriodStartDate", "2026-10-01T00:00:00Z"),
        ("bill/InvoiceId", "inv-1"),
        ("bill/InvoicingEntity", "Amazon Web Services, Inc."),
        ("lineItem/UsageAccountId", "000000000043"),
        ("lineItem/UsageStartDate", "2026-10-03T00:00:00Z"),
        ("lineItem/ProductCode", "AmazonEC2"),
        ("lineItem/CurrencyCode", "USD"),
        ("lineItem/UsageAmount", "4"),
        ("lineItem/LineItemType", kind),
        ("lineItem/UnblendedCost", cost),
    ]);
    for (column, value) in more {
        set(&mut line, column, value);
    }
    line
}

fn listed(line: &mut Line, price: &str, quantity: &str, cost: &str) {
    set(line, "pricing/publicOnDemandRate", price);
    set(line, "lineItem/UsageAmount", quantity);
    set(line, "pricing/publicOnDemandCost", cost);
}

/// A FOCUS bill with the whole term of a commitment in it: bought for 12, used for 11 of it.
pub(super) fn focus() -> Vec<Line> {
    let year = [
        "2026-01-01T00:00:00Z",
        "2026-07-01T00:00:00Z",
        "2027-01-01T00:00:00Z",
    ];
    let purchase = [
        ("ChargeCategory", "Purchase"),
        ("ChargeFrequency", "One-Time"),
        ("BilledCost", "12"),
        ("CommitmentDiscountId", "plan"),
    ];
    let used = |cost| {
        [
            ("EffectiveCost", cost),
            ("CommitmentDiscountId", "plan"),
            ("CommitmentDiscountStatus", "Used"),
            ("ConsumedQuantity", "1"),
        ]
    };
    let unused = [
        ("EffectiveCost", "1"),
        ("CommitmentDiscountId", "plan"),
        ("CommitmentDiscountStatus", "Unused"),
    ];
    let listed = [
        ("BilledCost", "4.2"),
        ("EffectiveCost", "4.2"),
        ("ListCost", "5.25"),
        ("ListUnitPrice", "0.75"),
        ("PricingQuantity", "7"),
    ];
    vec![
        focus_line(year[0], year[2], &purchase),
        focus_line(year[0], year[1], &used("5.5")),
        focus_line(year[1], year[2], &used("5.5")),
        focus_line(year[1], year[2], &unused),
        focus_line(year[0], year[1], &listed),
    ]
}

fn focus_line(start: &str, end: &str, more: &[(&'static str, &str)]) -> Line {
    let mut line = line_of(&[
        ("BillingAccountId", "42"),
        ("BillingCurrency", "USD"),
        ("BillingPeriodStart", "2026-12-01T00:00:00Z"),
        ("ChargePeriodStart", start),
        ("ChargePeriodEnd", end),
        ("ChargeCategory", "Usage"),
        ("ChargeFrequency", "Usage-Based"),
        ("BilledCost", "0"),
        ("EffectiveCost", "0"),
        ("ListCost", "0"),
        ("ContractedCost", "0"),
        ("ProviderName", "AWS"),
        ("ServiceName", "Compute"),
    ]);
    for (column, value) in more {
        set(&mut line, column, value);
    }
    line
}

fn line_of(cells: &[(&'static str, &str)]) -> Line {
    cells
        .iter()
        .map(|(column, value)| (*column, (*value).to_owned()))
        .collect()
}

pub(super) fn set(line: &mut Line, column: &'static str, value: &str) {
    line.insert(column, value.to_owned());
}
