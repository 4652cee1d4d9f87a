//! Who may assume which data role, and with which tags.

use serde_json::{Value, json};

use super::calls::{Row, allowed_if, assume, denied};

/// A data role, its place in a table of who may assume it, and tags it takes.
pub(super) struct DataRole<'a> {
    pub(super) class: &'static str,
    pub(super) arn: &'a str,
    pub(super) tags: Value,
}

/// What an execution role of this class may assume: its own data role, tagged as that role asks.
pub(super) fn of_class(class: &str, roles: &[DataRole], execution_roles: &[String]) -> Vec<Row> {
    let mut table = Vec::new();
    for role in roles {
        let call = assume(role.arn, &role.tags);
        let whose = format!("{} role", role.class);
        table.extend(allowed_if(role.class == class, &whose).on([("well tagged", call)]));
        table.extend(badly_tagged(role, &whose));
    }
    for role in execution_roles {
        let call = assume(role, &json!({}));
        table.extend(denied("an execution role").on([(role.as_str(), call)]));
    }
    table
}

/// Nobody may assume the role so, whatever the class.
fn badly_tagged(role: &DataRole, whose: &str) -> Vec<Row> {
    let with = |key: &str, value: &str| {
        let mut tags = role.tags.clone();
        tags[key] = json!(value);
        assume(role.arn, &tags)
    };
    let mut table = denied(whose).on([
        ("one tag more", with("role", "admin")),
        ("the tag of another house", with("tenant_id", "acme")),
        ("an empty tag", with("tenant_id", "")),
    ]);
    for (key, _) in role.tags.as_object().unwrap() {
        let mut tags = role.tags.clone();
        tags.as_object_mut().unwrap().remove(key);
        let call = assume(role.arn, &tags);
        table.extend(denied(whose).on([(format!("no {key}").as_str(), call)]));
    }
    table
}
