//! How a global owner comes to be, what one may do, and what nobody else may.

use outlay_testkit::{
    Operator,
    account::{REFRESH_COOKIE, log_in},
    operator::{accept, invite},
    stack::text,
};
use serde_json::{Value, json};

use crate::support::{problem, sign_up, slug, stack};

const PASSWORD: &str = "a long enough pass phrase";

/// Every operation of the area that needs a token, with a path that leads somewhere.
const OPERATIONS: [(&str, &str); 17] = [
    ("GET", "/v1/admin/tenants"),
    ("GET", "/v1/admin/tenants/ten_00000000000000000000000000"),
    ("PATCH", "/v1/admin/tenants/ten_00000000000000000000000000"),
    (
        "POST",
        "/v1/admin/tenants/ten_00000000000000000000000000/suspend",
    ),
    (
        "POST",
        "/v1/admin/tenants/ten_00000000000000000000000000/restore",
    ),
    ("GET", "/v1/admin/users"),
    ("GET", "/v1/admin/users/usr_00000000000000000000000000"),
    (
        "POST",
        "/v1/admin/users/usr_00000000000000000000000000/suspend",
    ),
    (
        "POST",
        "/v1/admin/users/usr_00000000000000000000000000/restore",
    ),
    ("GET", "/v1/admin/stats"),
    ("GET", "/v1/admin/config"),
    ("PUT", "/v1/admin/config"),
    ("GET", "/v1/admin/sync"),
    ("POST", "/v1/admin/sync/platform-monitor"),
    ("GET", "/v1/admin/logs"),
    ("GET", "/v1/admin/health"),
    ("GET", "/v1/admin/audit"),
];

#[test]
fn a_link_makes_one_global_owner_and_works_once() {
    let stack = stack();
    let email = format!("link.{}@example.com", outlay_core::UserId::mint());
    let told = invite(&stack, &email, true).unwrap();
    assert_eq!(told["status"], "invited", "{told}");
    let code = text(&told, "/code").unwrap();
    assert_eq!(
        slug(&accept(&stack, &email, "wrong", PASSWORD).unwrap(), 400),
        "wrong-code"
    );
    let short = accept(&stack, &email, code, "short").unwrap();
    assert_eq!(problem(&short, 400)["errors"][0]["pointer"], "/password");
    let other = accept(&stack, "somebody@example.com", code, PASSWORD).unwrap();
    assert_eq!(slug(&other, 400), "wrong-code");
    accept(&stack, &email, code, PASSWORD)
        .unwrap()
        .expect(201)
        .unwrap();
    assert_eq!(
        slug(&accept(&stack, &email, code, PASSWORD).unwrap(), 400),
        "wrong-code"
    );
    let owner = Operator::log_in(&stack, &email, PASSWORD).unwrap();
    let me = owner
        .get("/v1/auth/me")
        .unwrap()
        .expect(200)
        .unwrap()
        .json()
        .unwrap();
    assert_eq!(
        (&me["role"], &me["tenant"]),
        (&json!("global_owner"), &Value::Null)
    );
    assert_eq!(
        me["permissions"],
        json!(["platform:read", "platform:manage"])
    );
}

#[test]
fn a_second_global_owner_must_be_asked_for_and_an_address_belongs_to_one() {
    let owner = Operator::make(&stack(), "second").unwrap();
    let stack = owner.stack();
    let fresh = format!("fresh.{}@example.com", outlay_core::UserId::mint());
    assert_eq!(invite(stack, &fresh, false).unwrap()["status"], "refused");
    let member = sign_up("owner-to-be");
    for taken in [&owner.email, &member.email] {
        let told = invite(stack, taken, true).unwrap();
        assert_eq!(told["status"], "refused", "{told}");
        assert!(told.get("code").is_none());
    }
    assert_eq!(
        invite(stack, "no address", true).unwrap()["status"],
        "refused"
    );
}

#[test]
fn nobody_else_is_let_into_the_platforms_area() {
    let member = sign_up("no-admin");
    let stack = member.stack();
    for (method, path) in OPERATIONS {
        let refused = member.request(method, path).send().unwrap();
        assert_eq!(slug(&refused, 403), "not-a-global-owner", "{method} {path}");
        problem(&stack.request(method, path).send().unwrap(), 401);
        problem(
            &stack
                .request(method, path)
                .bearer("garbage")
                .send()
                .unwrap(),
            401,
        );
    }
}

#[test]
fn a_global_owner_has_no_company() {
    let owner = Operator::make(&stack(), "no-company").unwrap();
    for (method, path) in [
        ("GET", "/v1/uploads"),
        ("POST", "/v1/uploads"),
        ("GET", "/v1/uploads/upl_00000000000000000000000000"),
        ("DELETE", "/v1/uploads/upl_00000000000000000000000000"),
        ("GET", "/v1/costs/dashboard"),
        ("GET", "/v1/costs/trends"),
        ("GET", "/v1/costs/query"),
    ] {
        let refused = owner.request(method, path).send().unwrap();
        assert_eq!(slug(&refused, 403), "no-tenant", "{method} {path}");
    }
}

