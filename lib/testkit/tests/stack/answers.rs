//! `/v1/costs/query` beside the oracle.

use jiff::{ToSpan, civil::Date};
use outlay_core::Decimal;
use outlay_testkit::bill::Cell;
use serde_json::{Value, json};

use crate::support::{METRICS, START, amount, expected, groups, loaded, problem, query, slug};

/// What a dimension says of a cell.
type Key = fn(&Cell) -> Option<String>;
/// Whether a filter lets a cell through.
type Holds = fn(&Cell) -> bool;

#[test]
fn every_grouping_agrees_with_the_oracle_and_adds_up() {
    let (account, bill) = loaded("groups");
    let dimensions: [(&str, Key); 6] = [
        ("ServiceName", |c| Some(c.service.clone())),
        ("SubAccountId", |c| Some(c.account.clone())),
        ("RegionId", |c| c.region.clone()),
        ("ChargeCategory", |c| Some(c.category.clone())),
        ("BillingPeriod", |c| Some(c.period.to_string())),
        ("tag:team", |c| c.team.clone()),
    ];
    for (dimension, key) in dimensions {
        let answer = account
            .query(&query(&json!({ "groupBy": [dimension] })))
            .unwrap();
        assert_eq!(
            groups(&answer),
            expected(&bill, |c| Some((None, key(c)))),
            "{dimension}"
        );
        let sum = outlay_core::money::sum(groups(&answer).into_values()).unwrap();
        assert_eq!(
            amount(&answer["blocks"][0]["totals"]["EffectiveCost"]),
            sum,
            "{dimension}"
        );
    }
}

#[test]
fn every_granularity_agrees_with_the_oracle() {
    let (account, bill) = loaded("grains");
    let monday =
        |day: Date| day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
    let ask = |granularity: &str| {
        account
            .query(&query(&json!({ "granularity": granularity })))
            .unwrap()
    };
    let day = |c: &Cell| Some((Some(c.day.to_string()), None));
    assert_eq!(groups(&ask("day")), expected(&bill, day));
    let month = |c: &Cell| Some((Some(c.day.first_of_month().to_string()), None));
    assert_eq!(groups(&ask("month")), expected(&bill, month));
    let week = |c: &Cell| Some((Some(monday(c.day).unwrap().max(START).to_string()), None));
    let whole_week = |c: &Cell| Some((Some(monday(c.day).unwrap().to_string()), None));
    let found = groups(&ask("week"));
    assert!(
        found == expected(&bill, week) || found == expected(&bill, whole_week),
        "weeks begin on Monday: {found:?}"
    );
}

#[test]
fn the_end_is_exclusive() {
    let (account, bill) = loaded("half-open");
    let range = json!({ "start": "2026-08-10", "end": "2026-09-10", "groupBy": ["ServiceName"] });
    let (start, end): (Date, Date) = ("2026-08-10".parse().unwrap(), "2026-09-10".parse().unwrap());
    let inside = |c: &Cell| {
        (start..end)
            .contains(&c.day)
            .then(|| (None, Some(c.service.clone())))
    };
    assert_eq!(
        groups(&account.query(&query(&range)).unwrap()),
        expected(&bill, inside)
    );
}

#[test]
fn filters_in_text_and_json_mean_the_same() {
    let (account, bill) = loaded("filters");
    let text = "ServiceName in (\"Amazon Elastic Compute Cloud\",\"Amazon Simple Storage Service\") \
                and not (ChargeCategory = \"Tax\" or tag:\"team\" is null)";
    let json = json!({ "and": [
        { "dimension": "ServiceName", "operator": "in",
          "values": ["Amazon Elastic Compute Cloud", "Amazon Simple Storage Service"] },
        { "not": { "or": [
            { "dimension": "ChargeCategory", "operator": "in", "values": ["Tax"] },
            { "dimension": "tag:team", "operator": "isNull" },
        ] } },
    ] });
    let wanted = |c: &Cell| {
        let service =
            c.service.starts_with("Amazon Elastic Compute") || c.service.contains("Simple Storage");
        (service && c.category != "Tax" && c.team.is_some())
            .then(|| (None, Some(c.account.clone())))
    };
    let posted = account
        .query(&query(
            &json!({ "groupBy": ["SubAccountId"], "filter": json }),
        ))
        .unwrap();
    assert!(!groups(&posted).is_empty());
    assert_eq!(groups(&posted), expected(&bill, wanted));
    let got = account
        .get(&format!(
            "/v1/costs/query?metrics=EffectiveCost&groupBy=SubAccountId&granularity=total\
             &start=2026-08-01&end=2026-11-01&filter={}",
            encode(text)
        ))
        .unwrap();
    let got = got.expect(200).unwrap().json().unwrap();
    assert_eq!(got, posted, "GET and POST are one question");
}

