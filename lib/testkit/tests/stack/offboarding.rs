//! Promise 9: a company that is deleted leaves nothing, also when the worker is killed on the way.

use std::{
    collections::HashSet,
    fs,
    process::Command,
    time::{Duration, Instant},
};

use outlay_core::OffboardingId;
use outlay_testkit::{Account, Answer, Operator, proof::measured, stack::wait_until};
use serde_json::{Value, json};

use crate::{
    root,
    support::{assert_completed, dynamodb, problem, sign_up, slug, three_months},
};

/// In the name of the company, of the file, and in the bill.
const CANARY: &str = "canary7c1e";
/// In the address of a receipt that a test writes.
const SECRET: &str = "lost";
const SECRET_SHA256: &str = "76f75e6129fe30135bd44d80ab7cc46fdba81907758dc808f3e2517beef2b1e9";
/// Fewer than the tries of a message: all may hit the same one.
const KILLS: usize = 3;

fn end(account: &Account, name: &str) -> Answer {
    let request = account.request("DELETE", "/v1/tenants/current");
    request.json(&json!({"confirm": name})).send().unwrap()
}

fn with_a_bill(name: &str) -> Account {
    let account = sign_up(name);
    let file = format!("{CANARY}.csv");
    let upload = account.upload(&file, &three_months().focus_csv(), "text/csv");
    assert_completed(&upload.unwrap());
    account
}

