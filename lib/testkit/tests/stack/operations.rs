//! What a global owner sees and does of the platform: companies, settings, schedules, logs, health.

use jiff::Timestamp;
use outlay_testkit::{Account, Operator, Stack, account::REFRESH_COOKIE, stack::wait_until};
use serde_json::{Value, json};

use crate::support::{
    CSV, assert_completed, dynamodb, platform_audit, problem, sign_up, slug, stack, three_months,
};

fn json_of(owner: &Operator, path: &str) -> Value {
    owner
        .get(path)
        .unwrap()
        .expect(200)
        .unwrap()
        .json()
        .unwrap()
}

fn change(owner: &Operator, tenant: &str, verb: &str) -> Value {
    let path = format!("/v1/admin/tenants/{tenant}/{verb}");
    let body = json!({ "reason": "Invoice 2026-10" });
    owner
        .post(&path, &body)
        .unwrap()
        .expect(200)
        .unwrap()
        .json()
        .unwrap()
}

#[test]
fn companies_and_people_are_found_by_name_page_by_page() {
    let owner = Operator::make(&stack(), "finder").unwrap();
    let marker = outlay_core::UploadId::mint().to_string();
    let accounts: Vec<Account> = (0..3).map(|n| sign_up(&format!("{marker}-{n}"))).collect();
    let upper = marker.to_uppercase();
    let path = format!("/v1/admin/tenants?search={upper}");
    let all = wait_until("three companies in the directory", 60, || {
        let page = json_of(&owner, &path);
        let items = page["items"].as_array().unwrap().clone();
        Ok((items.len() == 3).then_some(items))
    });
    let ids: Vec<&str> = accounts.iter().map(|a| a.tenant_id.as_str()).collect();
    let all = all.unwrap();
    let found: Vec<&str> = all.iter().map(|t| t["id"].as_str().unwrap()).collect();
    assert_eq!(found, ids, "oldest first");

    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = json_of(&owner, &format!("{path}&limit=2{cursor}"));
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|t| t["id"].as_str().unwrap().to_owned()));
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ids, "no gap, nothing twice");

    let detail = json_of(&owner, &format!("/v1/admin/tenants/{}", ids[0]));
    assert_eq!(detail["people"][0]["email"], accounts[0].email.as_str());
    assert_eq!(detail["people"][0]["role"], "owner");
    let by_id = json_of(
        &owner,
        &format!("/v1/admin/users?search={}", accounts[0].user_id),
    );
    assert_eq!(by_id["items"][0]["id"], accounts[0].user_id.as_str());
    assert!(
        by_id["items"][0].get("email").is_none(),
        "a list tells no addresses"
    );

    let stats = json_of(&owner, "/v1/admin/stats");
    let count = |kind: &str, what: &str| stats[kind][what].as_u64().unwrap();
    for kind in ["tenants", "users"] {
        assert!(count(kind, "total") >= 3);
        assert_eq!(
            count(kind, "total"),
            count(kind, "active") + count(kind, "suspended")
        );
    }
    assert!(stats["globalOwners"].as_u64().unwrap() >= 1);
}

#[test]
fn a_suspended_companys_people_get_403_within_a_minute_and_its_work_waits() {
    let owner = Operator::make(&stack(), "switch").unwrap();
    let account = sign_up("suspended-company");
    let bill = three_months().focus_csv();
    let declaration =
        json!({ "fileName": "bill.csv", "sizeBytes": bill.len(), "contentType": CSV });
    let created = account.create_upload(&declaration).unwrap();
    assert_eq!(
        change(&owner, &account.tenant_id, "suspend")["standing"],
        "suspended"
    );
    // Declared before, put while suspended: noted as arrived, but not read.
    assert_eq!(account.put(&created, &bill).unwrap().status, 200);
    let refused = wait_until("403 for a change", 60, || {
        let body = json!({ "fileName": "more.csv", "sizeBytes": 5, "contentType": CSV });
        let answer = account.post("/v1/uploads", &body)?;
        Ok((answer.status == 403).then_some(answer))
    });
    assert_eq!(slug(&refused.unwrap(), 403), "company-suspended");
    let read = wait_until("403 for a look", 60, || {
        let answer = account.get("/v1/uploads")?;
        Ok((answer.status == 403).then_some(answer))
    });
    assert_eq!(slug(&read.unwrap(), 403), "company-suspended");
    let path = format!(
        "/v1/admin/logs?domain=ingest&tenantId={}",
        account.tenant_id
    );
    let left = wait_until("a delivery left alone", 60, || {
        let page = json_of(&owner, &path);
        let items = page["items"].as_array().unwrap().clone();
        let left =
            |line: &Value| line["message"] == "delivery of a company that may not act left alone";
        Ok(items.into_iter().find(left))
    });
    assert_eq!(left.unwrap()["tenantId"], account.tenant_id.as_str());

    let restored = change(&owner, &account.tenant_id, "restore");
    assert_eq!(restored["standing"], "active");
    assert_eq!(restored["resumedUploads"], 1, "{restored}");
    let id = created["upload"]["id"].as_str().unwrap().to_owned();
    wait_until("being let in again", 60, || {
        Ok((account.get("/v1/uploads")?.status == 200).then_some(()))
    })
    .unwrap();
    assert_completed(&account.settled(&id).unwrap());
    assert_eq!(
        change(&owner, &account.tenant_id, "restore")["resumedUploads"],
        0
    );
}

