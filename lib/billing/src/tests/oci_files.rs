//! OCI cost reports.

use super::{accept, amount, csv_of, reject, text, warnings};
use crate::{AmountColumn as A, COST_COLUMNS, TextColumn as T, TimeColumn};

/// One row of a cost report, with some cells set.
fn line<'c>(cells: &[(&'c str, &'c str)]) -> Vec<(&'c str, &'c str)> {
    let mut all = vec![
        ("lineItem/referenceNo", "ref-1"),
        ("lineItem/tenantId", "ocid1.tenancy.oc1..aaa"),
        ("lineItem/intervalUsageStart", "2026-09-04T10:00Z"),
        ("lineItem/intervalUsageEnd", "2026-09-04T11:00:00Z"),
        ("product/service", "COMPUTE"),
        ("product/compartmentId", "ocid1.compartment.oc1..bbb"),
        ("product/compartmentName", "quay"),
        ("product/region", "eu-frankfurt-1"),
        ("product/availabilityDomain", "ad-1"),
        (
            "product/resourceId",
            "ocid1.instance.oc1.eu-frankfurt-1.ccc",
        ),
        ("usage/billedQuantity", "2.000000000000000000"),
        ("usage/billedQuantityOverage", ""),
        ("cost/productSku", "B93114"),
        ("product/Description", "Standard - E4 - Memory"),
        ("cost/unitPrice", "0.000340210000000000"),
        ("cost/myCost", "6.80420000E-4"),
        ("cost/myCostOverage", ""),
        ("cost/currencyCode", "USD"),
        ("cost/skuUnitDescription", "GB Hours"),
        ("cost/overageFlag", "false"),
        ("lineItem/isCorrection", "false"),
        ("lineItem/backreferenceNo", "17053"),
        ("tags/Ops.Team", "Data"),
        ("tags/Ops.team", ""),
    ];
    for &(name, value) in cells {
        match all.iter_mut().find(|(n, _)| *n == name) {
            Some(cell) => cell.1 = value,
            None => all.push((name, value)),
        }
    }
    all
}

#[test]
fn a_report_in_focus_words() {
    let bill = accept(csv_of(&[line(&[])]));
    assert_eq!(bill.report.format.to_string(), "OCI cost report");
    assert_eq!(bill.report.format.family(), "oci");
    assert_eq!(warnings(&bill), Vec::<String>::new());
    let row = &bill.rows[0];
    let costs = COST_COLUMNS.map(|column| amount(row, column));
    assert_eq!(costs, ["0.00068042", "0.00068042", "-", "0.00068042"]);
    assert_eq!(amount(row, A::PricingQuantity), "2");
    assert_eq!(amount(row, A::ContractedUnitPrice), "0.00034021");
    for (column, expected) in [
        (T::XProvider, "Oracle"),
        (T::XPayer, "ocid1.tenancy.oc1..aaa"),
        (T::BillingAccountId, "ocid1.tenancy.oc1..aaa"),
        (T::SubAccountId, "ocid1.compartment.oc1..bbb"),
        (T::SubAccountName, "quay"),
        (T::ServiceName, "COMPUTE"),
        (T::ServiceCategory, "Compute"),
        (T::ResourceType, "instance"),
        (T::RegionId, "eu-frankfurt-1"),
        (T::SkuId, "B93114"),
        (T::ChargeDescription, "Standard - E4 - Memory"),
        (T::ChargeClass, "-"),
        (T::XSourceLineId, "ref-1"),
        (T::XNotes, "billing-period-from-date"),
    ] {
        assert_eq!(text(row, column), expected, "{}", column.name());
    }
    assert_eq!(row.tags(), [("Ops.Team".into(), "Data".into())]);
    let times = TimeColumn::ALL.map(|c| row.time(c).unwrap().to_string());
    assert_eq!(
        times,
        [
            "2026-09-01T00:00:00Z",
            "2026-10-01T00:00:00Z",
            "2026-09-04T10:00:00Z",
            "2026-09-04T11:00:00Z",
        ]
    );
}

#[test]
fn corrections_are_added_and_overage_is_not() {
    let bill = accept(csv_of(&[line(&[
        ("lineItem/isCorrection", "true"),
        ("cost/myCost", "-0.5"),
        ("cost/overageFlag", "Y"),
        ("cost/myCostOverage", "-0.1"),
    ])]));
    let row = &bill.rows[0];
    assert_eq!(text(row, T::ChargeClass), "Correction");
    assert_eq!(amount(row, A::BilledCost), "-0.5");
    assert_eq!(text(row, T::XNotes), "billing-period-from-date overage");
}

#[test]
fn what_a_row_cannot_do_without() {
    for (cell, rule) in [
        (("cost/myCost", ""), "missing-value"),
        (("cost/currencyCode", ""), "missing-value"),
        (("lineItem/intervalUsageStart", "x"), "bad-date"),
    ] {
        let rejection = reject(csv_of(&[line(&[cell])]));
        assert_eq!(rejection.rule, rule, "{cell:?}");
        assert_eq!(rejection.column.as_deref(), Some(cell.0));
    }
    let rejection = reject("lineItem/tenantId,lineItem/intervalUsageStart\n");
    assert_eq!(rejection.rule, "missing-column");
    assert_eq!(rejection.column.as_deref(), Some("cost/myCost"));
}
