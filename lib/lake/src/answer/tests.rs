use super::*;
use crate::query::{Dimension, Filter, Granularity, QueryErrorKind, TimeAxis};
use jiff::civil::date;
use outlay_billing::testing::{rollup, row, rows};
use outlay_billing::{FocusRow, TextColumn};
use proptest::prelude::*;

/// The rows as versions: one per billing period.
fn loaded(rows: &[FocusRow]) -> Vec<LoadedRollup> {
    ["2026-10", "2026-11"]
        .into_iter()
        .map(|period| {
            let period: BillingPeriod = period.parse().unwrap();
            let of_period = |row: &&FocusRow| row.billing_period() == Some(period);
            let rows: Vec<FocusRow> = rows.iter().filter(of_period).cloned().collect();
            LoadedRollup {
                version: VersionId::derive(&[&period.to_string()]),
                source: SourceId::derive(&["s"]),
                period,
                rollup: Arc::new(rollup(&rows)),
            }
        })
        .collect()
}

fn autumn() -> CostQuery {
    CostQuery::between(date(2026, 10, 1), date(2026, 12, 1))
}

fn dimension(name: &str) -> Dimension {
    name.parse().unwrap()
}

/// "currency start keys* cost" per row.
fn table(answer: &CostAnswer) -> String {
    let mut lines = Vec::new();
    for block in &answer.blocks {
        for row in &block.rows {
            let start = row.start.map_or("-".into(), |start| start.to_string());
            let keys = row.keys.iter().map(|key| key.as_deref().unwrap_or("null"));
            let keys = if row.other {
                vec!["(other)"]
            } else {
                keys.collect()
            };
            let cost = row.metrics.effective_cost.unwrap();
            lines.push(format!(
                "{} {start} {} {cost}",
                block.currency,
                keys.join("|")
            ));
        }
    }
    lines.join("\n")
}