#[test]
fn settings_are_replaced_by_whoever_has_seen_them() {
    let owner = Operator::make(&stack(), "settings").unwrap();
    let put = |tag: Option<&str>, body: &Value| {
        let mut request = owner.request("PUT", "/v1/admin/config");
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        request.json(body).send().unwrap()
    };
    let seen = owner.get("/v1/admin/config").unwrap().expect(200).unwrap();
    let tag = seen.header("etag").unwrap().to_owned();
    let body = json!({ "notice": "Planned work on Sunday", "slaTarget": "99.5" });
    assert_eq!(slug(&put(None, &body), 428), "if-match-required");
    assert_eq!(slug(&put(Some("\"999999\""), &body), 412), "outdated");
    for bad in [
        json!({ "notice": null }),
        json!({ "notice": null, "slaTarget": "101" }),
        json!({ "notice": "a\nb", "slaTarget": "99" }),
        json!({ "notice": null, "slaTarget": "99", "role": "x" }),
    ] {
        problem(&put(Some(&tag), &bad), 400);
    }
    let changed = put(Some(&tag), &body).expect(200).unwrap();
    assert_eq!(slug(&put(Some(&tag), &body), 412), "outdated");
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
    assert_eq!(json_of(&owner, "/v1/admin/health")["slaTarget"], "99.5");
    let health = owner
        .stack()
        .request("GET", "/v1/platform/health")
        .send()
        .unwrap();
    assert_eq!(health.json().unwrap()["notice"], "Planned work on Sunday");
    let gone = json!({ "notice": null, "slaTarget": "99.9" });
    put(changed.header("etag"), &gone).expect(200).unwrap();
}

/// They follow the table's stream.
const FOLLOWERS: [&str; 2] = ["platform-audit-copy", "platform-directory"];

#[test]
fn a_schedule_is_started_and_asks_the_workers_for_signs_of_life() {
    let owner = Operator::make(&stack(), "scheduler").unwrap();
    let run = owner.run("platform-monitor").unwrap();
    assert_eq!(run["outcome"], "done", "{run}");
    let list = json_of(&owner, "/v1/admin/sync");
    let monitor = &list["items"][0];
    assert_eq!(
        (&monitor["name"], &monitor["everyMinutes"]),
        (&json!("platform-monitor"), &json!(5))
    );
    assert!(monitor["nextRunAt"].is_string());
    let health = wait_until("a sign of life of each worker", 60, || {
        let health = json_of(&owner, "/v1/admin/health?months=1");
        let services = health["services"].as_array().unwrap();
        let alive = services.iter().all(|s| s["lastSignAt"].is_string());
        Ok((alive && services.len() == 7).then_some(health))
    });
    let health = health.unwrap();
    for service in health["services"].as_array().unwrap() {
        assert_eq!(service["state"], "up", "{service:#}");
        let name = service["name"].as_str().unwrap();
        let has_queue = name != "schedules" && !FOLLOWERS.contains(&name);
        assert_eq!(service["queue"]["dead"].is_u64(), has_queue, "{service:#}");
    }
    for month in health["months"].as_array().unwrap() {
        assert!(
            month["availability"].is_string() || month["watchedSeconds"] == 0,
            "{month:#}"
        );
    }
    problem(&owner.get("/v1/admin/health?months=13").unwrap(), 400);
    for worker in ["ingest-commit", FOLLOWERS[0], FOLLOWERS[1]] {
        a_silent_worker_is_down_until_its_next_sign(&owner, worker);
    }
}

