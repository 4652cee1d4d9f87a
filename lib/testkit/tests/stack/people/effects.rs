//! Demotion, suspension, removal, signing out: that they take effect while access tokens live.

use std::time::{Duration, Instant};

use outlay_core::UserId;
use outlay_testkit::{
    Account, Answer, Stack,
    account::{PASSWORD, REFRESH_COOKIE, log_in},
    proof::measured,
    stack::wait_until,
};
use serde_json::{Value, json};

use super::{change, json_of, patch, patch_current, set_role};
use crate::support::{problem, sign_up, slug, without_request_id};

/// Promise 23: whatever changes or administers notices within a minute.
const NOTICED: Duration = Duration::from_mins(1);

/// How long until the same request is answered with this status.
fn noticed(status: u16, ask: impl Fn() -> Answer) -> (Duration, Answer) {
    let start = Instant::now();
    let answer = wait_until("the refusal", NOTICED.as_secs(), || {
        let answer = ask();
        Ok((answer.status == status).then_some(answer))
    });
    (start.elapsed(), answer.unwrap())
}

/// Notes the figure, and holds it to the promise.
#[track_caller]
fn takes_effect(promise: &'static str, what: &'static str, after: Duration) {
    let figure = format!("changes refused after {} ms", after.as_millis());
    measured(promise, what, "changes <= 60 s", figure);
    assert!(after <= NOTICED, "{after:?}");
}

fn refresh(account: &Account) -> Answer {
    let cookie = format!("{REFRESH_COOKIE}={}", account.refresh);
    let request = account.stack().request("POST", "/v1/auth/refresh");
    let request = request.header("cookie", &cookie);
    request
        .header("sec-fetch-site", "same-origin")
        .send()
        .unwrap()
}

/// What only the operator of the platform does: sets a field of the company's item.
fn set_company(stack: &Stack, tenant: &str, field: &str, value: &str) {
    let update = json!({
        "TableName": stack.table_name,
        "Key": { "pk": { "S": format!("TENANT#{tenant}") }, "sk": { "S": "TENANT" } },
        "UpdateExpression": "SET #f = :v", "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeNames": { "#f": field },
        "ExpressionAttributeValues": { ":v": { "S": value } },
    });
    let root = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, \
        SignedHeaders=host, Signature=none";
    let request = stack.request_to("POST", &stack.aws_endpoint);
    let request = request
        .header("authorization", root)
        .header("x-amz-target", "DynamoDB_20120810.UpdateItem")
        .header("content-type", "application/x-amz-json-1.0");
    let answer = request.body(update.to_string()).send().unwrap();
    answer.expect(200).unwrap();
}

#[test]
fn a_demotion_takes_effect_while_the_token_lives() {
    let owner = sign_up("demotion");
    let member = owner.joined_by("member").unwrap();
    assert_eq!(change(&member).status, 201);
    json_of(set_role(&owner, &member, "viewer"));
    let (after, refused) = noticed(403, || change(&member));
    assert_eq!(slug(&refused, 403), "forbidden");
    takes_effect("23", "a demotion takes effect while the token lives", after);
    assert_eq!(
        member.get("/v1/uploads").unwrap().status,
        200,
        "a viewer reads"
    );
}

#[test]
fn a_suspension_takes_effect_and_is_lifted() {
    let owner = sign_up("suspension");
    let member = owner.joined_by("member").unwrap();
    assert_eq!(change(&member).status, 201);
    let path = format!("/v1/users/{}", member.user_id);
    let own = format!("/v1/users/{}", owner.user_id);
    let suspend = json!({ "standing": "suspended" });
    assert_eq!(
        slug(&patch(&owner, &path, &suspend), 428),
        "if-match-required"
    );
    json_of(patch_current(&owner, &path, &suspend));
    assert_eq!(
        slug(&patch_current(&owner, &own, &suspend), 409),
        "own-account"
    );
    let (after, refused) = noticed(403, || change(&member));
    assert_eq!(slug(&refused, 403), "membership-suspended");
    takes_effect(
        "23a",
        "a suspension takes effect while the token lives",
        after,
    );
    assert_eq!(slug(&refresh(&member), 401), "session-ended");
    json_of(patch_current(
        &owner,
        &path,
        &json!({ "standing": "active" }),
    ));
    noticed(201, || change(&member));
}

#[test]
fn whoever_was_taken_out_is_nobody_there() {
    let owner = sign_up("removal");
    let member = owner.joined_by("member").unwrap();
    assert_eq!(change(&member).status, 201);
    let path = format!("/v1/members/{}", member.user_id);
    assert_eq!(owner.delete(&path).unwrap().status, 204);
    let foreign = owner.delete(&path).unwrap();
    let missing = owner
        .delete(&format!("/v1/members/{}", UserId::mint()))
        .unwrap();
    problem(&foreign, 404);
    assert_eq!(without_request_id(&foreign), without_request_id(&missing));
    let (after, _) = noticed(401, || change(&member));
    assert!(after <= NOTICED, "{after:?}");
    assert_eq!(slug(&refresh(&member), 401), "session-ended");
    // The account is there still: it can be invited again.
    let signed_in = log_in(owner.stack(), &member.email, PASSWORD).unwrap();
    assert_eq!(slug(&signed_in, 403), "no-company");
    let token = owner.invite(&member.email, "viewer").unwrap();
    let accept = |password: &str| {
        let body = json!({ "token": token, "name": "Somebody Else", "password": password });
        let request = owner.stack().request("POST", "/v1/members/invites/accept");
        request.json(&body).send().unwrap()
    };
    assert_eq!(
        slug(&accept("not the pass phrase"), 401),
        "sign-in-to-accept"
    );
    accept(PASSWORD).expect(200).unwrap();
    let back = log_in(owner.stack(), &member.email, PASSWORD).unwrap();
    let back = back.expect(200).unwrap().json().unwrap();
    assert_eq!(
        back["user"]["id"],
        member.user_id.as_str(),
        "the same account"
    );
    assert_eq!(back["role"], "viewer");
}

