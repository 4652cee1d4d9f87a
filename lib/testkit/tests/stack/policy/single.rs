//! Data roles for one thing: every kind of partition by every operation, and the few that each may.

use super::{
    calls::{Row, allowed_if, dynamodb, store},
    tables::{Party, no_objects},
};

/// A kind of partition, and what a role may do there.
type May = (&'static str, &'static [&'static str]);

const OPERATIONS: [&str; 5] = ["getItem", "query", "putItem", "updateItem", "deleteItem"];
/// A condition on an item, in a transaction.
const CHECK: &str = "check";

const AUDIT: &str = "AUDIT#PLATFORM#2026-11";
const OWN_TENANT: &str = "own tenant";
const OWN_PERSON: &str = "own person";
const OWN_AUDIT: &str = "own audit";
/// Families of partitions that belong to no tenant and no person.
const FAMILIES: [&str; 10] = [
    AUDIT,
    "DIR#probe",
    "DOWNTIME#2026-11",
    "EMAIL#probe",
    "HEARTBEAT#PROBE",
    "IDP#probe",
    "INQUIRY#2026-11",
    "OFFBOARDING#probe",
    "RATE#probe",
    "SYSTEM",
];

const COUNTS: May = ("RATE#probe", &["updateItem"]);
pub(super) const PUBLIC: &[May] = &[
    ("SYSTEM", &["getItem"]),
    ("OFFBOARDING#probe", &["getItem"]),
    COUNTS,
];
pub(super) const INQUIRIES: &[May] = &[("INQUIRY#2026-11", &["putItem"]), COUNTS];
pub(super) const DIRECTORY: &[May] = &[("DIR#probe", &["putItem", "deleteItem"])];
pub(super) const MONITOR: &[May] = &[
    ("HEARTBEAT#PROBE", &["query", "putItem"]),
    ("DOWNTIME#2026-11", &["putItem"]),
    // What ends, and that it was asked for again (docs/adr/0022).
    ("DIR#probe", &["query"]),
    ("OFFBOARDING#probe", &["getItem", "putItem"]),
];
pub(super) const NEW_OWNER: &[May] = &[
    ("EMAIL#probe", &["getItem", "putItem", "deleteItem"]),
    (OWN_PERSON, &["putItem"]),
    ("SYSTEM", &["putItem"]),
    (AUDIT, &["putItem"]),
    COUNTS,
];
pub(super) const ENDING: &[May] = &[
    (OWN_TENANT, &["getItem", "putItem", CHECK]),
    (OWN_AUDIT, &["putItem"]),
    ("OFFBOARDING#probe", &["putItem"]),
];
pub(super) const SEAL: &[May] = &[
    (OWN_TENANT, &["getItem", "putItem", CHECK]),
    (OWN_PERSON, &["getItem", "putItem"]),
];

/// What a session for `own` may do, and everything else.
pub(super) fn table(own: &Party, other: &Party, may: &[May]) -> Vec<Row> {
    let is_allowed = |kind: &str, operation: &str| {
        may.iter()
            .any(|(k, operations)| *k == kind && operations.contains(&operation))
    };
    let part = format!("{}#UPLOAD#probe", own.partition());
    let mut kinds: Vec<(&str, String)> = FAMILIES.map(|family| (family, family.to_owned())).into();
    kinds.extend([
        (OWN_TENANT, own.partition()),
        (OWN_PERSON, own.person()),
        (OWN_AUDIT, own.audit()),
        ("a part", part),
        ("another tenant", other.partition()),
        ("another person", other.person()),
        ("another audit", other.audit()),
        ("one letter more", format!("{}x", own.partition())),
    ]);
    let mut table = Vec::new();
    for (kind, partition) in &kinds {
        for operation in OPERATIONS {
            let call = dynamodb(operation, [partition]);
            let row = allowed_if(is_allowed(kind, operation), kind);
            table.extend(row.on([(operation, call)]));
        }
    }
    let check = store("check", &own.tenant);
    table.extend(allowed_if(is_allowed(OWN_TENANT, CHECK), OWN_TENANT).on([(CHECK, check)]));
    let check = store("check", &other.tenant);
    table.extend(allowed_if(false, "another tenant").on([
        (CHECK, check),
        ("Scan", dynamodb("scan", [])),
        ("PartiQL select", dynamodb("selectPartiql", ["SYSTEM"])),
    ]));
    table.extend(no_objects(own));
    table
}
