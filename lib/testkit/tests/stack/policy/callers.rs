//! What a session of CallerRole may reach: enough to see who is asking, and to note a use.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    Findings,
    calls::{Row, allowed, denied, dynamodb, person, store},
    name,
    probe::Probe,
    tables::Party,
};
use crate::{
    deployed::functions,
    support::{loaded, stack},
};

#[test]
fn a_callers_session_sees_that_person_in_that_company_alone() {
    let stack = stack();
    let ((own, _), (other, _)) = (loaded("caller-own"), loaded("caller-other"));
    let (own, other) = (Party::of(&own), Party::of(&other));
    let mut findings = Findings::default();
    for (role, caller) in callers(&functions(&stack)) {
        let probe = Probe::under(&stack, &role);
        let session = |user: Option<&str>| json!({ "as": "registry", "role": caller, "tenant": own.tenant, "user": user });
        let somebody = session(Some(&own.user));
        findings.compare(&probe, name(&role), &somebody, &of_a_caller(&own, &other));
        let who = format!("{} for a program", name(&role));
        findings.compare(&probe, &who, &session(None), &of_a_program(&own));
        let nobody = json!({ "as": "registry", "role": caller, "tenant": null, "user": null });
        let who = format!("{} for nobody", name(&role));
        findings.compare(&probe, &who, &nobody, &of_nobody(&own));
    }
    findings.conclude(
        "4h",
        "a caller's session is its person's in that company",
        320,
    );
}

/// The execution roles of the functions that look at callers, each with the role they do it by.
fn callers(functions: &[Value]) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    functions
        .iter()
        .filter_map(|f| {
            let caller = f.pointer("/Environment/Variables/CALLER_ROLE_ARN")?;
            Some((text(&f["Role"])?, text(caller)?))
        })
        .collect()
}

fn of_a_caller(own: &Party, other: &Party) -> Vec<Row> {
    let (pk, person_pk) = (own.partition(), format!("USER#{}", own.user));
    let uses = format!("{pk}#USE");
    let mut table = allowed("own person and company").on([
        ("TenantTable get", store("get", &own.tenant)),
        ("RegistryTable get", person("user", &own.user)),
        ("GetItem of a use", dynamodb("getItem", [&uses])),
        ("PutItem of a use", dynamodb("putItem", [&uses])),
    ]);
    let part = format!("{pk}#UPLOAD#probe");
    let audit = format!("AUDIT#{}#2026-11", own.tenant);
    table.extend(denied("own person and company").on([
        ("PutItem", dynamodb("putItem", [&pk])),
        ("TenantTable create", store("create", &own.tenant)),
        ("TenantTable delete", store("delete", &own.tenant)),
        ("PutItem to the person", dynamodb("putItem", [&person_pk])),
        ("DeleteItem of a use", dynamodb("deleteItem", [&uses])),
        ("UpdateItem of a use", dynamodb("updateItem", [&uses])),
        ("Query", dynamodb("query", [&pk])),
        ("Query of the person", dynamodb("query", [&person_pk])),
        ("GetItem of a part", dynamodb("getItem", [&part])),
        ("PutItem to the audit", dynamodb("putItem", [&audit])),
        (
            "GetItem of an address",
            dynamodb("getItem", ["EMAIL#probe"]),
        ),
    ]));
    let (pk, longer) = (other.partition(), format!("{}x", own.partition()));
    let (person_pk, uses) = (format!("USER#{}", other.user), format!("{pk}#USE"));
    table.extend(denied("another person or company").on([
        ("TenantTable get", store("get", &other.tenant)),
        ("RegistryTable get", person("user", &other.user)),
        ("GetItem", dynamodb("getItem", [&pk])),
        ("GetItem, one letter more", dynamodb("getItem", [&longer])),
        ("GetItem of the person", dynamodb("getItem", [&person_pk])),
        ("GetItem of a use", dynamodb("getItem", [&uses])),
        ("PutItem of a use", dynamodb("putItem", [&uses])),
        ("GetItem of the platform", dynamodb("getItem", ["SYSTEM"])),
    ]));
    table
}

/// Whoever has proved nothing is counted, and nothing is seen.
fn of_nobody(own: &Party) -> Vec<Row> {
    let (pk, rate) = (own.partition(), "RATE#probe");
    let mut table = allowed("an address").on([("UpdateItem", dynamodb("updateItem", [rate]))]);
    table.extend(denied("anybody").on([
        ("GetItem of a rate", dynamodb("getItem", [rate])),
        ("PutItem to a rate", dynamodb("putItem", [rate])),
        ("DeleteItem of a rate", dynamodb("deleteItem", [rate])),
        ("TenantTable get", store("get", &own.tenant)),
        ("RegistryTable get", person("user", &own.user)),
        ("UpdateItem", dynamodb("updateItem", [&pk])),
        (
            "PutItem of a use",
            dynamodb("putItem", [&format!("{pk}#USE")]),
        ),
    ]));
    table
}

/// Before a program is known, its company is all that can be seen.
fn of_a_program(own: &Party) -> Vec<Row> {
    let mut table = allowed("a company").on([("TenantTable get", store("get", &own.tenant))]);
    table.extend(denied("a person").on([("RegistryTable get", person("user", &own.user))]));
    table
}
