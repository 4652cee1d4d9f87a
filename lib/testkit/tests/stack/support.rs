//! What the subjects share: a loaded tenant, and the product's answers beside the oracle's.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use outlay_core::{BillingPeriod, Decimal};
use outlay_testkit::{
    Account, Answer, Stack,
    bill::{Bill, Cell, Company, Totals},
    operator,
};
use serde_json::{Value, json};

pub(crate) const METRICS: [&str; 4] = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"];
pub(crate) const CSV: &str = "text/csv";
pub(crate) const START: Date = date(2026, 8, 1);
pub(crate) const END: Date = date(2026, 11, 1);

pub(crate) fn stack() -> Stack {
    Stack::from_env().unwrap()
}

pub(crate) fn sign_up(name: &str) -> Account {
    Account::sign_up(&stack(), name).unwrap()
}

pub(crate) fn period(text: &str) -> BillingPeriod {
    text.parse().unwrap()
}

/// August to October 2026 of a small company, closed.
pub(crate) fn three_months() -> Bill {
    company()
        .closed(period("2026-08"), period("2026-10"))
        .unwrap()
}

pub(crate) fn company() -> Company {
    Company::sized(11, 8)
}

/// A tenant with [`three_months`].
pub(crate) fn loaded(name: &str) -> (Account, Bill) {
    let account = sign_up(name);
    let bill = three_months();
    let upload = account.upload("bill.csv", &bill.focus_csv(), CSV).unwrap();
    assert_completed(&upload);
    (account, bill)
}

pub(crate) fn assert_completed(upload: &Value) {
    assert_eq!(upload["status"], "completed", "{upload:#}");
    assert_eq!(upload["failure"], Value::Null, "{upload:#}");
}

pub(crate) fn id(upload: &Value) -> &str {
    upload["id"].as_str().unwrap()
}

pub(crate) fn amount(value: &Value) -> Decimal {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no decimal string: {value}"))
        .parse()
        .unwrap()
}

pub(crate) fn totals(value: &Value) -> Totals {
    let [billed, effective, list, contracted] = METRICS.map(|metric| amount(&value[metric]));
    Totals {
        billed,
        effective,
        list,
        contracted,
    }
}

/// What an upload says of its bills, by currency and billing period.
pub(crate) fn reported(upload: &Value) -> BTreeMap<(String, BillingPeriod), Totals> {
    let mut sums: BTreeMap<_, Totals> = BTreeMap::new();
    for bill in upload["bills"].as_array().unwrap() {
        for part in bill["totals"].as_array().unwrap() {
            let currency = part["currency"].as_str().unwrap().to_owned();
            let sum = sums
                .entry((currency, period(bill["billingPeriod"].as_str().unwrap())))
                .or_default();
            *sum = sum.plus(totals(part)).unwrap();
        }
    }
    sums
}

pub(crate) fn states(upload: &Value) -> Vec<&str> {
    let bills = upload["bills"].as_array().unwrap();
    bills.iter().map(|b| b["state"].as_str().unwrap()).collect()
}

/// All four costs by currency and billing period, as the costs API answers them.
pub(crate) fn answered(account: &Account) -> BTreeMap<(String, BillingPeriod), Totals> {
    let query = json!({
        "metrics": METRICS, "granularity": "month", "timeAxis": "billing",
        "start": "2020-01-01", "end": "2027-01-01",
    });
    let answer = account.query(&query).unwrap();
    let mut found = BTreeMap::new();
    for block in answer["blocks"].as_array().unwrap() {
        let mut sum = Totals::default();
        for row in block["rows"].as_array().unwrap() {
            let currency = block["currency"].as_str().unwrap().to_owned();
            let month = period(&row["start"].as_str().unwrap()[..7]);
            let costs = totals(&row["metrics"]);
            sum = sum.plus(costs).unwrap();
            found.insert((currency, month), costs);
        }
        assert_eq!(
            totals(&block["totals"]),
            sum,
            "the total is the sum of its rows"
        );
    }
    found
}

/// A query over the three months of the loaded bill.
pub(crate) fn query(more: &Value) -> Value {
    let mut query = json!({ "metrics": ["EffectiveCost"], "granularity": "total",
        "start": START.to_string(), "end": END.to_string() });
    for (key, value) in more.as_object().unwrap() {
        query[key] = value.clone();
    }
    query
}

/// First group key of each row (and its start, where there is one) with its effective cost;
/// groups that cost nothing are left out, because both sides may.
pub(crate) fn groups(answer: &Value) -> BTreeMap<(Option<String>, Option<String>), Decimal> {
    let blocks = answer["blocks"].as_array().unwrap();
    assert!(blocks.len() <= 1, "one currency: {answer:#}");
    let rows = blocks.iter().flat_map(|b| b["rows"].as_array().unwrap());
    rows.map(|row| {
        let key = row["keys"]
            .get(0)
            .and_then(Value::as_str)
            .map(str::to_owned);
        let start = row["start"].as_str().map(str::to_owned);
        ((start, key), amount(&row["metrics"]["EffectiveCost"]))
    })
    .filter(|(_, cost)| !cost.is_zero())
    .collect()
}

