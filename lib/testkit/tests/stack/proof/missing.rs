//! Promise 2: another tenant's thing looks exactly like one that is not there: same status, headers, body, and time.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use outlay_testkit::{
    Answer, Stack,
    proof::{Case, Operation, Own, Who, cases, is_measuring, measured, operations},
};

use super::{
    actors::Call,
    forge::Forge,
    parties::Tenant,
    root::Root,
    things::{Noting, is_id},
};
use crate::support::{stack, without_request_id};

/// Pairs of calls that are timed, of the promise and of every day.
const PROMISED: usize = 200;
const USUAL: usize = 30;
/// Headers that name one request, or follow from the length of its id.
const TRACE: [&str; 4] = ["x-request-id", "apigw-requestid", "date", "content-length"];
const SLOWER: Duration = Duration::from_millis(5);

fn pairs() -> usize {
    if is_measuring() { PROMISED } else { USUAL }
}

/// Things that are nobody's: each as a tenant's own would be called, with another id.
struct Missing<'a>(&'a Noting<'a>);

impl Own for Missing<'_> {
    fn the(&self, what: &str) -> String {
        let thing = self.0.the(what);
        if is_id(what) { nobodys(&thing) } else { thing }
    }

    fn etag(&self, path: &str) -> String {
        self.0.etag(path)
    }
}

/// `upl_` and an id that was never given away.
fn nobodys(id: &str) -> String {
    let (prefix, _) = id
        .rsplit_once('_')
        .unwrap_or_else(|| panic!("{id} is no id"));
    let fresh = outlay_core::UploadId::mint().to_string();
    let (_, fresh) = fresh.rsplit_once('_').unwrap();
    format!("{prefix}_{fresh}")
}

/// What of an answer must be the same: all but the request's id, and the id that was asked for.
fn seen(answer: &Answer, named: &[String]) -> (u16, Vec<(String, String)>, String) {
    let hide = |text: String| named.iter().fold(text, |text, id| text.replace(id, "<id>"));
    let mut headers = answer.headers.clone();
    headers.retain(|(name, _)| !TRACE.contains(&name.as_str()));
    for (_, value) in &mut headers {
        *value = hide(std::mem::take(value));
    }
    let body = if answer.body.is_empty() {
        String::new()
    } else {
        hide(without_request_id(answer).to_string())
    };
    (answer.status, headers, body)
}

#[test]
fn a_foreign_thing_is_byte_for_byte_a_missing_one() {
    let stack = stack();
    let root = Root::of(&stack);
    let forge = Forge::of(&root);
    let (own, other) = (
        Tenant::found(&root, &forge, "own"),
        Tenant::found(&root, &forge, "other"),
    );
    let (mut compared, mut faults) = (0, Vec::new());
    let all = operations().unwrap();
    for case in cases() {
        let Some(operation) = all
            .iter()
            .find(|o| o.id == case.operation)
            .filter(|o| o.needs_token)
        else {
            continue;
        };
        for (role, token) in &other.tokens {
            let (foreign, missing) = (Noting::of(&own), Noting::of(&own));
            let foreign_call = Call::of(operation, &case, &foreign);
            if foreign.named.borrow().is_empty() {
                break;
            }
            let missing_call = Call::of(operation, &case, &Missing(&missing));
            let [foreign_answer, missing_answer] =
                [foreign_call, missing_call].map(|call| call.make(&stack, Some(token)));
            let mut named = foreign.named.take();
            named.extend(ids_in(&missing_answer));
            let (foreign, missing) = (seen(&foreign_answer, &named), seen(&missing_answer, &named));
            compared += 1;
            if foreign != missing {
                faults.push(format!(
                    "{} as {role}:\n  foreign {foreign:?}\n  missing {missing:?}",
                    operation.id
                ));
            }
        }
    }
    let timed: Vec<(String, Duration)> = an_operation_of_each_domain(&all, &own)
        .into_iter()
        .map(|(operation, case)| {
            let delta = timing(&stack, &operation, &case, &own, &other);
            (operation.id, delta)
        })
        .collect();
    let told: Vec<String> = timed
        .iter()
        .map(|(id, delta)| format!("{id} {:.2} ms", millis(*delta)))
        .collect();
    measured(
        "2",
        "a foreign id looks like a missing one",
        "byte-equal; median delta <= 5 ms",
        format!(
            "{compared} pairs, {} differ; median delta over {} pairs each: {}",
            faults.len(),
            pairs(),
            told.join(", ")
        ),
    );
    assert!(
        faults.is_empty(),
        "{} of {compared}:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(timed.len() >= 4, "{told:?}");
    let slower = timed.iter().find(|(_, delta)| *delta > SLOWER);
    assert_eq!(slower, None, "{told:?}");
}

/// Ids that an answer repeats.
fn ids_in(answer: &Answer) -> Vec<String> {
    let text = answer.to_string();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words
        .filter(|word| word.len() == 30 && word.as_bytes()[3] == b'_')
        .map(str::to_owned)
        .collect()
}

/// One that names things, where the domain has one; a read rather than a change.
fn an_operation_of_each_domain(all: &[Operation], own: &Tenant) -> Vec<(Operation, Case)> {
    let mut found: BTreeMap<&str, (Operation, Case)> = BTreeMap::new();
    let entries = cases();
    for case in entries
        .iter()
        .filter(|case| matches!(case.who, Who::Roles(_)))
    {
        let operation = all.iter().find(|o| o.id == case.operation).unwrap();
        let names = Noting::of(own);
        if operation.path.contains('{')
            && (operation.method == "GET" || !found.contains_key(case.domain()))
        {
            Call::of(operation, case, &names);
            if !names.named.borrow().is_empty() {
                found.insert(case.domain(), (operation.clone(), *case));
            }
        }
    }
    found.into_values().collect()
}

/// How far the medians of the two lie apart.
fn timing(
    stack: &Stack,
    operation: &Operation,
    case: &Case,
    own: &Tenant,
    other: &Tenant,
) -> Duration {
    let noting = Noting::of(own);
    let foreign = Call::of(operation, case, &noting);
    let missing = Call::of(operation, case, &Missing(&noting));
    let time = |call: &Call| {
        let start = Instant::now();
        let answer = call.make(stack, Some(&other.owner.token));
        assert_eq!(answer.status, 404, "{}: {answer}", operation.id);
        start.elapsed()
    };
    let (mut of_foreign, mut of_missing) = (Vec::new(), Vec::new());
    for _ in 0..pairs() {
        of_foreign.push(time(&foreign));
        of_missing.push(time(&missing));
    }
    median(of_foreign).abs_diff(median(of_missing))
}

pub(super) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[expect(
    clippy::float_arithmetic,
    reason = "no money: a time to be read by people"
)]
fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
