//! Public real bills, where they lie beside the repository. Their sums are made by a reader of the
//! testkit's own.

use std::{collections::BTreeMap, path::Path};

use outlay_core::Decimal;
use outlay_testkit::resum::Table;

use crate::support::{CSV, answered, assert_completed, period, reported, sign_up};

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn real_file(name: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let found = std::fs::read(folder.join(name)).ok();
    if found.is_none() {
        eprintln!("skipped: there is no {name} beside this repository");
    }
    found
}

/// Billed and effective cost by currency and month.
type Costs = BTreeMap<(String, String), (Decimal, Decimal)>;

fn upload_and_compare(name: &str, bytes: &[u8], expected: &Costs) -> serde_json::Value {
    let account = sign_up("real");
    let upload = account.upload(name, bytes, CSV).unwrap();
    assert_completed(&upload);
    for found in [reported(&upload), answered(&account)] {
        let found: Costs = found
            .into_iter()
            .map(|((currency, month), t)| ((currency, month.to_string()), (t.billed, t.effective)))
            .collect();
        assert_eq!(&found, expected);
    }
    upload
}

#[test]
fn an_anonymised_focus_bill_of_three_payers() {
    let Some(bytes) = real_file("focus-1.0-real/focus_sample.csv") else {
        return;
    };
    let table = Table::parse(&bytes).unwrap();
    let keys = ["BillingCurrency", "BillingPeriodStart"];
    let sums = table.sums(&keys, &["BilledCost", "EffectiveCost"]).unwrap();
    let expected: Costs = sums
        .into_iter()
        .map(|(key, cost)| ((key[0].clone(), key[1][..7].to_owned()), (cost[0], cost[1])))
        .collect();
    let upload = upload_and_compare("focus_sample.csv", &bytes, &expected);
    assert_eq!(upload["rows"]["read"], 1000);
    assert_eq!(
        upload["bills"].as_array().unwrap().len(),
        4,
        "three payers, one in two months"
    );
    assert_eq!(upload["rows"]["written"], 1000);
}

#[test]
fn an_anonymised_legacy_report() {
    let Some(bytes) = real_file("cur-legacy-real/aws_cur_2023-11_anonymous.csv") else {
        return;
    };
    let table = Table::parse(&bytes).unwrap();
    let sums = table
        .sums(&["lineItem/CurrencyCode"], &["lineItem/UnblendedCost"])
        .unwrap();
    let cost = sums[&vec!["USD".to_owned()]][0];
    // Usage and tax only: billed and effective are both the unblended cost.
    let kinds = table.sums(&["lineItem/LineItemType"], &[]).unwrap();
    assert_eq!(
        kinds.into_keys().flatten().collect::<Vec<_>>(),
        ["Tax", "Usage"]
    );
    let month = period("2023-11").to_string();
    let expected = Costs::from([(("USD".to_owned(), month), (cost, cost))]);
    let upload = upload_and_compare("aws_cur.csv", &bytes, &expected);
    assert_eq!(upload["rows"]["read"], 1281);
}
