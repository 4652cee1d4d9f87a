//! What one does with one's own account: the name, the log of it, a further company.

use std::thread;

use outlay_core::TenantId;
use outlay_testkit::{Account, Answer, Operator};
use serde_json::{Value, json};

use crate::{
    support::{problem, sign_up, slug, stack},
    tables::Tables,
};

fn json_of(answer: Answer) -> Value {
    answer.expect(200).unwrap().json().unwrap()
}

fn rename(account: &Account, name: &str) -> Answer {
    let request = account.request("PATCH", "/v1/auth/me");
    request.json(&json!({ "name": name })).send().unwrap()
}

fn found(account: &Account, name: &str) -> Answer {
    account
        .post("/v1/tenants", &json!({ "name": name }))
        .unwrap()
}

/// How the company of `seen_by` shows the person.
fn shown(seen_by: &Account, person: &Account) -> Value {
    let mut page = json_of(seen_by.get("/v1/members").unwrap());
    let people = page["items"].as_array_mut().unwrap();
    let found = people
        .iter_mut()
        .find(|p| p["userId"] == person.user_id.as_str());
    found.unwrap()["name"].take()
}

fn entries(account: &Account, path: &str) -> Vec<Value> {
    let page = json_of(account.get(path).unwrap());
    page["items"].as_array().unwrap().clone()
}

fn actions(entries: &[Value]) -> Vec<&str> {
    let actions = entries.iter().map(|e| e["action"].as_str());
    actions.map(Option::unwrap).collect()
}

/// An API token with what a program may be given.
fn program(of: &Account) -> String {
    let body = json!({ "name": "nightly", "scopes": ["costs:read"], "expiresInDays": 1 });
    let made = of.post("/v1/tokens", &body).unwrap().expect(201).unwrap();
    made.json().unwrap()["secret"].as_str().unwrap().to_owned()
}

#[test]
fn a_new_name_is_shown_everywhere() {
    let (account, other) = (sign_up("renamed"), sign_up("renamed-elsewhere"));
    Tables::of(account.stack()).join(&other.tenant_id, &account.user_id, "viewer");
    let person = json_of(rename(&account, " Zoë Example "));
    assert_eq!(
        person,
        json!({ "id": account.user_id, "name": "Zoë Example", "email": account.email })
    );
    let me = json_of(account.get("/v1/auth/me").unwrap());
    assert_eq!(me["user"], person);
    for company in [&account, &other] {
        assert_eq!(shown(company, &account), "Zoë Example");
        let told = entries(company, "/v1/audit?action=members.rename");
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!(told[0]["actor"]["id"], account.user_id.as_str());
        assert_eq!(told[0]["before"], json!({ "name": "Robin Example" }));
        assert_eq!(told[0]["after"], json!({ "name": "Zoë Example" }));
    }
    assert_eq!(shown(&other, &other), "Robin Example");
    let told = entries(&account, "/v1/auth/audit?action=auth.rename");
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0]["after"], json!({ "name": "Zoë Example" }));
}

#[test]
fn the_same_name_again_mends_what_was_left_and_tells_no_more() {
    let (account, other) = (sign_up("mended"), sign_up("mended-elsewhere"));
    Tables::of(account.stack()).join(&other.tenant_id, &account.user_id, "viewer");
    json_of(rename(&account, "Zoë"));
    // A company shows another name, as it does where a change broke off.
    let path = format!("/v1/users/{}", account.user_id);
    let seen = other.get(&path).unwrap();
    let request = other.request("PATCH", &path);
    let request = request.header("if-match", seen.header("etag").unwrap());
    json_of(request.json(&json!({ "name": "Robin" })).send().unwrap());
    assert_eq!(shown(&other, &account), "Robin");
    for _ in 0..2 {
        assert_eq!(json_of(rename(&account, "Zoë"))["name"], "Zoë");
        assert_eq!(shown(&other, &account), "Zoë");
    }
    let told = entries(&other, "/v1/audit?action=members.rename");
    assert_eq!(told.len(), 2, "{told:#?}");
    for path in [
        "/v1/audit?action=members.rename",
        "/v1/auth/audit?action=auth.rename",
    ] {
        assert_eq!(entries(&account, path).len(), 1, "{path}");
    }
}