/// What a container knows of a caller may be old: it must not undo the end of the caller's own rights.
#[test]
fn nobody_takes_back_what_was_taken_from_them() {
    let owner = sign_up("taking-back");
    let second = owner.joined_by("owner").unwrap();
    let myself = format!("/v1/members/{}", second.user_id);
    let own_role = |role: &str| {
        let request = second.request("PATCH", &myself);
        request.json(&json!({ "role": role })).send().unwrap()
    };
    let end = |name: &str| {
        let request = second.request("DELETE", "/v1/tenants/current");
        request.json(&json!({ "confirm": name })).send().unwrap()
    };
    // Known to the containers as an owner from here on.
    assert_eq!(own_role("owner").status, 200);
    problem(&end("another name"), 400);
    let demoted = owner.request("PATCH", &myself);
    let demoted = demoted.json(&json!({ "role": "viewer" })).send().unwrap();
    demoted.expect(200).unwrap();
    for _ in 0..3 {
        let refused = own_role("owner");
        assert!([403, 409].contains(&refused.status), "{refused}");
        let refused = end("taking-back");
        assert!([401, 403, 409].contains(&refused.status), "{refused}");
    }
    let people = owner.get("/v1/members").unwrap().json().unwrap();
    let listed = people["items"].as_array().unwrap();
    let me = listed
        .iter()
        .find(|p| p["userId"] == second.user_id.as_str());
    assert_eq!(me.unwrap()["role"], "viewer", "{people}");
    owner.get("/v1/uploads").unwrap().expect(200).unwrap();
}

#[test]
fn nobody_is_made_to_end_and_nobody_restores_oneself() {
    let owner = sign_up("standing");
    let member = owner.joined_by("admin").unwrap();
    let change = |by: &Account, whom: &Account, standing: &str| {
        let path = format!("/v1/users/{}", whom.user_id);
        let etag = owner.get(&path).unwrap();
        let etag = etag.header("etag").unwrap().to_owned();
        let request = by.request("PATCH", &path).header("if-match", &etag);
        request
            .json(&json!({ "standing": standing }))
            .send()
            .unwrap()
    };
    problem(&change(&owner, &owner, "ending"), 400);
    problem(&change(&owner, &member, "ending"), 400);
    for standing in ["active", "suspended"] {
        assert_eq!(slug(&change(&owner, &owner, standing), 409), "own-account");
        assert_eq!(
            slug(&change(&member, &member, standing), 409),
            "own-account"
        );
    }
    change(&owner, &member, "suspended").expect(200).unwrap();
    for _ in 0..3 {
        let refused = change(&member, &member, "active");
        assert!([403, 409].contains(&refused.status), "{refused}");
    }
}

#[test]
fn signing_out_ends_what_the_token_may_change() {
    let owner = sign_up("signing-out");
    assert_eq!(change(&owner).status, 201);
    let cookie = format!("{REFRESH_COOKIE}={}", owner.refresh);
    let request = owner.stack().request("POST", "/v1/auth/logout");
    let request = request.header("cookie", &cookie);
    let out = request.header("sec-fetch-site", "same-origin").send();
    assert_eq!(out.unwrap().status, 204);
    let (after, _) = noticed(401, || change(&owner));
    takes_effect(
        "23b",
        "signing out takes effect while the token lives",
        after,
    );
}

#[test]
fn a_suspended_company_stands_still() {
    let owner = sign_up("standstill");
    assert_eq!(change(&owner).status, 201);
    set_company(owner.stack(), &owner.tenant_id, "standing", "suspended");
    let (after, refused) = noticed(403, || change(&owner));
    assert_eq!(slug(&refused, 403), "company-suspended");
    assert!(after <= NOTICED, "{after:?}");
    let (after, refused) = noticed(403, || owner.get("/v1/uploads").unwrap());
    assert_eq!(slug(&refused, 403), "company-suspended");
    assert!(after <= NOTICED, "{after:?}");
    let me = json_of(owner.get("/v1/auth/me").unwrap());
    assert_eq!(me["tenants"][0]["standing"], "suspended");
    set_company(owner.stack(), &owner.tenant_id, "standing", "active");
    noticed(201, || change(&owner));
}

#[test]
fn a_company_has_the_modules_of_its_profile() {
    let owner = sign_up("profile");
    let told = json_of(owner.get("/v1/tenants/current/capabilities").unwrap());
    assert_eq!(
        (&told["profile"], &told["landingRoute"]),
        (&json!("full"), &json!("/overview"))
    );
    set_company(owner.stack(), &owner.tenant_id, "profile", "explorer");
    let (_, refused) = noticed(403, || change(&owner));
    assert_eq!(slug(&refused, 403), "module-not-included");
    let (_, refused) = noticed(403, || owner.get("/v1/uploads").unwrap());
    assert_eq!(slug(&refused, 403), "module-not-included");
    assert_eq!(owner.get("/v1/members").unwrap().status, 200);
    let me = json_of(owner.get("/v1/auth/me").unwrap());
    assert_eq!(me["landingRoute"], "/explore");
    let has = |list: &Value, name: &str| list.as_array().unwrap().contains(&json!(name));
    assert!(has(&me["modules"], "costs") && !has(&me["modules"], "uploads"));
    assert!(has(&me["permissions"], "costs:read") && !has(&me["permissions"], "uploads:write"));
}