/// The last sign of life is set back an hour, as if the worker had not answered since.
fn a_silent_worker_is_down_until_its_next_sign(owner: &Operator, worker: &str) {
    let service = || {
        let health = json_of(owner, "/v1/admin/health?months=1");
        let mut services = health["services"].as_array().unwrap().iter();
        services.find(|s| s["name"] == worker).unwrap().clone()
    };
    let down = wait_until("a downtime", 60, || {
        // Work of other tests may give a sign in this very moment: then once more.
        silence(owner.stack(), worker);
        owner.run("platform-monitor")?;
        let service = service();
        Ok((service["state"] == "down").then_some(service))
    });
    let began = down.unwrap()["downSince"].as_str().unwrap().to_owned();
    let up = wait_until("its next sign of life", 150, || {
        owner.run("platform-monitor")?;
        Ok((service()["state"] == "up").then_some(()))
    });
    up.unwrap();
    let health = json_of(owner, "/v1/admin/health?months=2");
    let log = health["downtimes"].as_array().unwrap();
    let entry = log
        .iter()
        .find(|d| d["service"] == worker && d["beganAt"] == began.as_str());
    assert!(entry.expect("it is in the log")["endedAt"].is_string());
    let months = health["months"].as_array().unwrap().iter();
    let lost: i64 = months
        .filter(|m| m["service"] == worker)
        .map(|m| m["downSeconds"].as_i64().unwrap())
        .sum();
    assert!(lost > 0, "a downtime costs availability: {health:#}");
}

fn silence(stack: &Stack, worker: &str) {
    let ago = |minutes: i64| {
        let at = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(minutes);
        at.to_string()
    };
    let beat = json!({ "pk": { "S": "HEARTBEAT#PLATFORM" }, "sk": { "S": format!("WORKER#{worker}") },
        "worker": { "S": worker }, "at": { "S": ago(60) } });
    let state = json!({ "pk": { "S": "HEARTBEAT#PLATFORM" }, "sk": { "S": format!("SERVICE#{worker}") },
        "service": { "S": worker }, "firstSeen": { "S": ago(90) }, "watchedSince": { "S": ago(90) },
        "lookedAt": { "S": ago(1) }, "downSince": { "NULL": true }, "queue": { "NULL": true } });
    for item in [beat, state] {
        let put = json!({ "TableName": stack.table_name, "Item": item });
        dynamodb(stack, "PutItem", &put);
    }
}

