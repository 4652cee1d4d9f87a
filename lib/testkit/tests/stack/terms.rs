//! What a global owner agrees with a company, what the platform's audit tells of it, and a global owner's own account.

use outlay_testkit::{Account, Answer, Operator, account::log_in, stack::wait_until};
use serde_json::{Value, json};

use crate::support::{problem, sign_up, slug, stack};

/// Whatever a container believes of a company is believed for so long.
const SOON: u64 = 90;

fn terms(profile: &str, limits: &Value) -> Value {
    json!({ "terms": { "profile": profile, "limits": limits }, "reason": "Contract 17" })
}

fn update(owner: &Operator, account: &Account, etag: &str, body: &Value) -> Answer {
    let path = format!("/v1/admin/tenants/{}", account.tenant_id);
    let request = owner.request("PATCH", &path).header("if-match", etag);
    request.json(body).send().unwrap()
}

fn etag(owner: &Operator, account: &Account) -> String {
    let seen = owner.get(&format!("/v1/admin/tenants/{}", account.tenant_id));
    let seen = seen.unwrap().expect(200).unwrap();
    seen.header("etag").unwrap().to_owned()
}

#[test]
fn a_profile_says_what_a_company_has_of_the_product() {
    let owner = Operator::make(&stack(), "agrees-a-profile").unwrap();
    let account = sign_up("has-a-profile");
    let tag = etag(&owner, &account);
    let done = update(&owner, &account, &tag, &terms("explorer", &Value::Null));
    let done = done.expect(200).unwrap();
    assert_eq!(
        done.json().unwrap(),
        json!({ "profile": "explorer", "limits": null })
    );
    let stale = update(&owner, &account, &tag, &terms("full", &Value::Null));
    assert_eq!(slug(&stale, 412), "outdated");
    let upload = json!({ "fileName": "a.csv", "sizeBytes": 10, "contentType": "text/csv" });
    let refused = wait_until("refusal of what is not agreed", SOON, || {
        let answer = account.post("/v1/uploads", &upload)?;
        Ok((answer.status == 403).then_some(answer))
    });
    assert_eq!(slug(&refused.unwrap(), 403), "module-not-included");
    account
        .get("/v1/costs/trends")
        .unwrap()
        .expect(200)
        .unwrap();
    let back = terms("full", &Value::Null);
    let tag = done.header("etag").unwrap();
    update(&owner, &account, tag, &back).expect(200).unwrap();
    wait_until("what is agreed again", SOON, || {
        let answer = account.post("/v1/uploads", &upload)?;
        Ok((answer.status == 201).then_some(()))
    })
    .unwrap();
}

#[test]
fn limits_can_be_agreed_with_a_company() {
    let owner = Operator::make(&stack(), "agrees-limits").unwrap();
    let account = sign_up("has-limits");
    let limits = json!({ "tenantPerMinute": 5, "userPerMinute": 5 });
    let tag = etag(&owner, &account);
    let done = update(&owner, &account, &tag, &terms("full", &limits));
    assert_eq!(done.expect(200).unwrap().json().unwrap()["limits"], limits);
    let refused = wait_until("429 beyond what was agreed", SOON, || {
        let answer = account.get("/v1/costs/trends")?;
        Ok((answer.status == 429).then_some(answer))
    });
    let refused = refused.unwrap();
    assert_eq!(slug(&refused, 429), "too-many-requests");
    assert!(refused.header("retry-after").is_some());
}

#[test]
fn terms_are_given_whole_and_with_a_reason() {
    let owner = Operator::make(&stack(), "strict-terms").unwrap();
    let account = sign_up("strict-terms");
    let tag = etag(&owner, &account);
    let limits = |n: i64| json!({ "tenantPerMinute": n, "userPerMinute": 1 });
    for body in [
        json!({}),
        json!({ "terms": { "profile": "full", "limits": null } }),
        json!({ "terms": { "profile": "full" }, "reason": "x" }),
        json!({ "terms": { "profile": "gold", "limits": null }, "reason": "x" }),
        json!({ "terms": { "profile": "full", "limits": null }, "reason": " " }),
        json!({ "terms": { "profile": "full", "limits": null }, "reason": "x", "standing": "active" }),
        terms("full", &limits(0)),
        terms("full", &limits(-1)),
        terms("full", &limits(1_000_001)),
    ] {
        problem(&update(&owner, &account, &tag, &body), 400);
    }
    let path = format!("/v1/admin/tenants/{}", account.tenant_id);
    let unconditional = owner.request("PATCH", &path);
    let unconditional = unconditional.json(&terms("full", &Value::Null));
    assert_eq!(
        slug(&unconditional.send().unwrap(), 428),
        "if-match-required"
    );
    assert_eq!(etag(&owner, &account), tag, "nothing was changed");
}

