//! The probe's calls, and the rows that say what is to come of them.

use serde_json::{Value, json};

/// A call and whether policy is to allow it.
pub(super) struct Row {
    pub(super) what: String,
    pub(super) call: Value,
    pub(super) allowed: bool,
}

/// What calls are about, and what is to come of them.
pub(super) struct Subject<'a> {
    whose: &'a str,
    allowed: bool,
}

pub(super) fn allowed(whose: &str) -> Subject<'_> {
    allowed_if(true, whose)
}

pub(super) fn denied(whose: &str) -> Subject<'_> {
    allowed_if(false, whose)
}

pub(super) fn allowed_if(allowed: bool, whose: &str) -> Subject<'_> {
    Subject { whose, allowed }
}

impl Subject<'_> {
    pub(super) fn on<const N: usize>(&self, calls: [(&str, Value); N]) -> Vec<Row> {
        let row = |(what, call): (&str, Value)| Row {
            what: format!("{what}, {}", self.whose),
            call,
            allowed: self.allowed,
        };
        calls.into_iter().map(row).collect()
    }
}

/// Through the product's `TenantTable`, bound to this tenant.
pub(super) fn store(operation: &str, tenant: &str) -> Value {
    json!({ "via": "store", "do": operation, "tenant": tenant })
}

/// Through the product's `RegistryTable`: a person.
pub(super) fn person(operation: &str, user: &str) -> Value {
    json!({ "via": "store", "do": operation, "user": user })
}

/// Through the product's `RegistryTable`: a person and a tenant in one transaction.
pub(super) fn join(user: &str, tenant: &str) -> Value {
    json!({ "via": "store", "do": "join", "user": user, "tenant": tenant })
}

/// Through the product's `PlatformTable`.
pub(super) fn ping() -> Value {
    json!({ "via": "store", "do": "ping" })
}

/// Through the product's `TenantObjects`, bound to this tenant.
pub(super) fn lake(operation: &str, tenant: &str) -> Value {
    json!({ "via": "lake", "do": operation, "tenant": tenant })
}

/// Through the product's `TenantObjects`: the roll-up of a version.
pub(super) fn rollup(tenant: &str, version: &str) -> Value {
    json!({ "via": "lake", "do": "rollup", "tenant": tenant, "version": version })
}

/// Straight to DynamoDB, naming these partitions.
pub(super) fn dynamodb<const N: usize>(operation: &str, partitions: [&str; N]) -> Value {
    let partitions = partitions.as_slice();
    json!({ "via": "dynamodb", "do": operation, "partitions": partitions })
}

/// Straight to S3.
pub(super) fn s3(operation: &str, key: &str) -> Value {
    json!({ "via": "s3", "do": operation, "key": key })
}

/// Straight to S3: many objects in one request.
pub(super) fn delete_all<const N: usize>(keys: [&str; N]) -> Value {
    json!({ "via": "s3", "do": "deleteAll", "keys": keys.as_slice() })
}

/// Straight to S3, which reads the one object and writes the other.
pub(super) fn copy(from: &str, key: &str) -> Value {
    json!({ "via": "s3", "do": "copy", "from": from, "key": key })
}

/// Straight to S3, listing what begins so.
pub(super) fn list(prefix: Option<&str>) -> Value {
    json!({ "via": "s3", "do": "list", "prefix": prefix })
}

/// Straight to STS.
pub(super) fn assume(role: &str, tags: &Value) -> Value {
    json!({ "via": "sts", "role": role, "tags": tags })
}
