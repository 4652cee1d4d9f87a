//! The part of the lint that looks at who may assume a role.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    policies::{TAGS, actions, class_of},
    template::{list, text},
};

/// A data role trusts paths of execution roles, and asks for the tags that its policy reads.
pub(crate) fn data_trust(role: &Value) -> Vec<String> {
    let trust = &role["Properties"]["AssumeRolePolicyDocument"]["Statement"];
    let [statement] = list(trust)[..] else {
        return vec!["its trust must be one statement".into()];
    };
    let mut findings = Vec::new();
    let mut rule = |holds: bool, fix: &str| {
        if !holds {
            findings.push(format!("trust: {fix}"));
        }
    };
    let root = "arn:${AWS::Partition}:iam::${AWS::AccountId}:root";
    rule(
        text(&statement["Principal"]["AWS"]) == root,
        "the principal must be this account",
    );
    let condition = &statement["Condition"];
    let arns = list(&condition["ArnLike"]["aws:PrincipalArn"]);
    let classes = arns.iter().all(|arn| {
        let arn = text(arn);
        let path = arn.strip_prefix("arn:${AWS::Partition}:iam::${AWS::AccountId}:role");
        path.and_then(|p| class_of(p.strip_suffix('*')?)).is_some()
    });
    rule(
        !arns.is_empty() && classes,
        "ArnLike aws:PrincipalArn must list role paths of access classes: role/outlay/${Stage}/<class>/*",
    );
    let used: BTreeSet<&str> = TAGS
        .into_iter()
        .filter(|tag| {
            role["Properties"]["Policies"]
                .to_string()
                .contains(&format!("PrincipalTag/{tag}"))
        })
        .collect();
    let trusted: BTreeSet<String> = list(&condition["ForAllValues:StringEquals"]["aws:TagKeys"])
        .into_iter()
        .map(text)
        .collect();
    rule(
        used.iter().copied().eq(trusted.iter().map(String::as_str)),
        "ForAllValues:StringEquals aws:TagKeys must be the tags that the policy reads",
    );
    for tag in &used {
        let key = format!("aws:RequestTag/{tag}");
        rule(
            condition["Null"][&key] == "false",
            &format!("add `\"Null\": {{{key}: \"false\"}}`: the tag must be given"),
        );
        let shaped = list(&condition["StringLike"][&key])
            .iter()
            .all(|v| text(v) == "none" || text(v).ends_with("_*"));
        rule(
            shaped && !condition["StringLike"][&key].is_null(),
            &format!("{key} must be StringLike <prefix>_* (or `none`)"),
        );
    }
    let trust_actions: Vec<String> = actions(statement).collect();
    if used.is_empty() {
        rule(
            trust_actions == ["sts:AssumeRole"],
            "a role without tags allows sts:AssumeRole only",
        );
        rule(
            condition["Null"]["aws:TagKeys"] == "true",
            "a role without tags must refuse them: `\"Null\": {aws:TagKeys: \"true\"}`",
        );
    } else {
        rule(
            trust_actions == ["sts:AssumeRole", "sts:TagSession"],
            "a tagged session needs sts:AssumeRole and sts:TagSession",
        );
        rule(
            condition["Null"]["aws:TagKeys"] == "false",
            "add `\"Null\": {aws:TagKeys: \"false\"}`: ForAllValues holds when there are no tags",
        );
    }
    findings
}

/// An execution role is for Lambda.
pub(crate) fn lambda_trust(role: &Value) -> Vec<String> {
    let trust = &role["Properties"]["AssumeRolePolicyDocument"]["Statement"];
    let ok = match list(trust)[..] {
        [s] => {
            s["Principal"] == serde_json::json!({"Service": "lambda.amazonaws.com"})
                && s["Action"] == "sts:AssumeRole"
        }
        _ => false,
    };
    if ok {
        Vec::new()
    } else {
        vec!["trust: an execution role trusts lambda.amazonaws.com and nobody else".into()]
    }
}
