use super::*;
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::json;

fn params(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

fn refused(pairs: &[(&str, &str)]) -> String {
    CostQuery::from_params(&params(pairs))
        .unwrap_err()
        .to_string()
}

const OCTOBER: [(&str, &str); 2] = [("start", "2026-10-01"), ("end", "2026-11-01")];

#[test]
fn a_range_alone_is_a_question() {
    let query = CostQuery::from_params(&params(&OCTOBER)).unwrap();
    assert_eq!(
        query,
        CostQuery::between(date(2026, 10, 1), date(2026, 11, 1))
    );
    insta::assert_snapshot!(serde_json::to_string(&query).unwrap(), @r#"{"metrics":["EffectiveCost"],"groupBy":[],"granularity":"total","start":"2026-10-01","end":"2026-11-01","timeAxis":"charge"}"#);
}

#[test]
fn url_and_json_say_the_same() {
    let url = CostQuery::from_params(&params(&[
        OCTOBER[0],
        OCTOBER[1],
        ("metrics", "BilledCost,EffectiveCost"),
        ("groupBy", "ServiceName,tag:team,tag:\"a,b\""),
        ("granularity", "day"),
        (
            "filter",
            r#"x_ChargeKind != "tax" and tag:team is not null"#,
        ),
        ("currency", "USD"),
        ("top", "9"),
    ]));
    let json = CostQuery::from_json(&json!({
        "metrics": ["BilledCost", "EffectiveCost"],
        "groupBy": ["ServiceName", "tag:team", "tag:a,b"],
        "granularity": "day",
        "start": "2026-10-01",
        "end": "2026-11-01",
        "filter": {"and": [
            {"dimension": "x_ChargeKind", "operator": "notIn", "values": ["tax"]},
            {"dimension": "tag:team", "operator": "isNotNull"}
        ]},
        "currency": "USD",
        "top": 9
    }));
    assert_eq!(url.unwrap(), json.unwrap());
}

#[test]
fn parameters_name_themselves_in_errors() {
    let with = |pair| refused(&[OCTOBER[0], OCTOBER[1], pair]);
    insta::assert_snapshot!([
        refused(&[OCTOBER[0]]),
        refused(&[("start", "2026-10-32"), OCTOBER[1]]),
        refused(&[("start", "2026-11-01"), OCTOBER[1]]),
        refused(&[("start", "2016-10-31"), OCTOBER[1]]),
        with(("granularity", "minute")),
        with(("metrics", "BilledCost,Blended")),
        with(("metrics", "BilledCost,BilledCost")),
        with(("groupBy", "ServiceName,Service")),
        with(("groupBy", "tag:a,tag:b,tag:c,tag:d")),
        with(("filter", "ServiceName == \"EC2\"")),
        with(("filter", "(ServiceName = \"é\" or (RegionId = eu)")),
        with(("filter", "ServiceName not starts with \"a\"")),
        with(("filter", "ServiceName = \"a")),
        with(("filter", "")),
        with(("top", "0")),
        with(("top", "many")),
        with(("currency", "")),
        with(("versions", "ver_1")),
        with(("start", "2026-10-01")),
        with(("color", "red")),
        refused(&[OCTOBER[0], OCTOBER[1], ("timeAxis", "billing"), ("granularity", "day")]),
    ]
    .join("\n"), @r#"
    end: is required
    start: expected a day such as 2026-11-30
    end: must be after start: the end is exclusive
    end: is more than ten years after start
    granularity: expected one of total,hour,day,week,month,cumulative
    metrics: expected one of BilledCost,EffectiveCost,ListCost,ContractedCost
    metrics: names a metric twice
    groupBy: expected a dimension at character 13
    groupBy: has more than 3 dimensions
    filter: expected a value in double quotes at character 14
    filter: expected a value in double quotes at character 35
    filter: expected "in" or "contains" at character 17
    filter: the string at character 15 has no end
    filter: expected a dimension at the end
    top: must be from 1 to 1000
    top: expected a whole number
    currency: must have 1 to 64 characters
    versions: expected an id of the form ver_ and 26 characters of 0-9 a-z without i, l, o and u
    start: is given twice
    color: unknown parameter
    granularity: the billing axis knows total and month: a billing period has no days
    "#);
}

#[test]
fn json_errors_point_at_their_place() {
    let with = |name: &str, value: serde_json::Value| {
        let mut query = json!({"start": "2026-10-01", "end": "2026-11-01"});
        query[name] = value;
        CostQuery::from_json(&query).unwrap_err().to_string()
    };
    let test = |operator: &str, values: serde_json::Value| json!({"not": {"dimension": "RegionId", "operator": operator, "values": values}});
    insta::assert_snapshot!([
        CostQuery::from_json(&json!([])).unwrap_err().to_string(),
        with("colo/r", json!(1)),
        with("end", json!("tomorrow")),
        with("end", json!("2026-01-01")),
        with("top", json!(-1)),
        with("groupBy", json!(["Nothing"])),
        with("filter", json!({"and": [test("in", json!(["a"])), {"or": []}]})),
        with("filter", test("in", json!([]))),
        with("filter", test("in", json!([1]))),
        with("filter", test("isNull", json!(["x"]))),
        with("filter", test("like", json!(["x"]))),
        with("filter", json!({"and": [], "or": []})),
        with("filter", json!({"operator": "isNull"})),
    ]
    .join("\n"), @r#"
    : expected an object
    /colo~1r: unknown field; expected metrics, groupBy, granularity, start, end, timeAxis, filter, currency, top, versions
    /end: expected a day such as 2026-11-30
    /end: must be after start: the end is exclusive
    /top: invalid value: integer `-1`, expected u32
    /groupBy: expected a dimension such as ServiceName, or tag: and a key of 1 to 256 bytes
    /filter/and/1/or: expected a list of at least two filters
    /filter/not/values: expected at least one value
    /filter/not/values: invalid type: integer `1`, expected a string
    /filter/not/values: isNull and isNotNull take no values
    /filter/not/operator: unknown variant `like`, expected one of `in`, `notIn`, `contains`, `notContains`, `startsWith`, `endsWith`, `isNull`, `isNotNull`
    /filter/or: unknown field; expected and
    /filter/dimension: is required
    "#);
}

#[test]
fn filters_print_in_their_text_form() {
    let text = "not (a or b)";
    assert!(text.parse::<Filter>().is_err());
    let text = r#"NOT ( ServiceName IN("a" ,"b") Or tag:"cost center" is null ) and (RegionId="x" and RegionId contains ("y"))"#;
    insta::assert_snapshot!(
        text.parse::<Filter>().unwrap(),
        @r#"not (ServiceName in ("a","b") or tag:"cost center" is null) and (RegionId = "x" and RegionId contains "y")"#
    );
}

#[test]
fn depth_size_and_values_are_capped() {
    let nested = |n: usize| format!("{}RegionId is null", "not ".repeat(n)).parse::<Filter>();
    assert!(nested(31).is_ok());
    assert!(nested(32).is_err());
    assert!(nested(1000).is_err());
    assert!(
        format!("{}RegionId is null{}", "(".repeat(900), ")".repeat(900))
            .parse::<Filter>()
            .is_err()
    );
    let mut json = json!({"dimension": "RegionId", "operator": "isNull"});
    for _ in 0..40 {
        json = json!({"not": json});
    }
    assert!(Filter::from_json(&json, "").is_err());
    let values =
        |n: usize| format!("RegionId in (\"a\"{})", ",\"b\"".repeat(n - 1)).parse::<Filter>();
    assert!(values(1000).is_ok());
    assert!(values(1001).is_err());
    assert!(
        format!("RegionId = \"{}\"", "a".repeat(8 * 1024))
            .parse::<Filter>()
            .is_err()
    );
    let long = json!({"dimension": "RegionId", "operator": "in", "values": ["a".repeat(9000)]});
    assert!(Filter::from_json(&long, "").is_err());
}

#[test]
fn a_null_is_in_no_list() {
    let holds =
        |text: &str, value: Option<&str>| text.parse::<Filter>().unwrap().tests()[0].passes(value);
    for (text, value, expected) in [
        (r#"RegionId = "a""#, None, false),
        (r#"RegionId != "a""#, None, true),
        (r#"RegionId not contains "a""#, None, true),
        (r#"RegionId contains """#, None, false),
        ("RegionId is null", None, true),
        ("RegionId is not null", Some(""), true),
        (r#"RegionId in ("a","b")"#, Some("b"), true),
        (r#"RegionId = "A""#, Some("a"), false),
        (
            r#"RegionId starts with ("x","eu-")"#,
            Some("eu-west-1"),
            true,
        ),
        (r#"RegionId ends with "2""#, Some("eu-west-1"), false),
    ] {
        assert_eq!(holds(text, value), expected, "{text} {value:?}");
    }
}

fn dimensions() -> impl Strategy<Value = Dimension> {
    prop_oneof![
        proptest::sample::select(Dimension::FIXED.to_vec()),
        "[a-z:/]{1,8}|.{1,20}".prop_map(Dimension::Tag),
    ]
}

fn filters() -> impl Strategy<Value = Filter> {
    use Operator::{Contains, EndsWith, In, IsNotNull, IsNull, NotContains, NotIn, StartsWith};
    let valued =
        proptest::sample::select(vec![In, NotIn, Contains, NotContains, StartsWith, EndsWith]);
    let values = proptest::collection::vec(any::<String>(), 1..4);
    let test = prop_oneof![
        (dimensions(), valued, values).prop_map(|(dimension, operator, values)| Test {
            dimension,
            operator,
            values
        }),
        (
            dimensions(),
            proptest::sample::select(vec![IsNull, IsNotNull])
        )
            .prop_map(|(dimension, operator)| Test {
                dimension,
                operator,
                values: Vec::new()
            }),
    ];
    test.prop_map(Filter::Test)
        .prop_recursive(5, 24, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 2..4).prop_map(|and| Filter::And { and }),
                proptest::collection::vec(inner.clone(), 2..4).prop_map(|or| Filter::Or { or }),
                inner.prop_map(|not| Filter::Not { not: Box::new(not) }),
            ]
        })
}

proptest! {
    #[test]
    fn text_and_json_are_two_forms_of_one_filter(filter in filters()) {
        let text = filter.to_string();
        prop_assume!(text.len() <= 8 * 1024);
        let from_text: Filter = text.parse().unwrap();
        prop_assert_eq!(&from_text, &filter);
        let json = serde_json::to_value(&from_text).unwrap();
        let from_json = Filter::from_json(&json, "").unwrap();
        prop_assert_eq!(from_json.to_string(), text);
    }

    #[test]
    fn urls_round_trip(filter in filters(), dimension in dimensions(), days in 1..3000_i32, top in 1..1000_u32) {
        let start = date(2020, 2, 29);
        let query = CostQuery {
            metrics: vec![Metric::ListCost, Metric::BilledCost],
            group_by: vec![dimension],
            granularity: Granularity::Week,
            filter: Some(filter),
            currency: Some("EUR".into()),
            top: Some(top),
            versions: Some(vec![VersionId::mint(), VersionId::mint()]),
            ..CostQuery::between(start, start.saturating_add(i64::from(days).days()))
        };
        prop_assert_eq!(CostQuery::from_params(&query.to_params()).unwrap(), query.clone());
        let json = serde_json::to_string(&query).unwrap();
        prop_assert_eq!(serde_json::from_str::<CostQuery>(&json).unwrap(), query);
    }

    #[test]
    fn any_text_is_read_or_refused(
        text in r#"(\PC|[()",=! \\]|and|or|not|in|is|null|tag:|RegionId| "a" ){0,40}"#,
    ) {
        if let Ok(filter) = text.parse::<Filter>() {
            prop_assert_eq!(filter.to_string().parse::<Filter>().unwrap(), filter);
        }
        let _ = CostQuery::from_params(&params(&[OCTOBER[0], OCTOBER[1], ("groupBy", &text)]));
    }
}