#[test]
fn logs_are_found_by_request_and_nobody_reads_what_is_not_logged() {
    let owner = Operator::make(&stack(), "reader").unwrap();
    let account = sign_up("logged");
    let answer = account.get("/v1/uploads").unwrap();
    let id = answer.header("x-request-id").unwrap().to_owned();
    let encoded = id
        .replace('=', "%3D")
        .replace('+', "%2B")
        .replace('/', "%2F");
    let line = wait_until("the line of a request", 60, || {
        let page = json_of(
            &owner,
            &format!("/v1/admin/logs?domain=uploads&requestId={encoded}"),
        );
        Ok(page["items"].as_array().unwrap().first().cloned())
    });
    let line = line.unwrap();
    assert_eq!(line["requestId"], id.as_str());
    assert_eq!(line["tenantId"], account.tenant_id.as_str());
    assert_eq!(line["level"], "info");
    assert_eq!(line["fields"]["http.route"], "GET /v1/uploads");
    let errors = json_of(&owner, "/v1/admin/logs?level=error&limit=500");
    assert!(
        errors["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|l| l["level"] == "error")
    );

    let (mut cursor, mut seen) = (String::new(), Vec::new());
    for _ in 0..3 {
        let page = json_of(
            &owner,
            &format!("/v1/admin/logs?domain=uploads&limit=2{cursor}"),
        );
        let items = page["items"].as_array().unwrap();
        // As times: `.8Z` is before `.89Z`, and as a text after it.
        let at = |line: &Value| line["at"].as_str().unwrap().parse::<Timestamp>().unwrap();
        seen.extend(items.iter().map(at));
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(seen.is_sorted(), "{seen:?}");
    let all = owner.get("/v1/admin/logs?limit=500").unwrap();
    let text = String::from_utf8(all.expect(200).unwrap().body).unwrap();
    for secret in [
        &account.email,
        &account.password,
        &account.token,
        &owner.token,
        &account.refresh,
    ] {
        assert!(!text.contains(secret.as_str()), "a log tells {secret}");
    }
    for bad in [
        "domain=x",
        "level=loud",
        "tenantId=x",
        "from=x",
        "from=2026-01-01T00:00:00Z",
        "limit=0",
        "cursor=x",
    ] {
        problem(&owner.get(&format!("/v1/admin/logs?{bad}")).unwrap(), 400);
    }
}

#[test]
fn what_a_global_owner_does_is_told() {
    let owner = Operator::make(&stack(), "told").unwrap();
    let account = sign_up("told-company");
    json_of(&owner, &format!("/v1/admin/tenants/{}", account.tenant_id));
    change(&owner, &account.tenant_id, "suspend");
    change(&owner, &account.tenant_id, "restore");
    let entries = platform_audit(owner.stack());
    let of_owner: Vec<&Value> = entries
        .iter()
        .filter(|e| e["actor"]["id"] == owner.user_id.as_str())
        .collect();
    let actions: Vec<&str> = of_owner
        .iter()
        .map(|e| e["action"].as_str().unwrap())
        .collect();
    let expected = [
        "admin.accept-owner",
        "admin.get-tenant",
        "admin.suspend-tenant",
        "admin.restore-tenant",
    ];
    assert_eq!(actions, expected);
    let suspended = of_owner[2];
    assert_eq!(
        suspended["target"],
        json!({ "kind": "tenant", "id": account.tenant_id })
    );
    assert_eq!(suspended["after"]["reason"], "Invoice 2026-10");
    assert!(suspended["origin"]["address"].is_string() && suspended["requestId"].is_string());
    let cookie = format!("{REFRESH_COOKIE}={}", account.refresh);
    assert!(
        !entries.iter().any(|e| e.to_string().contains(&cookie)),
        "no secrets"
    );
}

#[test]
fn of_two_global_owners_who_suspend_each_other_one_stays() {
    for round in 0..3 {
        let one = Operator::make(&stack(), "one").unwrap();
        let other = Operator::make(&stack(), "other").unwrap();
        let suspend = |by: &Operator, whom: &Operator| {
            let path = format!("/v1/admin/users/{}/suspend", whom.user_id);
            by.post(&path, &json!({ "reason": "Him or me" }))
                .unwrap()
                .status
        };
        let statuses = std::thread::scope(|scope| {
            let first = scope.spawn(|| suspend(&one, &other));
            let second = scope.spawn(|| suspend(&other, &one));
            [first.join().unwrap(), second.join().unwrap()]
        });
        let done = statuses.iter().filter(|status| **status == 200).count();
        assert_eq!(done, 1, "round {round}: {statuses:?}");
        let lets_in = |owner: &Operator| owner.get("/v1/admin/stats").unwrap().status == 200;
        assert!(lets_in(&one) != lets_in(&other), "round {round}");
    }
}

#[test]
fn what_is_done_again_and_whom_was_looked_for_is_told() {
    let owner = Operator::make(&stack(), "twice").unwrap();
    let account = sign_up("twice-company");
    for verb in ["restore", "suspend", "suspend", "restore"] {
        change(&owner, &account.tenant_id, verb);
    }
    json_of(&owner, &format!("/v1/admin/users?email={}", account.email));
    let entries = platform_audit(owner.stack());
    let of_owner = |e: &&Value| e["actor"]["id"] == owner.user_id.as_str();
    let told: Vec<&Value> = entries.iter().filter(of_owner).skip(1).collect();
    let actions: Vec<&str> = told.iter().map(|e| e["action"].as_str().unwrap()).collect();
    let expected = [
        "admin.restore-tenant",
        "admin.suspend-tenant",
        "admin.suspend-tenant",
        "admin.restore-tenant",
        "admin.find-user",
    ];
    assert_eq!(actions, expected);
    let target = json!({ "kind": "user", "id": account.user_id });
    assert_eq!(told[4]["target"], target);
    assert!(!told[4].to_string().contains(&account.email));
}