#[test]
fn names_given_at_once_leave_one_everywhere() {
    let (account, other) = (sign_up("at-once"), sign_up("at-once-elsewhere"));
    Tables::of(account.stack()).join(&other.tenant_id, &account.user_id, "viewer");
    let names: Vec<String> = (0..4).map(|n| format!("Name {n}")).collect();
    let statuses: Vec<u16> = thread::scope(|scope| {
        let account = &account;
        let all: Vec<_> = names
            .iter()
            .map(|name| scope.spawn(move || rename(account, name).status))
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(statuses.contains(&200), "{statuses:?}");
    assert!(
        statuses.iter().all(|s| [200, 409].contains(s)),
        "{statuses:?}"
    );
    let me = json_of(account.get("/v1/auth/me").unwrap());
    for company in [&account, &other] {
        assert_eq!(shown(company, &account), me["user"]["name"]);
    }
}

#[test]
fn a_name_is_one_line_of_a_person() {
    let account = sign_up("naming");
    for name in ["", "  ", "two\nlines", &"x".repeat(101)] {
        let refused = problem(&rename(&account, name), 400);
        assert_eq!(refused["errors"][0]["pointer"], "/name", "{name:?}");
    }
    for body in [
        json!({}),
        json!({ "name": "Zoë", "email": "zoe@example.com" }),
    ] {
        let request = account.request("PATCH", "/v1/auth/me");
        problem(&request.json(&body).send().unwrap(), 400);
    }
    let stack = account.stack();
    let patch = || {
        let request = stack.request("PATCH", "/v1/auth/me");
        request.json(&json!({ "name": "Zoë" }))
    };
    problem(&patch().send().unwrap(), 401);
    let refused = patch().bearer(&program(&account)).send().unwrap();
    assert_eq!(slug(&refused, 403), "forbidden");
    assert_eq!(shown(&account, &account), "Robin Example");
}

#[test]
fn a_global_owner_has_a_name_and_a_log_too() {
    let owner = Operator::make(&stack(), "named").unwrap();
    let request = owner.request("PATCH", "/v1/auth/me");
    let person = json_of(request.json(&json!({ "name": "Olga Neu" })).send().unwrap());
    assert_eq!(person["name"], "Olga Neu");
    let me = json_of(owner.get("/v1/auth/me").unwrap());
    assert_eq!(me["user"], person);
    let log = json_of(owner.get("/v1/auth/audit").unwrap());
    let log = log["items"].as_array().unwrap();
    // Who works for no company signs in here.
    assert_eq!(actions(log), ["auth.rename", "auth.login"]);
    assert_eq!(
        log[0]["actor"],
        json!({ "kind": "platform-user", "id": owner.user_id })
    );
}

#[test]
fn one_reads_what_was_done_to_the_own_account() {
    let (account, other) = (sign_up("own-log"), sign_up("own-log-other"));
    let stack = account.stack();
    Account::log_in(stack, &account.email, &account.password).unwrap();
    assert_eq!(account.delete("/v1/auth/sessions").unwrap().status, 204);
    let change = json!({ "currentPassword": account.password, "newPassword": account.password });
    let changed = account.post("/v1/auth/password/change", &change).unwrap();
    assert_eq!(changed.status, 204, "{changed}");
    json_of(rename(&account, "Zoë"));
    let log = entries(&account, "/v1/auth/audit");
    assert_eq!(
        actions(&log),
        [
            "auth.rename",
            "auth.change-password",
            "auth.end-other-sessions"
        ]
    );
    for entry in &log {
        assert_eq!(entry["actor"]["id"], account.user_id.as_str());
        assert_eq!(entry["origin"]["address"], "127.0.0.1");
        assert!(!entry.to_string().contains(&account.password));
    }
    // Signing in stands where the session works.
    let of_company = entries(&account, "/v1/audit?action=auth.login");
    assert_eq!(of_company.len(), 1, "{of_company:#?}");

    let first = json_of(account.get("/v1/auth/audit?limit=2").unwrap());
    assert_eq!(first["items"], json!(log[..2]));
    let cursor = first["nextCursor"].as_str().unwrap();
    let next = format!("/v1/auth/audit?cursor={cursor}");
    assert_eq!(entries(&account, &next), log[2..]);
    problem(&other.get(&next).unwrap(), 400);
    problem(
        &account.get(&format!("/v1/audit?cursor={cursor}")).unwrap(),
        400,
    );
    for bad in ["?userId=1", "?from=x", "?limit=101", "?action=a&action=b"] {
        problem(&account.get(&format!("/v1/auth/audit{bad}")).unwrap(), 400);
    }
    assert!(entries(&other, "/v1/auth/audit").is_empty());
    problem(&stack.request("GET", "/v1/auth/audit").send().unwrap(), 401);
    let request = stack.request("GET", "/v1/auth/audit");
    let refused = request.bearer(&program(&account)).send().unwrap();
    assert_eq!(slug(&refused, 403), "forbidden");
}

#[test]
fn whoever_is_signed_in_founds_a_further_company() {
    let account = sign_up("first");
    let member = account.joined_by("viewer").unwrap();
    let made = found(&member, " Second GmbH ").expect(201).unwrap();
    assert_eq!(made.header("location"), Some("/v1/tenants/current"));
    let made = made.json().unwrap();
    assert_eq!(made["name"], "Second GmbH");
    let me = json_of(member.get("/v1/auth/me").unwrap());
    assert_eq!(
        me["tenant"]["id"],
        account.tenant_id.as_str(),
        "until switching"
    );
    let second = me["tenants"].as_array().unwrap().iter();
    let second: Vec<&Value> = second.filter(|t| t["id"] == made["id"]).collect();
    assert_eq!(
        second,
        [
            &json!({ "id": made["id"], "name": "Second GmbH", "role": "owner", "standing": "active" })
        ]
    );

    let switch = json!({ "tenantId": made["id"] });
    let session = json_of(member.post("/v1/auth/switch", &switch).unwrap());
    assert_eq!(session["role"], "owner");
    let mut there = member.clone();
    session["accessToken"]
        .as_str()
        .unwrap()
        .clone_into(&mut there.token);
    let company = json_of(there.get("/v1/tenants/current").unwrap());
    assert_eq!(
        (&company["id"], &company["profile"]),
        (&made["id"], &json!("full"))
    );
    let people = json_of(there.get("/v1/members").unwrap());
    assert_eq!(people["items"].as_array().unwrap().len(), 1);
    assert_eq!(shown(&there, &member), "Kim Example");
    let log = entries(&there, "/v1/audit");
    assert_eq!(actions(&log), ["auth.switch", "tenants.create"]);
    assert_eq!(log[1]["after"], json!({ "name": "Second GmbH" }));
    let foreign = json_of(account.get("/v1/auth/me").unwrap());
    assert_eq!(foreign["tenants"].as_array().unwrap().len(), 1);
}

#[test]
fn five_companies_in_an_hour_and_none_for_programs_or_global_owners() {
    let account = sign_up("founder");
    for body in [
        json!({}),
        json!({ "name": "" }),
        json!({ "name": "two\nlines" }),
        json!({ "name": "E", "profile": "full" }),
    ] {
        problem(&account.post("/v1/tenants", &body).unwrap(), 400);
    }
    let stack = account.stack();
    let post = || {
        let request = stack.request("POST", "/v1/tenants");
        request.json(&json!({ "name": "Example" }))
    };
    problem(&post().send().unwrap(), 401);
    let refused = post().bearer(&program(&account)).send().unwrap();
    assert_eq!(slug(&refused, 403), "forbidden");
    let owner = Operator::make(stack, "founding").unwrap();
    let refused = post().bearer(&owner.token).send().unwrap();
    assert_eq!(slug(&refused, 403), "no-tenant");

    for n in 0..5 {
        found(&account, &format!("Company {n}"))
            .expect(201)
            .unwrap();
    }
    let refused = found(&account, "One too many");
    assert_eq!(slug(&refused, 429), "too-many-requests");
    let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((3000..=3601).contains(&wait), "{wait}");
    let me = json_of(account.get("/v1/auth/me").unwrap());
    assert_eq!(me["tenants"].as_array().unwrap().len(), 6);
}

#[test]
fn a_person_is_in_fifty_companies_and_no_more() {
    let account = sign_up("full");
    let tables = Tables::of(account.stack());
    for _ in 0..48 {
        tables.join(&TenantId::mint().to_string(), &account.user_id, "viewer");
    }
    let statuses: Vec<u16> = thread::scope(|scope| {
        let account = &account;
        let all: Vec<_> = (0..3)
            .map(|_| scope.spawn(move || found(account, "The fiftieth").status))
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let made = statuses.iter().filter(|status| **status == 201).count();
    assert_eq!(made, 1, "{statuses:?}");
    assert!(
        statuses.iter().all(|s| [201, 409].contains(s)),
        "{statuses:?}"
    );
    let refused = found(&account, "One too many");
    assert_eq!(slug(&refused, 409), "too-many-companies");
}
