//! CUR 2.0: the same charges in another shape.

use super::{Bill, accept, amount, csv_of, reject, text, warnings};
use crate::{AmountColumn as A, FocusRow, TextColumn as T, TimeColumn};

/// Name in a legacy report, name in CUR 2.0 or key of a map, value.
type Cell = (&'static str, Place, &'static str);

#[derive(Clone, Copy)]
enum Place {
    Column(&'static str),
    Product(&'static str),
    Tag(&'static str),
    Category(&'static str),
}

use Place::{Category, Column, Product, Tag};

const COMMON: [Cell; 22] = [
    (
        "identity/LineItemId",
        Column("identity_line_item_id"),
        "li-1",
    ),
    ("bill/InvoiceId", Column("bill_invoice_id"), ""),
    (
        "bill/PayerAccountId",
        Column("bill_payer_account_id"),
        "000000000042",
    ),
    (
        "bill/BillingPeriodStartDate",
        Column("bill_billing_period_start_date"),
        "2026-10-01T00:00:00.000Z",
    ),
    (
        "lineItem/UsageAccountId",
        Column("line_item_usage_account_id"),
        "000000000043",
    ),
    (
        "lineItem/UsageStartDate",
        Column("line_item_usage_start_date"),
        "2026-10-03T00:00:00.000Z",
    ),
    (
        "lineItem/ProductCode",
        Column("line_item_product_code"),
        "AmazonEC2",
    ),
    (
        "lineItem/UsageType",
        Column("line_item_usage_type"),
        "USE2-BoxUsage:m6i.large",
    ),
    (
        "lineItem/Operation",
        Column("line_item_operation"),
        "RunInstances",
    ),
    (
        "lineItem/CurrencyCode",
        Column("line_item_currency_code"),
        "USD",
    ),
    (
        "lineItem/UsageAmount",
        Column("line_item_usage_amount"),
        "4.0",
    ),
    ("pricing/unit", Column("pricing_unit"), "Hrs"),
    (
        "pricing/publicOnDemandCost",
        Column("pricing_public_on_demand_cost"),
        "9",
    ),
    (
        "product/ProductName",
        Product("product_name"),
        "Amazon Elastic Compute Cloud",
    ),
    (
        "product/servicecode",
        Column("product_servicecode"),
        "AmazonEC2",
    ),
    (
        "product/regionCode",
        Column("product_region_code"),
        "us-east-2",
    ),
    ("product/region", Product("region"), "us-east-2"),
    (
        "product/location",
        Column("product_location"),
        "US East (Ohio)",
    ),
    ("product/sku", Column("product_sku"), "SKU1"),
    ("resourceTags/user:team", Tag("user_team"), "data \"x\""),
    (
        "resourceTags/aws:createdBy",
        Tag("aws_createdBy"),
        "IAMUser:a:b",
    ),
    ("costCategory/Unit", Category("Unit"), "Lab"),
];

fn legacy(cells: &[Cell]) -> Vec<(&str, &str)> {
    cells
        .iter()
        .map(|(name, _, value)| (*name, *value))
        .collect()
}

/// The same cells, and columns that every CUR 2.0 has.
fn cur2(cells: &[Cell]) -> Vec<(String, String)> {
    let map = |of: fn(Place) -> Option<&'static str>| {
        let entries = cells
            .iter()
            .filter_map(|(_, place, value)| Some((of(*place)?, *value)));
        let entries: std::collections::BTreeMap<_, _> = entries.collect();
        serde_json::to_string(&entries).unwrap()
    };
    let columns = cells.iter().filter_map(|(_, place, value)| match place {
        Column(name) => Some(((*name).to_owned(), (*value).to_owned())),
        _ => None,
    });
    let maps = [
        (
            "product",
            map(|p| {
                if let Product(key) = p {
                    Some(key)
                } else {
                    None
                }
            }),
        ),
        (
            "resource_tags",
            map(|p| if let Tag(key) = p { Some(key) } else { None }),
        ),
        (
            "cost_category",
            map(|p| {
                if let Category(key) = p {
                    Some(key)
                } else {
                    None
                }
            }),
        ),
        ("discount", "{}".to_owned()),
        ("discount_total_discount", "0.0".to_owned()),
    ];
    columns
        .chain(maps.map(|(name, value)| (name.to_owned(), value)))
        .collect()
}

fn cells_of(kind: &'static str, cost: &'static str, more: &[Cell]) -> Vec<Cell> {
    let kind = (
        "lineItem/LineItemType",
        Column("line_item_line_item_type"),
        kind,
    );
    let cost = (
        "lineItem/UnblendedCost",
        Column("line_item_unblended_cost"),
        cost,
    );
    [&COMMON[..], &[kind, cost], more].concat()
}

fn read_legacy(cells: &[Cell]) -> Bill {
    accept(csv_of(&[legacy(cells)]))
}

fn read_cur2(cells: &[Cell]) -> Bill {
    let cells = cur2(cells);
    let cells = cells
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    accept(csv_of(&[cells.collect()]))
}

/// Everything that a row says.
fn tell(row: &FocusRow) -> Vec<String> {
    let texts = T::ALL
        .into_iter()
        .filter_map(|c| Some(format!("{} {}", c.name(), row.text(c)?)));
    let amounts = A::ALL
        .into_iter()
        .filter_map(|c| Some(format!("{} {}", c.name(), row.amount(c)?)));
    let times = TimeColumn::ALL
        .into_iter()
        .filter_map(|c| Some(format!("{} {}", c.name(), row.time(c)?)));
    let tags = row
        .tags()
        .iter()
        .map(|(key, value)| format!("{key}={value}"));
    texts.chain(amounts).chain(times).chain(tags).collect()
}

const PLAN: Cell = (
    "savingsPlan/SavingsPlanARN",
    Column("savings_plan_savings_plan_a_r_n"),
    "arn:sp",
);
const RESERVATION: Cell = (
    "reservation/ReservationARN",
    Column("reservation_reservation_a_r_n"),
    "arn:ri",
);

/// One rule set: each line item type says the same in both shapes.
#[test]
fn both_reports_say_the_same() {
    let lines: [(&str, &str, &[Cell]); 12] = [
        ("Usage", "2.5", &[]),
        (
            "SavingsPlanCoveredUsage",
            "7",
            &[
                PLAN,
                (
                    "savingsPlan/SavingsPlanEffectiveCost",
                    Column("savings_plan_savings_plan_effective_cost"),
                    "3",
                ),
            ],
        ),
        ("SavingsPlanUpfrontFee", "100", &[PLAN]),
        (
            "SavingsPlanRecurringFee",
            "6",
            &[
                PLAN,
                (
                    "savingsPlan/TotalCommitmentToDate",
                    Column("savings_plan_total_commitment_to_date"),
                    "10",
                ),
                (
                    "savingsPlan/UsedCommitment",
                    Column("savings_plan_used_commitment"),
                    "7",
                ),
            ],
        ),
        (
            "DiscountedUsage",
            "0",
            &[
                RESERVATION,
                (
                    "reservation/EffectiveCost",
                    Column("reservation_effective_cost"),
                    "1.5",
                ),
                (
                    "lineItem/NormalizedUsageAmount",
                    Column("line_item_normalized_usage_amount"),
                    "16",
                ),
            ],
        ),
        (
            "RIFee",
            "20",
            &[
                RESERVATION,
                (
                    "reservation/UnusedRecurringFee",
                    Column("reservation_unused_recurring_fee"),
                    "1.25",
                ),
                (
                    "reservation/UnusedQuantity",
                    Column("reservation_unused_quantity"),
                    "3",
                ),
            ],
        ),
        ("Fee", "500", &[RESERVATION]),
        ("Fee", "25", &[]),
        ("Credit", "-5", &[]),
        (
            "Refund",
            "-5",
            &[("bill/BillType", Column("bill_bill_type"), "Refund")],
        ),
        (
            "Tax",
            "1.9",
            &[("lineItem/TaxType", Column("line_item_tax_type"), "VAT")],
        ),
        ("Surprise", "3", &[]),
    ];
    for (kind, cost, more) in lines {
        let cells = cells_of(kind, cost, more);
        let (old, new) = (read_legacy(&cells), read_cur2(&cells));
        assert_eq!(old.report.format.to_string(), "AWS CUR (legacy)");
        assert_eq!(new.report.format.to_string(), "AWS CUR 2.0");
        assert_eq!(new.report.format.family(), "cur2");
        assert_eq!(warnings(&old), warnings(&new), "{kind}");
        let [old, new] = [old, new].map(|bill| bill.rows.iter().map(tell).collect::<Vec<_>>());
        assert_eq!(old, new, "{kind}");
    }
}

#[test]
fn maps_give_names_tags_and_cost_categories() {
    let accounts = [
        ("", Column("bill_payer_account_name"), "Acme"),
        ("", Column("line_item_usage_account_name"), "Acme Data"),
    ];
    let bill = read_cur2(&cells_of("Usage", "2.5", &accounts));
    let row = &bill.rows[0];
    assert_eq!(text(row, T::BillingAccountName), "Acme");
    assert_eq!(text(row, T::SubAccountName), "Acme Data");
    assert_eq!(text(row, T::ServiceName), "Amazon Elastic Compute Cloud");
    assert_eq!(text(row, T::RegionId), "us-east-2");
    let tags: Vec<String> = row.tags().iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(
        tags,
        [
            "aws:createdBy=IAMUser:a:b",
            "costCategory:Unit=Lab",
            "user:team=data \"x\""
        ]
    );
    assert_eq!(warnings(&bill), Vec::<String>::new());
}

/// An export's query may leave out all but what a row needs to be counted.
#[test]
fn a_query_may_drop_columns() {
    let row = vec![
        ("line_item_unblended_cost", "1"),
        ("line_item_line_item_type", "Usage"),
        ("line_item_currency_code", "EUR"),
        ("bill_billing_period_start_date", "2026-10-01T00:00:00.000Z"),
        ("line_item_usage_start_date", "2026-10-03T00:00:00.000Z"),
        ("product", ""),
    ];
    let bill = accept(csv_of(std::slice::from_ref(&row)));
    assert_eq!(bill.report.format.to_string(), "AWS CUR 2.0");
    assert_eq!(amount(&bill.rows[0], A::EffectiveCost), "1");
    assert_eq!(text(&bill.rows[0], T::PricingCurrency), "EUR");
    for missing in 0..5 {
        let mut row = row.clone();
        row.remove(missing);
        let rule = reject(csv_of(&[row])).rule;
        assert!(
            ["missing-column", "unknown-format"].contains(&rule),
            "{rule}"
        );
    }
}

#[test]
fn the_products_of_neighbours_do_not_mix() {
    let lines = [
        ("A", r#"{"product_name":"One","x":"y"}"#),
        ("A", ""),
        ("B", r#"{"product_name":"Two"}"#),
    ];
    let rows: Vec<Vec<(&str, &str)>> = lines
        .iter()
        .map(|(code, product)| {
            vec![
                ("line_item_unblended_cost", "1"),
                ("line_item_line_item_type", "Usage"),
                ("line_item_currency_code", "USD"),
                ("bill_billing_period_start_date", "2026-10-01T00:00:00.000Z"),
                ("line_item_usage_start_date", "2026-10-03T00:00:00.000Z"),
                ("line_item_product_code", code),
                ("product", product),
            ]
        })
        .collect();
    let bill = accept(csv_of(&rows));
    let names: Vec<&str> = bill
        .rows
        .iter()
        .map(|row| text(row, T::ServiceName))
        .collect();
    assert_eq!(names, ["One", "A", "Two"]);
}

#[test]
fn a_map_that_is_none_is_told_and_the_row_kept() {
    let mut cells = cur2(&cells_of("Usage", "2.5", &[]));
    for (name, value) in &mut cells {
        match name.as_str() {
            "product" | "resource_tags" => "not json".clone_into(value),
            _ => {}
        }
    }
    let cells = cells
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let bill = accept(csv_of(&[cells.collect()]));
    assert_eq!(
        warnings(&bill),
        ["bad-map product x1", "bad-tags resource_tags x1"]
    );
    assert_eq!(text(&bill.rows[0], T::ServiceName), "AmazonEC2");
}

#[test]
fn capacity_reservations() {
    for (status, stored) in [("Used", "Used"), ("Unused", "Unused"), ("Reserved", "-")] {
        let capacity = [
            (
                "",
                Column("capacity_reservation_capacity_reservation_arn"),
                "arn:cr",
            ),
            (
                "",
                Column("capacity_reservation_capacity_reservation_status"),
                status,
            ),
        ];
        let bill = read_cur2(&cells_of("Usage", "2.5", &capacity));
        assert_eq!(text(&bill.rows[0], T::CapacityReservationId), "arn:cr");
        assert_eq!(text(&bill.rows[0], T::CapacityReservationStatus), stored);
    }
    let unused = "arn:aws:ec2:us-east-1:42:capacity-reservation/cr-0a";
    let bill = super::cur_table::one(
        "Usage",
        "3",
        &[
            ("lineItem/ResourceId", unused),
            ("lineItem/UsageType", "UnusedBox:m5.large"),
        ],
    );
    assert_eq!(text(&bill.rows[0], T::CapacityReservationId), unused);
    assert_eq!(text(&bill.rows[0], T::CapacityReservationStatus), "Unused");
    assert_eq!(text(&bill.rows[0], T::ResourceType), "capacity-reservation");
}

/// Prices in another currency than the bill are kept apart, and never taken as its amounts.
#[test]
fn foreign_prices_stay_foreign() {
    let prices = [
        ("pricing/currency", "USD"),
        ("lineItem/CurrencyCode", "EUR"),
        ("pricing/publicOnDemandCost", "9"),
        ("pricing/publicOnDemandRate", "2.25"),
    ];
    let bill = super::cur_table::one("Usage", "8", &prices);
    let row = &bill.rows[0];
    assert_eq!(text(row, T::BillingCurrency), "EUR");
    assert_eq!(text(row, T::PricingCurrency), "USD");
    assert_eq!(amount(row, A::PricingCurrencyListUnitPrice), "2.25");
    assert_eq!(amount(row, A::ListUnitPrice), "-");
    assert_eq!(amount(row, A::ListCost), "8");
    assert_eq!(amount(row, A::PricingCurrencyEffectiveCost), "-");
}

/// Fees of days to come are in the ledger.
#[test]
fn fees_of_the_future_are_kept() {
    let cells = [
        PLAN,
        (
            "savingsPlan/TotalCommitmentToDate",
            Column("savings_plan_total_commitment_to_date"),
            "0",
        ),
        (
            "savingsPlan/UsedCommitment",
            Column("savings_plan_used_commitment"),
            "0",
        ),
    ];
    let mut cells = cells_of("SavingsPlanRecurringFee", "24", &cells);
    for cell in &mut cells {
        if cell.0 == "lineItem/UsageStartDate" {
            cell.2 = "2026-10-30T00:00:00.000Z";
        }
    }
    for bill in [read_legacy(&cells), read_cur2(&cells)] {
        assert_eq!(bill.rows.len(), 1);
        assert_eq!(amount(&bill.rows[0], A::BilledCost), "24");
        assert_eq!(amount(&bill.rows[0], A::EffectiveCost), "0");
        let start = bill.rows[0].time(TimeColumn::ChargePeriodStart).unwrap();
        assert_eq!(start.to_string(), "2026-10-30T00:00:00Z");
    }
}

/// An empty invoice is an estimate, and an account that pays for itself is its own payer.
#[test]
fn estimates_have_no_invoice_and_payers_pay_for_themselves() {
    let bill = read_cur2(&cells_of("Usage", "1", &[]));
    assert_eq!(bill.rows[0].text(T::InvoiceId), None);
    assert_eq!(text(&bill.rows[0], T::SubAccountType), "Member Account");
    let own = [("lineItem/UsageAccountId", "000000000042")];
    let bill = super::cur_table::one("Usage", "1", &own);
    assert_eq!(text(&bill.rows[0], T::SubAccountType), "Management Account");
}

/// FOCUS's keys for what FOCUS names, numbers as numbers; the same price is read once.
#[test]
fn prices_have_details() {
    let details = [
        ("pricing/RateCode", Column("pricing_rate_code"), "SKU1.A"),
        ("product/vcpu", Product("vcpu"), "2"),
        ("product/memory", Product("memory"), "8 GiB"),
        (
            "product/instanceType",
            Column("product_instance_type"),
            "m6i.large",
        ),
        (
            "product/operatingSystem",
            Product("operating_system"),
            "Linux \"x\"",
        ),
        ("product/tenancy", Product("tenancy"), "Shared"),
        ("product/licenseModel", Product("license_model"), "NA"),
        ("product/gpu", Product("gpu"), "none"),
    ];
    let cells = cells_of("Usage", "1", &details);
    for bill in [read_legacy(&cells), read_cur2(&cells)] {
        assert_eq!(
            text(&bill.rows[0], T::SkuPriceDetails),
            r#"{"CoreCount":2,"InstanceType":"m6i.large","MemorySize":8,"OperatingSystem":"Linux \"x\"","x_Tenancy":"Shared"}"#
        );
    }
    let unpriced = read_legacy(&cells_of("Usage", "1", &details[1..]));
    assert_eq!(unpriced.rows[0].text(T::SkuPriceDetails), None);
}

#[test]
fn the_tag_name_names_the_resource() {
    let name = ("resourceTags/user:Name", Tag("user_Name"), "web-1");
    let resource = (
        "lineItem/ResourceId",
        Column("line_item_resource_id"),
        "i-1",
    );
    for (cells, expected) in [(vec![name, resource], "web-1"), (vec![name], "-")] {
        let cells = cells_of("Usage", "1", &cells);
        for bill in [read_legacy(&cells), read_cur2(&cells)] {
            assert_eq!(text(&bill.rows[0], T::ResourceName), expected);
        }
    }
}

/// Consumed quantity of a commitment, in what it is measured in.
#[test]
fn commitments_are_measured() {
    let covered = [
        PLAN,
        (
            "savingsPlan/SavingsPlanEffectiveCost",
            Column("savings_plan_savings_plan_effective_cost"),
            "3",
        ),
    ];
    let normalized = [
        RESERVATION,
        (
            "reservation/EffectiveCost",
            Column("reservation_effective_cost"),
            "1",
        ),
        ("", Column("line_item_normalized_usage_amount"), "16"),
    ];
    let plain = [
        RESERVATION,
        (
            "reservation/EffectiveCost",
            Column("reservation_effective_cost"),
            "1",
        ),
        ("", Column("line_item_normalized_usage_amount"), "0"),
    ];
    for (kind, cells, quantity, unit) in [
        ("SavingsPlanCoveredUsage", &covered[..], "3", "USD"),
        ("DiscountedUsage", &normalized, "16", "Normalized Hours"),
        ("DiscountedUsage", &plain, "4", "Hrs"),
    ] {
        let bill = read_cur2(&cells_of(kind, "0", cells));
        assert_eq!(
            amount(&bill.rows[0], A::CommitmentDiscountQuantity),
            quantity
        );
        assert_eq!(text(&bill.rows[0], T::CommitmentDiscountUnit), unit);
    }
}