/// The oracle's answer in the same form.
pub(crate) fn expected(
    bill: &Bill,
    key: impl Fn(&Cell) -> Option<(Option<String>, Option<String>)>,
) -> BTreeMap<(Option<String>, Option<String>), Decimal> {
    let sums = bill.expected().by(key).unwrap();
    let costs = sums.into_iter().map(|(key, costs)| (key, costs.effective));
    costs.filter(|(_, cost)| !cost.is_zero()).collect()
}

/// The problem of an answer, with the house rules on problems held.
pub(crate) fn problem(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{answer}");
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json"),
        "{answer}"
    );
    let problem = answer.json().unwrap();
    assert_eq!(problem["status"], status, "{problem:#}");
    for field in ["type", "title", "detail", "requestId"] {
        let text = problem[field].as_str().unwrap_or_default();
        assert!(!text.is_empty(), "no {field} in {problem:#}");
    }
    let kind = problem["type"].as_str().unwrap();
    assert!(kind.starts_with("https://outlay.dev/problems/"), "{kind}");
    let text = problem.to_string();
    for secret in [
        "arn:aws",
        "TENANT#",
        "panicked",
        "src/",
        "AccessDenied",
        "SELECT ",
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    problem
}

/// The slug of a problem.
pub(crate) fn slug(answer: &Answer, status: u16) -> String {
    let problem = problem(answer, status);
    let kind = problem["type"].as_str().unwrap();
    kind.rsplit('/').next().unwrap().to_owned()
}

/// A problem's body without what differs from request to request.
pub(crate) fn without_request_id(answer: &Answer) -> Value {
    let mut body = answer.json().unwrap();
    body.as_object_mut().unwrap().remove("requestId");
    body
}

/// The platform's audit of this month, oldest first, read as the account's root: no route tells it to a tenant.
pub(crate) fn platform_audit(stack: &Stack) -> Vec<Value> {
    let month = jiff::Timestamp::now().strftime("%Y-%m").to_string();
    let (mut entries, mut after) = (Vec::new(), Value::Null);
    loop {
        let mut query = json!({
            "TableName": stack.table_name,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": { ":pk": { "S": format!("AUDIT#PLATFORM#{month}") } },
        });
        if after.is_object() {
            query["ExclusiveStartKey"] = after;
        }
        let mut page = dynamodb(stack, "Query", &query);
        let items = page["Items"].as_array().unwrap();
        entries.extend(items.iter().map(|item| plain(&json!({ "M": item }))));
        after = page["LastEvaluatedKey"].take();
        if !after.is_object() {
            return entries;
        }
    }
}

/// Asks DynamoDB as the account's root.
pub(crate) fn dynamodb(stack: &Stack, operation: &str, input: &Value) -> Value {
    let answer = stack
        .request_to("POST", &format!("{}/", stack.aws_endpoint))
        .header(
            "authorization",
            &operator::ROOT.replace("/lambda/", "/dynamodb/"),
        )
        .header("x-amz-target", &format!("DynamoDB_20120810.{operation}"))
        .header("content-type", "application/x-amz-json-1.0")
        .body(input.to_string())
        .send();
    answer.unwrap().expect(200).unwrap().json().unwrap()
}

/// Asks CloudWatch Logs as the emulator's root; nothing where it refuses, as before a group is there.
pub(crate) fn logs(stack: &Stack, operation: &str, input: &Value) -> Value {
    let answer = stack
        .request_to("POST", &format!("{}/", stack.aws_endpoint))
        .header(
            "authorization",
            &operator::ROOT.replace("/lambda/", "/logs/"),
        )
        .header("x-amz-target", &format!("Logs_20140328.{operation}"))
        .header("content-type", "application/x-amz-json-1.1")
        .body(input.to_string())
        .send()
        .unwrap();
    if answer.status == 200 {
        answer.json().unwrap()
    } else {
        Value::Null
    }
}

/// An attribute of DynamoDB as plain JSON.
fn plain(attribute: &Value) -> Value {
    let (kind, value) = attribute.as_object().unwrap().iter().next().unwrap();
    match kind.as_str() {
        "M" => {
            let fields = value.as_object().unwrap().iter();
            Value::Object(
                fields
                    .map(|(name, value)| (name.clone(), plain(value)))
                    .collect(),
            )
        }
        "L" => Value::Array(value.as_array().unwrap().iter().map(plain).collect()),
        "NULL" => Value::Null,
        "N" => value.as_str().unwrap().parse().unwrap(),
        _ => value.clone(),
    }
}
