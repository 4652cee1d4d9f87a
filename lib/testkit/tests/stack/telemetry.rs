//! Whatever the level of the log, it tells no secret: `trace` is for our own crates.

use outlay_testkit::{Stack, stack::wait_until};
use serde_json::{Value, json};

use crate::{
    deployed::Deployed,
    support::{logs, sign_up, stack},
};

#[test]
fn the_finest_log_of_a_sign_in_holds_no_secret() {
    let stack = stack();
    let account = sign_up("traced");
    let login = Deployed::copy(&stack, "auth-login", &[("LOG_LEVEL", "trace")]);
    let mut event: Value =
        serde_json::from_str(include_str!("../../../../events/auth-login.password.json")).unwrap();
    let body = json!({ "email": account.email, "password": account.password });
    event["body"] = json!(body.to_string());
    event["cookies"] = json!([format!("__Secure-outlay-refresh={}", account.refresh)]);
    event["headers"]["authorization"] = json!(format!("Bearer {}", account.token));
    let answer = login.invoke(&event);
    assert_eq!(answer["statusCode"], 200, "{answer:#}");
    let given: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    let cookie = answer["cookies"][0].as_str().unwrap();
    let refresh = cookie.split(['=', ';']).nth(1).unwrap();
    let log = wait_until("the log of the sign-in", 60, || {
        let log = log_of(&stack, &login.name);
        Ok(log.contains("request answered").then_some(log))
    })
    .unwrap();
    for secret in [
        account.password.as_str(),
        account.email.as_str(),
        account.token.as_str(),
        account.refresh.as_str(),
        given["accessToken"].as_str().unwrap(),
        refresh,
    ] {
        assert!(!secret.is_empty() && !log.contains(secret), "{log}");
    }
}

fn log_of(stack: &Stack, function: &str) -> String {
    let input = json!({ "logGroupName": format!("/aws/lambda/{function}") });
    let found = logs(stack, "FilterLogEvents", &input);
    let events = found["events"].as_array().cloned().unwrap_or_default();
    let lines = events.iter().filter_map(|event| event["message"].as_str());
    lines.collect::<Vec<_>>().join("\n")
}