#[test]
fn groups_are_ranked_and_the_rest_is_folded() {
    let mut all: Vec<FocusRow> = Vec::new();
    for (service, rows) in [("A", 1), ("B", 3), ("C", 2), ("D", 2)] {
        all.extend((0..rows).map(|day| row(day, Some(service))));
    }
    all[0].set_text(TextColumn::BillingCurrency, "EUR");
    let query = CostQuery {
        group_by: vec![Dimension::ServiceName],
        granularity: Granularity::Month,
        top: Some(2),
        ..autumn()
    };
    let answer = evaluate(&query, &loaded(&all)).unwrap();
    insta::assert_snapshot!(table(&answer), @r"
    EUR 2026-10-01 A 1
    USD 2026-10-01 B 3
    USD 2026-10-01 C 2
    USD 2026-10-01 (other) 2
    ");
    assert_eq!(answer.blocks[1].groups, 3);
    insta::assert_snapshot!(serde_json::to_string(&answer.blocks[0]).unwrap(), @r#"{"currency":"EUR","totals":{"EffectiveCost":"1"},"rows":[{"start":"2026-10-01","keys":["A"],"other":false,"metrics":{"EffectiveCost":"1"}}],"groups":1}"#);
}

#[test]
fn weeks_start_on_monday_and_days_run_up() {
    let rows = [
        row(0, Some("A")),
        row(3, Some("A")),
        row(4, Some("B")),
        row(4, Some("A")),
    ];
    let week = CostQuery {
        granularity: Granularity::Week,
        ..autumn()
    };
    // 1 October 2026 is a Thursday.
    insta::assert_snapshot!(table(&evaluate(&week, &loaded(&rows)).unwrap()), @r"
    USD 2026-09-28  2
    USD 2026-10-05  2
    ");
    let running = CostQuery {
        granularity: Granularity::Cumulative,
        group_by: vec![Dimension::ServiceName],
        ..autumn()
    };
    let answer = evaluate(&running, &loaded(&rows)).unwrap();
    insta::assert_snapshot!(table(&answer), @r"
    USD 2026-10-01 A 1
    USD 2026-10-04 A 2
    USD 2026-10-05 A 3
    USD 2026-10-05 B 1
    ");
    assert_eq!(
        answer.blocks[0].totals.effective_cost.unwrap().to_string(),
        "4"
    );
}

#[test]
fn the_two_axes_place_a_correction_differently() {
    let mut late = row(40, Some("A"));
    late.set_time(
        outlay_billing::TimeColumn::ChargePeriodStart,
        row(2, None).time(outlay_billing::TimeColumn::ChargePeriodStart),
    );
    let month = CostQuery {
        granularity: Granularity::Month,
        ..autumn()
    };
    let data = loaded(&[late]);
    insta::assert_snapshot!(table(&evaluate(&month, &data).unwrap()), @"USD 2026-10-01  1");
    let billing = CostQuery {
        time_axis: TimeAxis::Billing,
        ..month
    };
    insta::assert_snapshot!(table(&evaluate(&billing, &data).unwrap()), @"USD 2026-11-01  1");
    let grouped = CostQuery {
        granularity: Granularity::Total,
        group_by: vec![Dimension::BillingPeriod],
        filter: Some(r#"BillingPeriod = "2026-11""#.parse().unwrap()),
        ..billing
    };
    insta::assert_snapshot!(table(&evaluate(&grouped, &data).unwrap()), @"USD - 2026-11 1");
}

#[test]
fn what_roll_ups_do_not_hold_needs_rows() {
    let data = loaded(&[row(0, Some("A"))]);
    let kind = |query: CostQuery| evaluate(&query, &data).unwrap_err();
    let hour = kind(CostQuery {
        granularity: Granularity::Hour,
        ..autumn()
    });
    assert_eq!(
        (hour.kind, hour.pointer.as_str()),
        (QueryErrorKind::NeedsRows, "/granularity")
    );
    let tag = kind(CostQuery {
        group_by: vec![dimension("tag:app")],
        ..autumn()
    });
    assert_eq!(
        (tag.kind, tag.pointer.as_str()),
        (QueryErrorKind::NeedsRows, "/groupBy")
    );
    let filter = "tag:app is null".parse().ok();
    let tag = kind(CostQuery { filter, ..autumn() });
    assert_eq!(
        (tag.kind, tag.pointer.as_str()),
        (QueryErrorKind::NeedsRows, "/filter")
    );
    assert!(
        evaluate(
            &CostQuery {
                group_by: vec![dimension("tag:team")],
                ..autumn()
            },
            &data
        )
        .is_ok()
    );
}

#[test]
fn too_large_an_answer_is_refused() {
    let rows: Vec<FocusRow> = (0..15_001)
        .map(|i| row(0, Some(&format!("s{i}"))))
        .collect();
    let query = CostQuery {
        group_by: vec![Dimension::ServiceName],
        ..autumn()
    };
    let data = loaded(&rows);
    assert_eq!(
        evaluate(&query, &data).unwrap_err().kind,
        QueryErrorKind::TooLarge
    );
    let top = evaluate(
        &CostQuery {
            top: Some(9),
            ..query
        },
        &data,
    )
    .unwrap();
    assert_eq!(
        (top.blocks[0].rows.len(), top.blocks[0].groups),
        (10, 15_001)
    );
}

#[test]
fn pinned_versions_alone_are_asked() {
    let data = loaded(&[row(0, Some("A")), row(40, Some("B"))]);
    let query = CostQuery {
        versions: Some(vec![data[1].version.clone()]),
        ..autumn()
    };
    let answer = evaluate(&query, &data).unwrap();
    assert_eq!(answer.blocks[0].totals.effective_cost, Some(Decimal::ONE));
    insta::assert_snapshot!(
        serde_json::to_string(&(&answer.plan, &answer.versions)).unwrap(),
        @r#"[{"engine":"rollup","versions":1,"rows":1},[{"id":"ver_3cqhgfh5w04xygjmdgym423nwf","sourceId":"src_2wvd53ggwcxk9btc7qvhms74fa","billingPeriod":"2026-11"}]]"#
    );
}

#[test]
fn the_dashboard_compares_like_with_like() {
    let mut rows: Vec<FocusRow> = (0..50).map(|day| row(day, Some("A"))).collect();
    for row in &mut rows[31..] {
        row.set_text(TextColumn::SubAccountId, "012");
        row.set_text(TextColumn::SubAccountName, "shop");
    }
    // 1 to 10 November; a fee of the 20th is not yet there.
    let shown = dashboard(&loaded(&rows), date(2026, 11, 11)).unwrap();
    assert_eq!(
        shown.latest_period.map(|p| p.to_string()).as_deref(),
        Some("2026-11")
    );
    let block = &shown.blocks[0];
    let cost = |values: &MetricValues| values.effective_cost.unwrap().to_string();
    assert_eq!(cost(&block.month_to_date), "10");
    assert_eq!(cost(&block.previous_month), "31");
    assert_eq!(cost(&block.previous_month_to_date), "10");
    assert_eq!(
        (block.daily.len(), block.daily[40].start),
        (41, date(2026, 11, 10))
    );
    insta::assert_snapshot!(
        serde_json::to_string(&(&block.top_accounts, &block.top_regions)).unwrap(),
        @r#"[[{"key":"012","label":"shop","EffectiveCost":"10"}],[{"key":null,"label":null,"EffectiveCost":"10"}]]"#
    );
    // The whole of October, and a September without bills.
    let shown = dashboard(&loaded(&rows), date(2026, 11, 1)).unwrap();
    assert_eq!(cost(&shown.blocks[0].month_to_date), "31");
    assert_eq!(cost(&shown.blocks[0].previous_month), "0");
    assert_eq!(latest_day(&loaded(&rows)), Some(date(2026, 11, 19)));
    assert_eq!(dashboard(&[], date(2026, 11, 1)).unwrap().blocks, []);
}

#[test]
fn trends_are_by_billing_period() {
    let rows: Vec<FocusRow> = (0..50).map(|day| row(day, Some("A"))).collect();
    let both = trends(&loaded(&rows), 12).unwrap();
    insta::assert_snapshot!(serde_json::to_string(&both.blocks).unwrap(), @r#"[{"currency":"USD","months":[{"billingPeriod":"2026-10","BilledCost":"31","EffectiveCost":"31","ListCost":"0","ContractedCost":"31"},{"billingPeriod":"2026-11","BilledCost":"19","EffectiveCost":"19","ListCost":"0","ContractedCost":"19"}]}]"#);
    assert_eq!(trends(&loaded(&rows), 1).unwrap().blocks[0].months.len(), 1);
    assert_eq!(trends(&[], 12).unwrap().blocks, []);
}

#[test]
fn values_are_searched_by_value_and_label() {
    let mut rows = vec![row(0, Some("Amazon EC2")), row(0, None)];
    rows[0].set_text(TextColumn::SubAccountId, "012");
    rows[0].set_text(TextColumn::SubAccountName, "Shop");
    let data = loaded(&rows);
    let values = |name: &str, search: Option<&str>| {
        serde_json::to_string(
            &dimension_values(&data, &dimension(name), search, 10)
                .unwrap()
                .values,
        )
        .unwrap()
    };
    insta::assert_snapshot!(values("ServiceName", None), @r#"[{"value":null,"label":null},{"value":"Amazon EC2","label":null}]"#);
    insta::assert_snapshot!(values("ServiceName", Some("ec2")), @r#"[{"value":"Amazon EC2","label":null}]"#);
    insta::assert_snapshot!(values("SubAccountId", Some("shop")), @r#"[{"value":"012","label":"Shop"}]"#);
    insta::assert_snapshot!(values("BillingPeriod", None), @r#"[{"value":"2026-10","label":null}]"#);
    assert!(dimension_values(&data, &dimension("tag:app"), None, 10).is_err());
    let list = dimensions(&data).dimensions;
    assert_eq!(
        (list.len(), list[13].name.as_str(), list[13].kind),
        (15, "tag:env", DimensionKind::Tag)
    );
}

fn total(query: &CostQuery, data: &[LoadedRollup]) -> Vec<(String, MetricValues)> {
    let answer = evaluate(query, data).unwrap();
    for block in &answer.blocks {
        for metric in &query.metrics {
            let of_rows = block
                .rows
                .iter()
                .map(|row| row.metrics.get(*metric).unwrap());
            let sum = outlay_core::money::sum(of_rows);
            if query.granularity != Granularity::Cumulative {
                assert_eq!(sum, block.totals.get(*metric), "totals equal the rows");
            }
        }
    }
    answer
        .blocks
        .into_iter()
        .map(|block| (block.currency, block.totals))
        .collect()
}

fn queries() -> impl Strategy<Value = CostQuery> {
    let names = [
        "ServiceName",
        "SubAccountId",
        "tag:team",
        "tag:env",
        "BillingPeriod",
        "RegionId",
    ];
    let groups = proptest::sample::subsequence(names.to_vec(), 0..=3);
    let granularity = proptest::sample::select(vec![
        Granularity::Total,
        Granularity::Day,
        Granularity::Week,
        Granularity::Month,
        Granularity::Cumulative,
    ]);
    (
        groups,
        granularity,
        proptest::option::of(1..4_u32),
        0..40_i32,
        1..40_i32,
    )
        .prop_map(|(groups, granularity, top, from, days)| {
            let start = date(2026, 10, 1).saturating_add(jiff::Span::new().days(from));
            CostQuery {
                metrics: vec![Metric::EffectiveCost, Metric::ListCost],
                group_by: groups.into_iter().map(dimension).collect(),
                granularity,
                top,
                ..CostQuery::between(start, start.saturating_add(jiff::Span::new().days(days)))
            }
        })
}

/// The same question answered row by row, the slow way.
fn oracle(query: &CostQuery, rows: &[FocusRow]) -> std::collections::BTreeMap<String, [i128; 2]> {
    let mut sums = std::collections::BTreeMap::new();
    for row in rows {
        let day = row
            .time(outlay_billing::TimeColumn::ChargePeriodStart)
            .unwrap();
        let day = day.to_zoned(jiff::tz::TimeZone::UTC).date();
        let value = |test: &crate::query::Test| match &test.dimension {
            Dimension::Tag(key) => row
                .tags()
                .iter()
                .find(|(k, _)| k == key)
                .map(|(_, v)| v.clone()),
            fixed => row.text(fixed.column().unwrap()).map(str::to_owned),
        };
        let passes = query
            .filter
            .as_ref()
            .is_none_or(|f| holds(f, &|t| t.passes(value(t).as_deref())));
        if day >= query.start && day < query.end && passes {
            let currency = row.text(TextColumn::BillingCurrency).unwrap().to_owned();
            let sum: &mut [i128; 2] = sums.entry(currency).or_default();
            sum[0] += row.amount(Metric::EffectiveCost.column()).unwrap().units();
            sum[1] += row.amount(Metric::ListCost.column()).unwrap().units();
        }
    }
    sums
}

fn holds(filter: &Filter, test: &dyn Fn(&crate::query::Test) -> bool) -> bool {
    match filter {
        Filter::And { and } => and.iter().all(|f| holds(f, test)),
        Filter::Or { or } => or.iter().any(|f| holds(f, test)),
        Filter::Not { not } => !holds(not, test),
        Filter::Test(one) => test(one),
    }
}

const FILTERS: [&str; 6] = [
    r#"ServiceName in ("EC2","S3")"#,
    r#"ServiceName != "EC2" and tag:team is not null"#,
    r#"not (SubAccountId = "111" or tag:env = "prod") and ServiceName contains "a""#,
    "RegionId is null",
    r#"RegionId = "nowhere" or tag:team starts with ("a","x")"#,
    r#"tag:team not in ("a") or ServiceName is null"#,
];

proptest! {
    #[test]
    fn every_way_of_dividing_adds_up(rows in rows(60), query in queries()) {
        let data = loaded(&rows);
        let whole = CostQuery { group_by: vec![], granularity: Granularity::Total, top: None, ..query.clone() };
        prop_assert_eq!(total(&query, &data), total(&whole, &data));
        let unfolded = CostQuery { top: None, ..query.clone() };
        prop_assert_eq!(total(&query, &data), total(&unfolded, &data));
        let groups = |query| evaluate(query, &data).unwrap().blocks.iter().map(|b| b.groups).collect::<Vec<_>>();
        prop_assert_eq!(groups(&query), groups(&unfolded));
    }

    #[test]
    fn a_filter_and_its_negation_are_all(rows in rows(60), query in queries(), text in proptest::sample::select(FILTERS.to_vec())) {
        let data = loaded(&rows);
        let filter: Filter = text.parse().unwrap();
        let with = |filter| {
            let query = CostQuery { filter, ..query.clone() };
            total(&query, &data).into_iter().map(|(currency, values)| {
                (currency, [values.effective_cost.unwrap().units(), values.list_cost.unwrap().units()])
            }).collect::<std::collections::BTreeMap<_, _>>()
        };
        let passed = with(Some(filter.clone()));
        prop_assert_eq!(&passed, &oracle(&CostQuery { filter: Some(filter.clone()), ..query.clone() }, &rows));
        let mut both = with(Some(Filter::Not { not: Box::new(filter) }));
        for (currency, [effective, list]) in passed {
            let sum = both.entry(currency).or_default();
            *sum = [sum[0] + effective, sum[1] + list];
        }
        prop_assert_eq!(both, with(None));
    }

    #[test]
    fn answers_do_not_depend_on_how_versions_are_cut(rows in rows(60), query in queries()) {
        let data = loaded(&rows);
        let merged = data[0].rollup.merge(&data[1].rollup).unwrap();
        let one = LoadedRollup { rollup: Arc::new(merged), ..data[0].clone() };
        let by_period = query.group_by.contains(&Dimension::BillingPeriod);
        prop_assume!(!by_period);
        let (cut, whole) = (evaluate(&query, &data).unwrap(), evaluate(&query, &[one]).unwrap());
        prop_assert_eq!(cut.blocks, whole.blocks);
    }
}
