//! Promise 18: neither answer nor time tells whether an address has an account.

#![expect(
    clippy::float_arithmetic,
    reason = "no money: times and what becomes of them"
)]

use std::time::{Duration, Instant};

use outlay_core::UserId;
use outlay_testkit::{
    Account, Answer, Stack,
    proof::{is_measuring, measured},
};
use serde_json::json;

use super::missing::median;
use crate::support::{stack, without_request_id};

/// Pairs of requests each, of the promise and of every day.
const PROMISED: usize = 500;
const USUAL: usize = 40;
/// Tries that one account has left to itself: past five mails in a quarter of an hour no other is sent.
const TRIES: usize = 4;
/// Beyond so many standard deviations the two are told apart for sure. Few pairs beside other work are not held to more.
const FOR_SURE: f64 = 4.0;
/// How far the medians may lie apart, of the time itself.
const APART: f64 = 0.05;

type Ask = fn(&Stack, &str) -> Answer;

const OPERATIONS: [(&str, Ask); 3] = [
    ("login", |stack, email| {
        let body = json!({ "email": email, "password": "not the pass phrase" });
        post(stack, "/v1/auth/login", &body)
    }),
    ("forgot", |stack, email| {
        post(
            stack,
            "/v1/auth/password/forgot",
            &json!({ "email": email }),
        )
    }),
    ("register", |stack, email| {
        let body = json!({
            "email": email, "password": "a long enough pass phrase", "name": "Robin", "company": "Example",
        });
        post(stack, "/v1/auth/register", &body)
    }),
];

fn post(stack: &Stack, path: &str, body: &serde_json::Value) -> Answer {
    stack.request("POST", path).json(body).send().unwrap()
}

#[test]
fn nothing_tells_whether_an_address_has_an_account() {
    let stack = stack();
    let pairs = if is_measuring() { PROMISED } else { USUAL };
    let known: Vec<String> = (0..pairs.div_ceil(TRIES))
        .map(|n| {
            Account::sign_up(&stack, &format!("known-{n}"))
                .unwrap()
                .email
        })
        .collect();
    let (mut said, mut told_apart) = (Vec::new(), Vec::new());
    for (name, ask) in OPERATIONS {
        let mut times = Times::default();
        for n in 0..pairs {
            times.pair(&stack, ask, &known[n % known.len()], n % 2 == 0);
        }
        let (apart, deviations) = (times.apart(), times.deviations());
        said.push(format!(
            "{name} {:.1} % ({deviations:+.1} sd)",
            apart * 100.0
        ));
        if apart > APART && (is_measuring() || deviations.abs() > FOR_SURE) {
            told_apart.push(name);
        }
    }
    let said = format!("{pairs} pairs each; medians apart: {}", said.join(", "));
    measured(
        "18",
        "accounts cannot be enumerated",
        "same status and body; median delta <= 5 %",
        said.clone(),
    );
    assert!(told_apart.is_empty(), "{told_apart:?}: {said}");
}

/// How long requests took, by whether the address had an account.
#[derive(Default)]
struct Times {
    known: Vec<Duration>,
    unknown: Vec<Duration>,
}

impl Times {
    /// One request each, in either order; what is answered must be the same.
    fn pair(&mut self, stack: &Stack, ask: Ask, known: &str, known_first: bool) {
        let unknown = format!("{}@example.com", UserId::mint());
        let time = |email: &str| {
            let start = Instant::now();
            let answer = ask(stack, email);
            (start.elapsed(), answer)
        };
        let (of_known, of_unknown) = if known_first {
            let first = time(known);
            (first, time(&unknown))
        } else {
            let first = time(&unknown);
            (time(known), first)
        };
        assert_eq!(of_known.1.status, of_unknown.1.status);
        assert_eq!(
            without_request_id(&of_known.1),
            without_request_id(&of_unknown.1)
        );
        self.known.push(of_known.0);
        self.unknown.push(of_unknown.0);
    }

    /// How far the medians lie apart, as a part of the unknown's.
    fn apart(&self) -> f64 {
        let [known, unknown] =
            [&self.known, &self.unknown].map(|times| median(times.clone()).as_secs_f64());
        (known - unknown).abs() / unknown
    }

    /// Mann-Whitney: by how many standard deviations the known take longer than by chance (normal approximation, no
    /// ties).
    fn deviations(&self) -> f64 {
        let mut all: Vec<(Duration, bool)> = Vec::new();
        all.extend(self.known.iter().map(|time| (*time, true)));
        all.extend(self.unknown.iter().map(|time| (*time, false)));
        all.sort_unstable();
        let of_known = all.iter().enumerate().filter(|(_, (_, known))| *known);
        let ranks: f64 = of_known.map(|(at, _)| count(at + 1)).sum();
        let (n, m) = (count(self.known.len()), count(self.unknown.len()));
        let u = ranks - n * (n + 1.0) / 2.0;
        (u - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt()
    }
}

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap())
}