#[test]
fn text_operators_agree_with_the_oracle() {
    let (account, bill) = loaded("operators");
    let cases: [(&str, Holds); 7] = [
        ("ServiceName contains \"Amazon\"", |c| {
            c.service.contains("Amazon")
        }),
        ("ServiceName not contains \"Amazon\"", |c| {
            !c.service.contains("Amazon")
        }),
        ("ServiceName starts with \"AWS\"", |c| {
            c.service.starts_with("AWS")
        }),
        ("ServiceName ends with \"Service\"", |c| {
            c.service.ends_with("Service")
        }),
        ("RegionId is null", |c| c.region.is_none()),
        ("RegionId != \"us-east-1\" and RegionId is not null", |c| {
            c.region.as_deref().is_some_and(|r| r != "us-east-1")
        }),
        ("tag:\"team\" in (\"search\",\"mobile\")", |c| {
            matches!(c.team.as_deref(), Some("search" | "mobile"))
        }),
    ];
    for (filter, holds) in cases {
        let path = format!(
            "/v1/costs/query?metrics=EffectiveCost&groupBy=ServiceName&granularity=total\
             &start=2026-08-01&end=2026-11-01&filter={}",
            encode(filter)
        );
        let answer = account
            .get(&path)
            .unwrap()
            .expect(200)
            .unwrap()
            .json()
            .unwrap();
        let wanted = expected(&bill, |c| holds(c).then(|| (None, Some(c.service.clone()))));
        assert_eq!(groups(&answer), wanted, "{filter}");
    }
}

#[test]
fn the_rest_beyond_the_top_is_one_row() {
    let (account, _) = loaded("top");
    let all = account
        .query(&query(&json!({ "groupBy": ["ServiceName"] })))
        .unwrap();
    let top = account
        .query(&query(&json!({ "groupBy": ["ServiceName"], "top": 3 })))
        .unwrap();
    assert_eq!(top["blocks"][0]["totals"], all["blocks"][0]["totals"]);
    assert_eq!(top["blocks"][0]["groups"], all["blocks"][0]["groups"]);
    let rows = top["blocks"][0]["rows"].as_array().unwrap();
    assert_eq!(rows.iter().filter(|r| r["other"] == true).count(), 1);
    assert_eq!(rows.len(), 4);
    let costs = rows.iter().map(|r| amount(&r["metrics"]["EffectiveCost"]));
    let total = amount(&top["blocks"][0]["totals"]["EffectiveCost"]);
    assert_eq!(outlay_core::money::sum(costs), Some(total));
}

#[test]
fn all_four_costs_in_one_question() {
    let (account, bill) = loaded("metrics");
    let answer = account
        .query(&query(&json!({ "metrics": METRICS })))
        .unwrap();
    let totals = crate::support::totals(&answer["blocks"][0]["totals"]);
    let oracle = bill.expected().by(|_| Some(())).unwrap();
    assert_eq!(totals, oracle[&()]);
    assert_eq!(answer["plan"]["engine"], "rollup");
    assert_eq!(answer["versions"].as_array().unwrap().len(), 3);
    assert!(answer["dataAsOf"].is_string(), "{answer:#}");
    assert_ne!(totals.billed, Decimal::ZERO);
}

#[test]
fn a_tenant_without_bills_gets_an_empty_answer() {
    let account = crate::support::sign_up("empty");
    let answer = account.query(&query(&json!({}))).unwrap();
    assert_eq!(answer["blocks"], json!([]));
    assert_eq!(answer["dataAsOf"], Value::Null);
}

#[test]
fn questions_that_cannot_be_answered_say_why() {
    let account = crate::support::sign_up("refusals");
    let ask = |more: Value| account.post("/v1/costs/query", &query(&more)).unwrap();
    assert_eq!(
        slug(&ask(json!({ "granularity": "hour" })), 400),
        "needs-rows"
    );
    for bad in [
        json!({ "start": "2026-11-01", "end": "2026-08-01" }),
        json!({ "start": "2026-02-30" }),
        json!({ "metrics": ["UnblendedCost"] }),
        json!({ "groupBy": ["service\"; DROP TABLE"] }),
        json!({ "groupBy": ["__proto__"] }),
        json!({ "limit": 5 }),
        json!({ "top": -1 }),
        json!({ "filter": { "dimension": "ServiceName", "operator": "matches", "values": ["x"] } }),
        json!({ "filter": { "and": "x" } }),
    ] {
        let answer = ask(bad.clone());
        assert_eq!(answer.status, 400, "{bad}: {answer}");
        problem(&answer, 400);
    }
    for path in [
        "start=2026-08-01&end=2026-11-01&colour=red",
        "start=2026-08-01&start=2026-09-01&end=2026-11-01",
        "start=2026-08-01&end=2026-11-01&filter=ServiceName%20in%20(",
        "start=2026-08-01&end=2026-11-01&filter='%20OR%201=1%20--",
    ] {
        let answer = account.get(&format!("/v1/costs/query?{path}")).unwrap();
        problem(&answer, 400);
    }
}

fn encode(text: &str) -> String {
    let safe = |b: u8| b.is_ascii_alphanumeric();
    text.bytes()
        .map(|b| {
            if safe(b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}