#[test]
fn a_global_owners_session_is_renewed_and_its_end_bites_at_once() {
    let owner = Operator::make(&stack(), "session").unwrap();
    let of_cookie = |path: &str, cookie: &str| {
        let request = owner.stack().request("POST", path);
        let request = request.header("cookie", &format!("{REFRESH_COOKIE}={cookie}"));
        request
            .header("sec-fetch-site", "same-origin")
            .send()
            .unwrap()
    };
    let renewed = of_cookie("/v1/auth/refresh", &owner.refresh)
        .expect(200)
        .unwrap();
    assert_eq!(renewed.json().unwrap()["role"], "global_owner");
    owner.get("/v1/admin/stats").unwrap().expect(200).unwrap();
    let cookie = renewed.cookie(REFRESH_COOKIE).unwrap();
    assert_eq!(of_cookie("/v1/auth/logout", cookie).status, 204);
    problem(&owner.get("/v1/admin/stats").unwrap(), 401);
}

#[test]
fn strange_questions_are_refused_with_their_place() {
    let owner = Operator::make(&stack(), "strict").unwrap();
    for (method, path) in OPERATIONS {
        let asked = owner.request(method, &format!("{path}?__proto__=1"));
        problem(&asked.send().unwrap(), 400);
    }
    for path in [
        "/v1/admin/tenants/x",
        "/v1/admin/tenants/ten_00000000000000000000000000",
        "/v1/admin/users/%2e%2e",
        "/v1/admin/users/usr_00000000000000000000000000",
    ] {
        problem(&owner.get(path).unwrap(), 404);
    }
    problem(
        &owner.post("/v1/admin/sync/nothing", &json!({})).unwrap(),
        404,
    );
    for query in ["limit=0", "cursor=x", "standing=gone", "limit=5&limit=6"] {
        problem(
            &owner.get(&format!("/v1/admin/tenants?{query}")).unwrap(),
            400,
        );
        problem(
            &owner.get(&format!("/v1/admin/users?{query}")).unwrap(),
            400,
        );
    }
    let missing = "/v1/admin/tenants/ten_00000000000000000000000000/suspend";
    problem(
        &owner.post(missing, &json!({ "reason": "x" })).unwrap(),
        404,
    );
    for body in [
        json!({}),
        json!({ "reason": "" }),
        json!({ "reason": "x", "role": "owner" }),
    ] {
        problem(&owner.post(missing, &body).unwrap(), 400);
    }
    let myself = format!("/v1/admin/users/{}/suspend", owner.user_id);
    let refused = owner.post(&myself, &json!({ "reason": "tired" })).unwrap();
    assert_eq!(slug(&refused, 409), "not-yourself");
    let back = format!("/v1/admin/users/{}/restore", owner.user_id);
    let refused = owner.post(&back, &json!({ "reason": "rested" })).unwrap();
    assert_eq!(slug(&refused, 409), "not-yourself");
}

#[test]
fn a_suspended_person_is_out_everywhere_until_restored() {
    let owner = Operator::make(&stack(), "suspender").unwrap();
    let member = sign_up("suspended-person");
    let stack = member.stack();
    let path = format!("/v1/admin/users/{}", member.user_id);
    let seen = owner
        .get(&path)
        .unwrap()
        .expect(200)
        .unwrap()
        .json()
        .unwrap();
    assert_eq!(seen["email"], member.email.as_str());
    assert_eq!(seen["companies"][0]["tenantId"], member.tenant_id.as_str());
    assert_eq!(seen["sessions"], 1);
    let found = owner.get(&format!("/v1/admin/users?email={}", member.email));
    let found = found.unwrap().expect(200).unwrap().json().unwrap();
    assert_eq!(found["items"][0]["id"], member.user_id.as_str());

    let reason = json!({ "reason": "Lost a laptop" });
    for _ in 0..2 {
        let done = owner.post(&format!("{path}/suspend"), &reason).unwrap();
        assert_eq!(
            done.expect(200).unwrap().json().unwrap()["standing"],
            "suspended"
        );
    }
    let refused = log_in(stack, &member.email, &member.password).unwrap();
    assert_eq!(slug(&refused, 403), "account-suspended");
    let refreshed = stack
        .request("POST", "/v1/auth/refresh")
        .header("cookie", &format!("{REFRESH_COOKIE}={}", member.refresh))
        .header("sec-fetch-site", "same-origin");
    problem(&refreshed.send().unwrap(), 401);
    let seen = owner.get(&path).unwrap().json().unwrap();
    assert_eq!(
        (&seen["standing"], &seen["sessions"]),
        (&json!("suspended"), &json!(0))
    );

    owner
        .post(&format!("{path}/restore"), &reason)
        .unwrap()
        .expect(200)
        .unwrap();
    assert_eq!(
        log_in(stack, &member.email, &member.password)
            .unwrap()
            .status,
        200
    );
}
