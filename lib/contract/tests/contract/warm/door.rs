//! Promise 19 from many addresses, which the stack cannot play: it sees one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lambda_http::Request;
use outlay_runtime::{App, Variable};
use serde_json::{Value, json};

use outlay_testkit::proof::measured;

use super::{
    aws::Aws,
    in_one_thread,
    operations::OPERATIONS,
    tenants::{Company, PASSWORD, container_with},
};

const GUESSES: usize = 1000;
const ADDRESSES: usize = 100;
/// What an address may ask in a minute, in the spray.
const PER_ADDRESS: usize = 60;

/// The event of a sign-in, from this address.
fn sign_in(address: &str, email: &str, password: &str) -> Request {
    let event = include_str!("../../../../../events/auth-login.password.json");
    let mut event: Value = serde_json::from_str(event).unwrap();
    event["requestContext"]["http"]["sourceIp"] = json!(address);
    for header in ["origin", "sec-fetch-site"] {
        event["headers"].as_object_mut().unwrap().remove(header);
    }
    event["body"] = json!(json!({ "email": email, "password": password }).to_string());
    lambda_http::request::from_str(&event.to_string()).unwrap()
}

async fn status(app: &'static App, request: Request) -> u16 {
    let answer = outlay_auth::login::handler(app, request).await;
    let answer = answer.unwrap_or_else(|problem| problem.into_response("r"));
    answer.status().as_u16()
}

/// A minute that does not end.
fn one_moment() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

#[test]
fn guesses_from_many_addresses_are_counted_on_the_account() {
    let statuses = in_one_thread(async {
        let aws = Aws::new();
        let company = Company::found(&aws, 1).await;
        company.set_password(&aws, PASSWORD).await;
        let app = container_with(&aws, outlay_core::now, &[]);
        let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
        for number in 0..GUESSES {
            let address = format!("203.0.{}.7", number % ADDRESSES);
            let guess = sign_in(
                &address,
                &company.email(),
                &format!("guess number {number}"),
            );
            *statuses.entry(status(app, guess).await).or_default() += 1;
        }
        // Who is signed in does not notice.
        let (mine, text) = OPERATIONS[0]
            .call(app, OPERATIONS[0].request(&company, &company.token(&aws)))
            .await;
        assert_eq!(mine, 200, "{text}");
        statuses
    });
    let checked = statuses.get(&401).copied().unwrap_or_default();
    measured(
        "19a",
        "guesses from many addresses are bounded",
        "<= 20 checked in 15 min",
        format!("{GUESSES} guesses from {ADDRESSES} addresses: {checked} checked, {statuses:?}"),
    );
    assert_eq!(statuses, [(401, 20), (429, GUESSES - 20)].into());
}

#[test]
fn one_password_for_many_accounts_is_counted_on_the_address() {
    let (statuses, elsewhere) = in_one_thread(async {
        let aws = Aws::new();
        let limit = PER_ADDRESS.to_string();
        let limits = [(Variable::AddressRequestsPerMinute, limit.as_str())];
        let app = container_with(&aws, one_moment, &limits);
        let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
        for number in 0..GUESSES {
            let email = format!("somebody-{number}@example.com");
            let guess = sign_in("203.0.113.9", &email, "Summer2026!");
            *statuses.entry(status(app, guess).await).or_default() += 1;
        }
        let other = sign_in("198.51.100.1", "somebody@example.com", "Summer2026!");
        (statuses, status(app, other).await)
    });
    let checked = statuses.get(&401).copied().unwrap_or_default();
    measured(
        "19b",
        "one password for many accounts is bounded",
        "the address's limit bites, other addresses do not notice",
        format!(
            "{GUESSES} accounts from one address in a minute: {checked} checked (limit {PER_ADDRESS}), {statuses:?}"
        ),
    );
    assert!((1..=PER_ADDRESS).contains(&checked), "{statuses:?}");
    assert_eq!(statuses.values().sum::<usize>(), checked + statuses[&429]);
    assert_eq!(elsewhere, 401, "another address is served");
}