/// Kills so many workers, each as soon as it is seen. The emulator runs functions as processes.
fn kill_workers(count: usize, until: Instant) -> usize {
    let mut killed = HashSet::new();
    while killed.len() < count && Instant::now() < until {
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let program = fs::read_link(entry.path().join("exe")).unwrap_or_default();
            let pid = entry.file_name().to_string_lossy().into_owned();
            let environment = fs::read(entry.path().join("environ")).unwrap_or_default();
            let ours =
                String::from_utf8_lossy(&environment).contains("outlay-local-offboarding-work");
            if ours && program.to_string_lossy().contains("offboarding-work-") {
                let kill = Command::new("kill").args(["-9", &pid]).status();
                if kill.unwrap().success() {
                    killed.insert(pid);
                }
            }
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    killed.len()
}

fn receipt(account: &Account, place: &str) -> Value {
    let answer = account.stack().request("GET", place).send().unwrap();
    answer.expect(200).unwrap().json().unwrap()
}

#[test]
fn the_name_must_be_given_and_anybody_else_is_refused() {
    let account = sign_up("not-ended");
    assert_eq!(
        slug(&end(&account, "something else"), 400),
        "invalid-request"
    );
    let request = account.request("DELETE", "/v1/tenants/current");
    problem(&request.send().unwrap(), 400);
    let anonymous = account.stack().request("DELETE", "/v1/tenants/current");
    problem(
        &anonymous
            .json(&json!({"confirm": "not-ended"}))
            .send()
            .unwrap(),
        401,
    );
    account.get("/v1/uploads").unwrap().expect(200).unwrap();
    let made_up = "/v1/offboardings/off_00000000000000000000000000.0000";
    problem(
        &account.stack().request("GET", made_up).send().unwrap(),
        404,
    );
}

#[test]
fn a_company_that_ends_leaves_nothing() {
    let company = format!("{CANARY}-company");
    let account = with_a_bill(&company);
    let neighbour = with_a_bill("neighbour");
    let (stack, tenant) = (account.stack(), account.tenant_id.clone());
    let held = |tenant: &str| {
        let items = root::scan(stack, None);
        let of_it = |item: &&Value| item["pk"]["S"].as_str().unwrap().contains(tenant);
        items.iter().filter(of_it).count()
    };
    assert!(held(&tenant) > 10, "there is something to remove");
    let neighbours = held(&neighbour.tenant_id);
    let asked = Instant::now();
    let accepted = end(&account, &company).expect(202).unwrap();
    let place = accepted.header("location").unwrap().to_owned();
    let killed = kill_workers(KILLS, asked + Duration::from_secs(100));
    assert!(killed > 0, "no worker was seen to kill");
    let dead = wait_until("refusal of the token", 60, || {
        Ok((account.get("/v1/uploads")?.status == 401).then(|| asked.elapsed()))
    });
    let dead = dead.unwrap();
    let refreshed = stack
        .request("POST", "/v1/auth/refresh")
        .header(
            "cookie",
            &format!("__Secure-outlay-refresh={}", account.refresh),
        )
        .header("sec-fetch-site", "same-origin");
    let finished = finished(&account, &place);
    problem(&refreshed.send().unwrap(), 401);
    assert!(finished["finishedAt"].is_string(), "{finished:#}");
    assert_eq!(finished["tenantId"], tenant.as_str());
    for index in [None, Some("gsi1")] {
        for item in root::scan(stack, index) {
            let (pk, text) = (item["pk"]["S"].as_str().unwrap(), item.to_string());
            let is_receipt = pk.starts_with("OFFBOARDING#");
            assert!(is_receipt || !text.contains(&tenant), "left: {item:#}");
            assert!(
                is_receipt || !text.contains(&account.user_id),
                "left: {item:#}"
            );
            assert!(
                !text.contains(&company) && !text.contains(&account.email),
                "left: {item:#}"
            );
        }
    }
    for kind in [
        "inbox",
        "lake",
        "rollup",
        "evidence",
        "certificates",
        "athena",
        "exports",
    ] {
        let left = root::objects(stack, &stack.bucket, &format!("{kind}/tenant={tenant}/"));
        assert_eq!(left, Vec::<String>::new());
    }
    let bucket = root::archive(stack);
    let copies = root::objects(stack, &bucket, &format!("audit/{tenant}/"));
    assert!(!copies.is_empty(), "the archive keeps what it was given");
    for key in copies {
        assert!(
            !root::object(stack, &bucket, &key).contains(CANARY),
            "{key}"
        );
    }
    assert_eq!(
        held(&neighbour.tenant_id),
        neighbours,
        "nothing of a neighbour was touched"
    );
    neighbour.get("/v1/uploads").unwrap().expect(200).unwrap();
    let again = Account::log_in(stack, &account.email, &account.password);
    assert!(again.is_err(), "nobody is there to sign in");
    measured(
        "9",
        "the end of a company leaves nothing",
        "0 remains; tokens dead <= 60 s",
        format!(
            "0 items, 0 objects, 0 readable copies; {killed} workers killed; token dead after {} ms; {} removed",
            dead.as_millis(),
            finished["removed"]
        ),
    );
}

fn finished(account: &Account, place: &str) -> Value {
    wait_until("end of the company", 150, || {
        let receipt = receipt(account, place);
        Ok((receipt["stage"] == "finished").then_some(receipt))
    })
    .unwrap()
}

#[test]
fn of_two_companies_that_end_at_once_nobody_is_left_behind() {
    let (one, other) = (sign_up("end-one"), sign_up("end-other"));
    let shared = one.joined_by("viewer").unwrap();
    let token = other.invite(&shared.email, "viewer").unwrap();
    let joined = shared.post("/v1/members/invites/accept", &json!({ "token": token }));
    joined.unwrap().expect(200).unwrap();
    let place = |account: &Account, name: &str| {
        let accepted = end(account, name).expect(202).unwrap();
        accepted.header("location").unwrap().to_owned()
    };
    let (first, second) = std::thread::scope(|scope| {
        let first = scope.spawn(|| place(&one, "end-one"));
        let second = scope.spawn(|| place(&other, "end-other"));
        (first.join().unwrap(), second.join().unwrap())
    });
    finished(&one, &first);
    finished(&other, &second);
    for item in root::scan(one.stack(), None) {
        let pk = item["pk"]["S"].as_str().unwrap();
        let text = item.to_string();
        assert!(
            pk.starts_with("OFFBOARDING#") || !text.contains(&shared.user_id),
            "left: {item:#}"
        );
        assert!(!text.contains(&shared.email), "left: {item:#}");
    }
}

/// A company whose message was lost: its receipt stands as it was an hour ago, and nothing is in the queue.
#[test]
fn an_end_whose_message_is_gone_is_asked_for_again() {
    let account = sign_up("lost-message");
    let operator = Operator::make(account.stack(), "finder").unwrap();
    let ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(2);
    let (id, at) = (OffboardingId::mint(), json!({ "S": ago.to_string() }));
    let (stack, table) = (account.stack(), &account.stack().table_name);
    let receipt = json!({
        "pk": { "S": format!("OFFBOARDING#{id}") }, "sk": { "S": "RECEIPT" },
        "offboardingId": { "S": id.to_string() }, "tenantId": { "S": account.tenant_id },
        "foundedAt": at, "requestedBy": { "S": account.user_id }, "requestedAt": at, "movedAt": at,
        "secretSha256": { "S": SECRET_SHA256 }, "stage": { "S": "requested" }, "settledAt": { "NULL": true },
        "finishedAt": { "NULL": true }, "removed": { "M": {} }, "revision": { "N": "1" },
    });
    let put = json!({ "TableName": table, "Item": receipt });
    dynamodb(stack, "PutItem", &put);
    let ending = json!({
        "TableName": table,
        "Key": { "pk": { "S": format!("TENANT#{}", account.tenant_id) }, "sk": { "S": "TENANT" } },
        "UpdateExpression": "SET standing = :ending", "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": { ":ending": { "S": "ending" } },
    });
    dynamodb(stack, "UpdateItem", &ending);
    let place = format!("/v1/offboardings/{id}.{SECRET}");
    wait_until("the end to go on", 60, || {
        operator.run("platform-monitor")?;
        let stage = self::receipt(&account, &place)["stage"].clone();
        Ok((stage != "requested").then_some(()))
    })
    .unwrap();
    finished(&account, &place);
    let left = root::partition(stack, &format!("TENANT#{}", account.tenant_id));
    assert_eq!(left, Vec::<Value>::new());
}
