//! The audit: every change has its entry, entries are found again, and copied to where they stay.

use outlay_testkit::{Account, stack::wait_until};
use serde_json::{Value, json};

use crate::{
    root,
    support::{problem, sign_up, stack},
};

fn entries(account: &Account, query: &str) -> Vec<Value> {
    let answer = account.get(&format!("/v1/audit{query}")).unwrap();
    let page = answer.expect(200).unwrap().json().unwrap();
    page["items"].as_array().unwrap().clone()
}

fn actions(entries: &[Value]) -> Vec<&str> {
    entries
        .iter()
        .map(|e| e["action"].as_str().unwrap())
        .collect()
}

fn declare(account: &Account, name: &str) -> String {
    let body = json!({"fileName": name, "sizeBytes": 10, "contentType": "text/csv"});
    let created = account.create_upload(&body).unwrap();
    created["upload"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn every_change_tells_who_what_when_and_from_where() {
    let account = sign_up("audited");
    let upload = declare(&account, "november.csv");
    account
        .delete(&format!("/v1/uploads/{upload}"))
        .unwrap()
        .expect(204)
        .unwrap();
    Account::log_in(account.stack(), &account.email, &account.password).unwrap();
    let all = entries(&account, "");
    assert_eq!(
        actions(&all),
        [
            "auth.login",
            "uploads.delete",
            "uploads.create",
            "tenants.create"
        ]
    );
    for entry in &all {
        assert_eq!(
            entry["actor"],
            json!({"kind": "user", "id": account.user_id}),
            "{entry:#}"
        );
        assert_eq!(entry["origin"]["address"], "127.0.0.1", "{entry:#}");
        assert!(
            entry["requestId"].is_string() && entry["at"].is_string(),
            "{entry:#}"
        );
        let text = entry.to_string();
        assert!(
            !text.contains(&account.email) && !text.contains(&account.password),
            "{entry:#}"
        );
    }
    assert_eq!(all[1]["target"], json!({"kind": "upload", "id": upload}));
    assert_eq!(all[1]["before"]["fileName"], "november.csv");
    assert_eq!(all[2]["after"]["fileName"], "november.csv");
}

#[test]
fn entries_are_found_by_what_they_say() {
    let account = sign_up("filtered");
    let (first, second) = (declare(&account, "a.csv"), declare(&account, "b.csv"));
    let found = |query: &str| entries(&account, query).len();
    assert_eq!(found("?action=uploads"), 2);
    assert_eq!(found("?action=uploads.create"), 2);
    assert_eq!(found("?action=uploads.delete"), 0);
    assert_eq!(found(&format!("?target={first}")), 1);
    assert_eq!(
        found(&format!(
            "?target={second}&action=uploads&actor={}",
            account.user_id
        )),
        1
    );
    assert_eq!(found("?actor=usr_00000000000000000000000000"), 0);
    assert_eq!(found("?to=2026-01-01T00:00:00Z"), 0);
    for bad in [
        "?action=%23",
        "?from=x",
        "?limit=0",
        "?limit=101",
        "?cursor=x",
        "?tenantId=1",
        "?actor=a&actor=b",
    ] {
        problem(&account.get(&format!("/v1/audit{bad}")).unwrap(), 400);
    }
    problem(&stack().request("GET", "/v1/audit").send().unwrap(), 401);
}

#[test]
fn pages_join_without_gap_and_belong_to_their_company() {
    let (account, other) = (sign_up("paged"), sign_up("paged-other"));
    for n in 0..5 {
        declare(&account, &format!("{n}.csv"));
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/audit?limit=2{cursor}");
        let page = account
            .get(&path)
            .unwrap()
            .expect(200)
            .unwrap()
            .json()
            .unwrap();
        seen.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["nextCursor"].as_str() else {
            break;
        };
        problem(
            &other.get(&format!("/v1/audit?cursor={next}")).unwrap(),
            400,
        );
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, entries(&account, "?limit=100"));
    assert_eq!(seen.len(), 6);
    assert!(
        entries(&other, "")
            .iter()
            .all(|e| e["actor"]["id"] == other.user_id.as_str())
    );
}

/// Issue 4, item 3: the copy is locked, sealed, and there within seconds.
#[test]
fn every_entry_is_copied_to_where_nobody_can_take_it_away() {
    let account = sign_up("copied");
    let canary = "canary-4f1d7c9e0b";
    declare(&account, &format!("{canary}.csv"));
    let (stack, bucket) = (account.stack(), root::archive(account.stack()));
    let prefix = format!("audit/{}/", account.tenant_id);
    let copies = wait_until("two copies", 60, || {
        let found = root::objects(stack, &bucket, &prefix);
        Ok((found.len() == 2).then_some(found))
    })
    .unwrap();
    for key in &copies {
        let copy = root::object(stack, &bucket, key);
        assert!(
            copy.contains("\"sealed\"") && !copy.contains(canary),
            "{copy}"
        );
        let refused = root::delete_versions(stack, &bucket, key);
        assert!(
            !refused.is_empty() && refused.iter().all(|s| *s == 403),
            "{key}: {refused:?}"
        );
    }
}

#[test]
fn companies_and_people_are_in_the_directory() {
    let account = sign_up("listed");
    // Two records of the stream, each in its time.
    let listed = |directory: &str, id: &str| {
        let found = wait_until(directory, 60, || {
            let all = root::partition(account.stack(), directory);
            Ok(all.into_iter().find(|item| item["sk"]["S"] == id))
        });
        found.unwrap()
    };
    let company = listed("DIR#TENANTS", account.tenant_id.as_str());
    assert_eq!(company["name"]["S"], "listed");
    listed("DIR#USERS", account.user_id.as_str());
    let people = root::partition(account.stack(), "DIR#USERS");
    assert!(!json!(people).to_string().contains(&account.email));
}