#[test]
fn the_platforms_audit_tells_who_did_what() {
    let owner = Operator::make(&stack(), "audited").unwrap();
    let account = sign_up("audited-company");
    let tag = etag(&owner, &account);
    let limits = json!({ "tenantPerMinute": 1000, "userPerMinute": 500 });
    let changed = update(&owner, &account, &tag, &terms("full", &limits));
    changed.expect(200).unwrap();
    let asked = format!("/v1/admin/audit?target={}&limit=10", account.tenant_id);
    let told = owner.get(&asked).unwrap().expect(200).unwrap();
    let told = told.json().unwrap();
    let entry = &told["items"][0];
    assert_eq!(entry["action"], "admin.set-terms");
    assert_eq!(entry["actor"]["id"], owner.user_id.as_str());
    assert_eq!(
        entry["before"],
        json!({ "profile": "full", "limits": null })
    );
    assert_eq!(entry["after"]["limits"], limits);
    assert_eq!(entry["after"]["reason"], "Contract 17");
    let looked = told["items"][1]["action"].clone();
    assert_eq!(looked, "admin.get-tenant", "a look is told of too");
    // The company sees that it was changed, and not why.
    let own = account.get("/v1/audit?action=admin.set-terms").unwrap();
    let own = own.expect(200).unwrap().json().unwrap();
    assert_eq!(own["items"][0]["after"]["limits"], limits);
    assert!(own["items"][0]["after"].get("reason").is_none());
    let first = owner.get("/v1/admin/audit?limit=1").unwrap();
    let first = first.expect(200).unwrap().json().unwrap();
    let cursor = first["nextCursor"].as_str().unwrap();
    let second = owner.get(&format!("/v1/admin/audit?limit=1&cursor={cursor}"));
    let second = second.unwrap().expect(200).unwrap().json().unwrap();
    assert_ne!(first["items"][0]["auditId"], second["items"][0]["auditId"]);
    let another = Operator::make(&stack(), "another-cursor").unwrap();
    problem(
        &another
            .get(&format!("/v1/admin/audit?cursor={cursor}"))
            .unwrap(),
        400,
    );
}

#[test]
fn a_global_owner_has_sessions_and_a_password() {
    let owner = Operator::make(&stack(), "own-account").unwrap();
    let elsewhere = Operator::log_in(owner.stack(), &owner.email, &owner.password).unwrap();
    let listed = owner.get("/v1/auth/sessions").unwrap().expect(200).unwrap();
    let listed = listed.json().unwrap();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{listed}");
    let wrong =
        json!({ "currentPassword": "not this one at all", "newPassword": "a longer pass phrase" });
    let path = "/v1/auth/password/change";
    assert_eq!(
        slug(&owner.post(path, &wrong).unwrap(), 400),
        "wrong-password"
    );
    let next = "another long pass phrase";
    let change = json!({ "currentPassword": owner.password, "newPassword": next });
    owner.post(path, &change).unwrap().expect(204).unwrap();
    problem(&elsewhere.get("/v1/admin/stats").unwrap(), 401);
    problem(&elsewhere.get("/v1/auth/sessions").unwrap(), 401);
    owner.get("/v1/admin/stats").unwrap().expect(200).unwrap();
    assert_eq!(
        log_in(owner.stack(), &owner.email, next).unwrap().status,
        200
    );
    let others = owner.request("DELETE", "/v1/auth/sessions");
    others.send().unwrap().expect(204).unwrap();
    let left = owner.get("/v1/auth/sessions").unwrap().json().unwrap();
    assert_eq!(left["items"].as_array().unwrap().len(), 1, "{left}");
}
