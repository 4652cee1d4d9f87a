//! Who may assume which data role, and with which tags.

use serde_json::{Value, json};

use super::calls::{Row, allowed_if, assume, denied};

/// A data role, who may assume it, and tags it takes.
pub(super) struct DataRole<'a> {
    pub(super) name: &'static str,
    pub(super) for_classes: &'static [&'static str],
    /// The only execution roles of those classes that may, where not all do.
    pub(super) only: &'static [&'static str],
    pub(super) arn: &'a str,
    pub(super) tags: Value,
}

impl DataRole<'_> {
    fn is_for(&self, class: &str, execution_role: &str) -> bool {
        let named = |name: &&str| execution_role.contains(*name);
        self.for_classes.contains(&class) && (self.only.is_empty() || self.only.iter().any(named))
    }
}

/// What an execution role of this class may assume: its own data roles, tagged as those ask.
pub(super) fn of_role(
    (class, execution_role): (&str, &str),
    roles: &[DataRole],
    execution_roles: &[String],
) -> Vec<Row> {
    let mut table = Vec::new();
    for role in roles {
        let call = assume(role.arn, &role.tags);
        let whose = format!("{} role", role.name);
        let may = role.is_for(class, execution_role);
        table.extend(allowed_if(may, &whose).on([("well tagged", call)]));
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
