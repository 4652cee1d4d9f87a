//! Two tenants: what one has, the other cannot tell from nothing.

use std::collections::BTreeMap;

use outlay_core::{UploadId, VersionId};
use outlay_testkit::{Account, Answer};
use serde_json::{Value, json};

use crate::support::{answered, id, loaded, problem, query, sign_up, without_request_id};

fn uploads(account: &Account, query: &str) -> Value {
    account
        .get(&format!("/v1/uploads{query}"))
        .unwrap()
        .expect(200)
        .unwrap()
        .json()
        .unwrap()
}

fn assert_like_missing(foreign: &Answer, missing: &Answer) {
    problem(foreign, 404);
    assert_eq!(without_request_id(foreign), without_request_id(missing));
    let names = |answer: &Answer| -> Vec<String> {
        answer
            .headers
            .iter()
            .map(|(name, _)| name.clone())
            .collect()
    };
    assert_eq!(names(foreign), names(missing));
}

#[test]
fn another_tenants_upload_looks_exactly_like_a_missing_one() {
    let (owner, bill) = loaded("owner");
    let stranger = sign_up("stranger");
    let foreign = id(&uploads(&owner, "")["items"][0]).to_owned();
    let missing = UploadId::mint().to_string();
    let both = |ask: &dyn Fn(&str) -> Answer| assert_like_missing(&ask(&foreign), &ask(&missing));
    both(&|id| stranger.get(&format!("/v1/uploads/{id}")).unwrap());
    both(&|id| stranger.delete(&format!("/v1/uploads/{id}")).unwrap());
    both(&|id| {
        let path = format!("/v1/uploads/{id}/confirm");
        stranger
            .post(&path, &json!({ "decision": "replace" }))
            .unwrap()
    });
    assert_eq!(
        answered(&owner),
        bill.expected().by_period().unwrap(),
        "nothing happened to the owner"
    );
    assert_eq!(
        owner.get(&format!("/v1/uploads/{foreign}")).unwrap().status,
        200
    );
}

#[test]
fn lists_totals_and_dimensions_are_the_callers_own() {
    let (owner, _) = loaded("rich");
    let stranger = sign_up("poor");
    assert_eq!(uploads(&stranger, "")["items"], json!([]));
    assert_eq!(answered(&stranger), BTreeMap::new());
    let values = stranger
        .get("/v1/costs/dimensions?dimension=ServiceName")
        .unwrap();
    assert_eq!(
        values.expect(200).unwrap().json().unwrap()["values"],
        json!([])
    );
    let me = stranger.get("/v1/auth/me").unwrap().json().unwrap();
    assert_eq!(me["tenant"]["id"], stranger.tenant_id.as_str());
    assert_ne!(stranger.tenant_id, owner.tenant_id);
}

#[test]
fn naming_another_tenants_version_is_like_naming_none() {
    let (owner, _) = loaded("versions");
    let stranger = sign_up("versionless");
    let own = owner.query(&query(&json!({}))).unwrap();
    let foreign = own["versions"][0]["id"].as_str().unwrap().to_owned();
    let missing = VersionId::mint().to_string();
    let ask = |version: &str| {
        stranger
            .post("/v1/costs/query", &query(&json!({ "versions": [version] })))
            .unwrap()
    };
    let (foreign_answer, missing_answer) = (ask(&foreign), ask(&missing));
    assert_eq!(foreign_answer.status, missing_answer.status);
    assert!(foreign_answer.status != 200 || foreign_answer.json().unwrap()["blocks"] == json!([]));
    let without = |answer: &Answer, version: &str| {
        without_request_id(answer)
            .to_string()
            .replace(version, "the version")
    };
    assert_eq!(
        without(&foreign_answer, &foreign),
        without(&missing_answer, &missing)
    );
}

#[test]
fn a_tenant_in_the_request_is_not_listened_to() {
    let (owner, _) = loaded("victim");
    let attacker = sign_up("attacker");
    let tenant = owner.tenant_id.as_str();
    let answer = attacker
        .request("GET", "/v1/uploads")
        .header("x-tenant-id", tenant)
        .send()
        .unwrap();
    assert_eq!(answer.json().unwrap()["items"], json!([]));
    problem(
        &attacker
            .get(&format!("/v1/uploads?tenantId={tenant}"))
            .unwrap(),
        400,
    );
    let body = json!({ "fileName": "a.csv", "sizeBytes": 1, "contentType": "text/csv", "tenantId": tenant });
    problem(&attacker.post("/v1/uploads", &body).unwrap(), 400);
}

#[test]
fn a_cursor_is_good_for_its_tenant_only() {
    let (owner, bill) = loaded("cursor");
    let again = owner
        .upload("again.csv", &bill.focus_csv(), crate::support::CSV)
        .unwrap();
    assert_eq!(again["status"], "completed");
    let page = uploads(&owner, "?limit=1");
    let cursor = page["nextCursor"].as_str().expect("there is more");
    let stranger = sign_up("cursorless");
    for cursor in [cursor.to_owned(), cursor[1..].to_owned(), "x".to_owned()] {
        problem(
            &stranger
                .get(&format!("/v1/uploads?limit=1&cursor={cursor}"))
                .unwrap(),
            400,
        );
    }
}
