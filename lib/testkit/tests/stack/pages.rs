//! Dashboard, trends and dimensions beside the oracle.

use jiff::civil::date;
use outlay_core::Decimal;
use outlay_testkit::bill::{Bill, Cell, Totals};
use serde_json::{Value, json};

use crate::support::{amount, loaded, period, problem, sign_up, totals};

fn sum(bill: &Bill, wanted: impl Fn(&Cell) -> bool) -> Totals {
    let sums = bill.expected().by(|c| wanted(c).then_some(())).unwrap();
    sums.get(&()).copied().unwrap_or_default()
}

fn two(value: &Value) -> (Decimal, Decimal) {
    (
        amount(&value["EffectiveCost"]),
        amount(&value["BilledCost"]),
    )
}

fn page(account: &outlay_testkit::Account, path: &str) -> Value {
    account
        .get(path)
        .unwrap()
        .expect(200)
        .unwrap()
        .json()
        .unwrap()
}

#[test]
fn the_dashboard_agrees_with_the_oracle() {
    let (account, bill) = loaded("dashboard");
    let page = page(&account, "/v1/costs/dashboard?end=2026-10-20");
    assert_eq!(page["latestPeriod"], "2026-10");
    assert_eq!(page["uploads"], json!({ "total": 1 }));
    let block = &page["blocks"][0];
    assert_eq!(block["currency"], "USD");
    let (october, september) = (date(2026, 10, 1), date(2026, 9, 1));
    let pair = |t: Totals| (t.effective, t.billed);
    let to_date = |c: &Cell| (october..date(2026, 10, 20)).contains(&c.day);
    assert_eq!(two(&block["monthToDate"]), pair(sum(&bill, to_date)));
    let previous = sum(&bill, |c| (september..october).contains(&c.day));
    assert_eq!(two(&block["previousMonth"]), pair(previous));
    let same_days = sum(&bill, |c| (september..date(2026, 9, 20)).contains(&c.day));
    assert_eq!(two(&block["previousMonthToDate"]), pair(same_days));

    let mut services: Vec<(Decimal, String)> = bill
        .expected()
        .by(|c| to_date(c).then(|| c.service.clone()))
        .unwrap()
        .into_iter()
        .map(|(service, t)| (t.effective, service))
        .collect();
    services.sort_by(|a, b| b.cmp(a));
    let top = &block["topServices"][0];
    assert_eq!(
        (amount(&top["EffectiveCost"]), top["key"].as_str()),
        (services[0].0, Some(&*services[0].1))
    );

    let account_id = block["topAccounts"][0]["key"].as_str().unwrap();
    let company = crate::support::company();
    let named = company
        .accounts()
        .find(|a| a.id == account_id)
        .expect("an account of the company");
    assert_eq!(block["topAccounts"][0]["label"], named.name.as_str());
    let in_account = sum(&bill, |c| to_date(c) && c.account == account_id);
    assert_eq!(
        amount(&block["topAccounts"][0]["EffectiveCost"]),
        in_account.effective
    );

    let daily = block["daily"].as_array().unwrap();
    let day = |at: &Value| at["start"].as_str().unwrap().parse().unwrap();
    for at in daily {
        let day: jiff::civil::Date = day(at);
        assert_eq!(
            amount(&at["EffectiveCost"]),
            sum(&bill, |c| c.day == day).effective,
            "{day}"
        );
    }
    assert_eq!(day(daily.last().unwrap()), date(2026, 10, 19));
}

#[test]
fn the_dashboard_of_a_new_tenant_is_empty() {
    let account = sign_up("blank");
    let page = page(&account, "/v1/costs/dashboard");
    assert_eq!(page["blocks"], json!([]));
    assert_eq!(page["latestPeriod"], Value::Null);
    assert_eq!(page["uploads"], json!({ "total": 0 }));
}

#[test]
fn trends_agree_with_the_oracle() {
    let (account, bill) = loaded("trends");
    let page_of = |months: u32| page(&account, &format!("/v1/costs/trends?months={months}"));
    let trends = page_of(12);
    let months = trends["blocks"][0]["months"].as_array().unwrap().clone();
    let found: Vec<_> = months
        .iter()
        .map(|m| {
            (
                (
                    "USD".to_owned(),
                    period(m["billingPeriod"].as_str().unwrap()),
                ),
                totals(m),
            )
        })
        .collect();
    let expected: Vec<_> = bill.expected().by_period().unwrap().into_iter().collect();
    assert_eq!(found, expected);
    assert_eq!(page_of(1)["blocks"][0]["months"], json!([months[2]]));
    for bad in [
        "months=0",
        "months=-1",
        "months=1000000000",
        "months=x",
        "weeks=3",
    ] {
        problem(
            &account.get(&format!("/v1/costs/trends?{bad}")).unwrap(),
            400,
        );
    }
}

#[test]
fn dimensions_list_what_there_is() {
    let (account, bill) = loaded("dimensions");
    let all = page(&account, "/v1/costs/dimensions");
    let names: Vec<&str> = all["dimensions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["name"].as_str().unwrap())
        .collect();
    for name in ["ServiceName", "SubAccountId", "RegionId", "tag:team"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    let values = |query: &str| -> Vec<Option<String>> {
        let found = page(&account, &format!("/v1/costs/dimensions?dimension={query}"));
        let mut values: Vec<_> = found["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(|v| v["value"].as_str().map(str::to_owned))
            .collect();
        values.sort();
        values
    };
    let distinct = |key: fn(&Cell) -> Option<String>| -> Vec<Option<String>> {
        bill.expected()
            .by(|c| Some(key(c)))
            .unwrap()
            .into_keys()
            .collect()
    };
    assert_eq!(values("ServiceName"), distinct(|c| Some(c.service.clone())));
    assert_eq!(
        values("SubAccountId"),
        distinct(|c| Some(c.account.clone()))
    );
    assert_eq!(values("RegionId"), distinct(|c| c.region.clone()));
    assert_eq!(values("tag%3Ateam"), distinct(|c| c.team.clone()));
    assert_eq!(
        values("ServiceName&search=elastic%20compute"),
        [Some("Amazon Elastic Compute Cloud".to_owned())]
    );
    assert_eq!(values("ServiceName&limit=2").len(), 2);
    problem(
        &account
            .get("/v1/costs/dimensions?dimension=colour")
            .unwrap(),
        400,
    );
}
