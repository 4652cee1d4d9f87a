//! API tokens: what a program may, and when it no longer may.

use outlay_core::TokenId;
use outlay_testkit::{Account, Answer, Stack, stack::wait_until};
use serde_json::{Value, json};

use crate::support::{problem, sign_up, slug, without_request_id};

/// A token of this person with these scopes: its id and its secret.
fn token(of: &Account, scopes: &[&str]) -> (String, String) {
    let body = json!({ "name": "nightly", "scopes": scopes, "expiresInDays": 30 });
    let created = of.post("/v1/tokens", &body).unwrap().expect(201).unwrap();
    let created = created.json().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&created["token"]["id"]), text(&created["secret"]))
}

fn tokens(of: &Account) -> Vec<Value> {
    let list = of.get("/v1/tokens").unwrap().expect(200).unwrap();
    list.json().unwrap()["items"].as_array().unwrap().clone()
}

fn ask(stack: &Stack, secret: &str, path: &str) -> Answer {
    stack.request("GET", path).bearer(secret).send().unwrap()
}

/// Within a minute the program is answered so.
fn becomes(status: u16, ask: impl Fn() -> Answer) -> Answer {
    let answer = wait_until("the refusal", 60, || {
        let answer = ask();
        Ok((answer.status == status).then_some(answer))
    });
    answer.unwrap()
}

#[test]
fn a_program_may_what_its_scopes_say() {
    let owner = sign_up("program");
    let stack = owner.stack();
    let (id, secret) = token(&owner, &["costs:read", "members:read"]);
    assert!(secret.starts_with("out_"), "{}", secret.len());
    assert_eq!(ask(stack, &secret, "/v1/members").status, 200);
    assert_eq!(ask(stack, &secret, "/v1/costs/dimensions").status, 200);
    for path in ["/v1/uploads", "/v1/users", "/v1/tokens", "/v1/auth/me"] {
        assert_eq!(slug(&ask(stack, &secret, path), 403), "forbidden", "{path}");
    }
    let request = stack.request("POST", "/v1/tokens").bearer(&secret);
    let body = json!({ "name": "more", "scopes": ["costs:read"], "expiresInDays": 1 });
    assert_eq!(slug(&request.json(&body).send().unwrap(), 403), "forbidden");

    let listed = tokens(&owner);
    assert_eq!((listed.len(), &listed[0]["id"]), (1, &json!(id)));
    assert!(listed[0]["lastUsedAt"].is_string(), "{listed:?}");
    assert!(!listed[0].to_string().contains(&secret));
    assert!(listed[0].get("secretHash").is_none());
}

#[test]
fn nobody_gives_a_program_more_than_the_own() {
    let owner = sign_up("scopes");
    let (member, viewer) = (
        owner.joined_by("member").unwrap(),
        owner.joined_by("viewer").unwrap(),
    );
    let asked = |of: &Account, scopes: Value, days: i64| {
        let body = json!({ "name": "n", "scopes": scopes, "expiresInDays": days });
        of.post("/v1/tokens", &body).unwrap()
    };
    assert_eq!(
        slug(&asked(&viewer, json!(["costs:read"]), 1), 403),
        "forbidden"
    );
    for (scopes, days) in [
        (json!(["members:write"]), 1),
        (json!(["tokens:write"]), 1),
        (json!(["account:read"]), 1),
        (json!(["costs:read", "nothing:read"]), 1),
        (json!([]), 1),
        (json!(["costs:read"]), 0),
        (json!(["costs:read"]), 366),
        (json!(["costs:read"]), -1),
    ] {
        let refused = problem(&asked(&member, scopes.clone(), days), 400);
        assert!(
            refused["errors"][0]["pointer"].is_string(),
            "{scopes} {days}"
        );
    }
    assert_eq!(asked(&member, json!(["uploads:write"]), 365).status, 201);
    assert_eq!(tokens(&member).len(), 1);
    assert_eq!(tokens(&owner).len(), 1, "owners see everybody's");
}

#[test]
fn a_revoked_program_is_nobody() {
    let owner = sign_up("revoked");
    let stack = owner.stack();
    let (id, secret) = token(&owner, &["members:read"]);
    assert_eq!(ask(stack, &secret, "/v1/members").status, 200);
    let path = format!("/v1/tokens/{id}");
    let stranger = sign_up("stranger");
    let foreign = stranger.delete(&path).unwrap();
    let missing = format!("/v1/tokens/{}", TokenId::mint());
    let missing = stranger.delete(&missing).unwrap();
    problem(&foreign, 404);
    assert_eq!(without_request_id(&foreign), without_request_id(&missing));
    assert_eq!(owner.delete(&path).unwrap().status, 204);
    let gone = becomes(401, || ask(stack, &secret, "/v1/members"));
    problem(&owner.delete(&path).unwrap(), 404);
    let last = if secret.ends_with('0') { '1' } else { '0' };
    let wrong = format!("{}{last}", &secret[..secret.len() - 1]);
    let wrong = ask(stack, &wrong, "/v1/members");
    assert_eq!(without_request_id(&gone), without_request_id(&wrong));
}

#[test]
fn a_program_is_narrowed_and_ended_with_its_maker() {
    let owner = sign_up("maker");
    let stack = owner.stack();
    let admin = owner.joined_by("admin").unwrap();
    let (_, secret) = token(&admin, &["users:read", "members:read"]);
    assert_eq!(ask(stack, &secret, "/v1/users").status, 200);
    let path = format!("/v1/members/{}", admin.user_id);
    let request = owner.request("PATCH", &path);
    let demoted = request.json(&json!({ "role": "viewer" })).send().unwrap();
    assert_eq!(demoted.status, 200, "{demoted}");
    let refused = becomes(403, || ask(stack, &secret, "/v1/users"));
    assert_eq!(slug(&refused, 403), "forbidden");
    assert_eq!(ask(stack, &secret, "/v1/members").status, 200);
    assert_eq!(owner.delete(&path).unwrap().status, 204);
    becomes(401, || ask(stack, &secret, "/v1/members"));
    assert_eq!(tokens(&owner).len(), 0);
}

#[test]
fn a_program_reaches_its_own_company_only() {
    let (owner, other) = (sign_up("own"), sign_up("foreign"));
    let (_, secret) = token(&owner, &["members:read"]);
    // The address inside the token decides nothing by itself: the secret is bound to it.
    let bare = |id: &str| id.trim_start_matches("ten_").to_owned();
    let moved = secret.replace(&bare(&owner.tenant_id), &bare(&other.tenant_id));
    assert_ne!(moved, secret);
    problem(&ask(owner.stack(), &moved, "/v1/members"), 401);
    let list = ask(owner.stack(), &secret, "/v1/members");
    let list = list.expect(200).unwrap().json().unwrap();
    assert_eq!(list["items"][0]["userId"], owner.user_id.as_str());
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}
