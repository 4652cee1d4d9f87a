//! A lint for IAM documents. `policy_mutants.rs` proves that it bites.

use serde_json::Value;

use crate::{
    policy_trust::{data_trust, lambda_trust},
    report,
    template::{TEMPLATES, Template, list, text},
};

/// What a data role may do to items. No Scan, no PartiQL: neither knows leading keys.
const ITEM_ACTIONS: [&str; 7] = [
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
];
/// Those of them that change nothing.
const READS: [&str; 2] = ["dynamodb:GetItem", "dynamodb:Query"];
/// Data roles for whom only looks.
const LOOKERS: [&str; 4] = [
    "CallerRole",
    "OperatorReadRole",
    "PublicRole",
    "TenantReadRole",
];
/// What they may write all the same: counts of requests, when something was used, and that a global owner looked.
const TRACES: [&str; 4] = [
    "TENANT#${aws:PrincipalTag/tenant_id}#RATE",
    "TENANT#${aws:PrincipalTag/tenant_id}#USE",
    "RATE#*",
    "AUDIT#PLATFORM#*",
];
/// What a data role may do to objects.
const OBJECT_ACTIONS: [&str; 4] = [
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:ListBucket",
];
/// First path segments of the bucket that belong to tenants.
const KINDS: [&str; 7] = [
    "inbox",
    "lake",
    "rollup",
    "evidence",
    "certificates",
    "athena",
    "exports",
];
/// What an execution role may do by itself.
const OWN_ACTIONS: [&str; 18] = [
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sts:AssumeRole",
    "sts:TagSession",
    "kms:GetPublicKey",
    "kms:Sign",
    "kms:GenerateMac",
    "ses:SendEmail",
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    // The table's stream, not its items.
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    // A global owner reads logs and starts schedules: named log groups and functions only (below).
    "logs:FilterLogEvents",
    "lambda:InvokeFunction",
];
const QUEUE_CONSUMER: &str = "sqs:GetQueueAttributes";
/// Every condition that a statement may use: a misspelt key would be ignored or refuse everything.
const CONDITIONS: [(&str, &str); 10] = [
    ("ForAllValues:StringLike", "dynamodb:LeadingKeys"),
    ("Null", "dynamodb:LeadingKeys"),
    ("Null", "aws:PrincipalTag/tenant_id"),
    ("Null", "aws:PrincipalTag/user_id"),
    ("StringLike", "s3:prefix"),
    ("StringEquals", "s3:ResourceAccount"),
    ("StringEquals", "kms:SigningAlgorithm"),
    ("StringEquals", "kms:MacAlgorithm"),
    ("StringLike", "kms:ViaService"),
    ("StringEquals", "ses:FromAddress"),
];
/// Session tags that policies read.
pub(crate) const TAGS: [&str; 2] = ["tenant_id", "user_id"];
/// The path of the data roles, and those of the execution roles (template.yaml says what each may assume).
const DATA_PATH: &str = "/outlay/${Stage}/data/";
const CLASSES: [&str; 15] = [
    "tenant-read",
    "tenant-write",
    "worker",
    "registry",
    "public",
    "inquiries",
    "directory",
    "monitor",
    "ending",
    "offboarding",
    "archive",
    "operator-read",
    "operator",
    "new-owner",
    "edge",
];

#[test]
fn every_role_keeps_the_rules() {
    let mut findings = Vec::new();
    for template in TEMPLATES.iter() {
        let mut roles = 0;
        for (id, role) in template.resources("AWS::IAM::Role") {
            roles += 1;
            findings.extend(
                lint(id, role)
                    .into_iter()
                    .map(|f| format!("{}: {f}", template.path)),
            );
        }
        assert!(
            roles > 0,
            "{} has no role: the lint would prove nothing",
            template.path
        );
    }
    report(&findings);
}

#[test]
fn the_role_that_customers_deploy_keeps_the_rules() {
    let template = Template::load("cfn/connect-aws-billing.yml");
    let mut findings = Vec::new();
    for (id, role) in template.resources("AWS::IAM::Role") {
        for statement in statements(role) {
            findings.extend(
                in_general(statement)
                    .into_iter()
                    .map(|f| format!("{id}: {f}")),
            );
            for action in list(&statement["Action"]) {
                let reads = ["s3:Get", "s3:List", "kms:Decrypt"]
                    .iter()
                    .any(|a| text(action).starts_with(a));
                if !reads {
                    findings.push(format!("{id}: {action} does more than read"));
                }
            }
        }
        let trust = &role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0];
        if text(&trust["Condition"]["StringEquals"]["sts:ExternalId"]) != "${ExternalId}" {
            findings.push(format!(
                "{id}: its trust must ask for the external id of this connection"
            ));
        }
    }
    report(&findings);
}

#[test]
fn policies_of_buckets_and_queues_open_nothing() {
    let mut findings = Vec::new();
    for template in TEMPLATES.iter() {
        let policies = template
            .resources("AWS::S3::BucketPolicy")
            .chain(template.resources("AWS::SQS::QueuePolicy"));
        for (id, policy) in policies {
            for statement in list(&policy["Properties"]["PolicyDocument"]["Statement"]) {
                let open =
                    statement["Principal"] == "*" || actions(statement).any(|a| a.contains('*'));
                if statement["Effect"] != "Deny" && (open || statement["Condition"].is_null()) {
                    findings.push(format!(
                        "{id}: an Allow needs a named service, exact actions and a source condition"
                    ));
                }
            }
        }
        for (id, bucket) in template.resources("AWS::S3::Bucket") {
            let tls_only = template
                .resources("AWS::S3::BucketPolicy")
                .any(|(_, policy)| {
                    let document = &policy["Properties"]["PolicyDocument"]["Statement"];
                    text(&policy["Properties"]["Bucket"]) == format!("${{{id}}}")
                        && list(document).iter().any(|s| {
                            s["Effect"] == "Deny"
                                && s["Condition"]["Bool"]["aws:SecureTransport"] == "false"
                        })
                });
            let block = bucket["Properties"]["PublicAccessBlockConfiguration"].as_object();
            let private = block.is_some_and(|b| b.len() == 4 && b.values().all(|v| v == true));
            if !tls_only || !private || bucket["Properties"]["BucketEncryption"].is_null() {
                findings.push(format!("{id}: needs encryption, all four public access blocks and a policy that denies plain HTTP"));
            }
        }
    }
    report(&findings);
}

/// Everything that is wrong with a role of ours.
pub(crate) fn lint(id: &str, role: &Value) -> Vec<String> {
    let path = text(&role["Properties"]["Path"]);
    let mut findings: Vec<String> = statements(role).into_iter().flat_map(in_general).collect();
    if path == DATA_PATH {
        findings.extend(
            statements(role)
                .into_iter()
                .flat_map(|s| data_statement(id, s)),
        );
        findings.extend(data_trust(role));
    } else if class_of(&path).is_some() {
        findings.extend(statements(role).into_iter().flat_map(own_statement));
        findings.extend(lambda_trust(role));
    } else {
        findings.push(format!(
            "Path must be {DATA_PATH} or /outlay/${{Stage}}/<class>/ of {CLASSES:?}, is {path}"
        ));
    }
    if !role["Properties"]["ManagedPolicyArns"].is_null() {
        findings.push("write its policy out: a managed policy changes under us".into());
    }
    findings
        .into_iter()
        .map(|finding| format!("{id}: {finding}"))
        .collect()
}

/// The access class that an execution role's path names.
pub(crate) fn class_of(path: &str) -> Option<&str> {
    let class = path.strip_prefix("/outlay/${Stage}/")?.strip_suffix('/')?;
    CLASSES.contains(&class).then_some(class)
}

/// The statements of a role's own policies; optional ones count.
pub(crate) fn statements(role: &Value) -> Vec<&Value> {
    let policies = list(&role["Properties"]["Policies"]);
    let all = policies
        .into_iter()
        .flat_map(|p| list(&p["PolicyDocument"]["Statement"]));
    all.map(|s| s["Fn::If"].get(1).unwrap_or(s)).collect()
}

pub(crate) fn actions(statement: &Value) -> impl Iterator<Item = String> {
    list(&statement["Action"]).into_iter().map(text)
}

pub(crate) fn resources(statement: &Value) -> Vec<String> {
    let all = list(&statement["Resource"]).into_iter();
    all.map(|r| text(r["Fn::If"].get(1).unwrap_or(r))).collect()
}

fn conditions(statement: &Value) -> Vec<(&str, &str, &Value)> {
    let operators = statement["Condition"].as_object().into_iter().flatten();
    operators
        .flat_map(|(operator, keys)| {
            keys.as_object()
                .into_iter()
                .flatten()
                .map(move |(key, value)| (operator.as_str(), key.as_str(), value))
        })
        .collect()
}

fn is_null_guarded(statement: &Value, key: &str) -> bool {
    statement["Condition"]["Null"][key] == "false"
}

fn in_general(statement: &Value) -> Vec<String> {
    let sid = text(&statement["Sid"]);
    let mut findings = Vec::new();
    if statement["Effect"] != "Allow"
        || !statement["NotAction"].is_null()
        || !statement["NotResource"].is_null()
    {
        findings.push(format!(
            "{sid}: grant what is needed; Deny and Not* hide what is left open"
        ));
    }
    for action in actions(statement).filter(|a| a.contains('*')) {
        findings.push(format!("{sid}: name the actions instead of {action}"));
    }
    if resources(statement).iter().any(|r| r == "*") {
        findings.push(format!("{sid}: name the resources instead of *"));
    }
    for (operator, key, _) in conditions(statement) {
        if !CONDITIONS.contains(&(operator, key)) {
            findings.push(format!(
                "{sid}: {operator} {key} is not a known condition: a slip, or add it to policies.rs"
            ));
        }
    }
    let whole = statement.to_string();
    for tag in TAGS {
        let key = format!("aws:PrincipalTag/{tag}");
        let reads = whole.contains(&format!("{{{key}}}")) || whole.contains(&format!("{{!{key}}}"));
        if reads && !is_null_guarded(statement, &key) {
            findings.push(format!("{sid}: add `\"Null\": {{{key}: \"false\"}}`: a session without the tag must get nothing"));
        }
    }
    findings
}

fn data_statement(role: &str, statement: &Value) -> Vec<String> {
    let sid = text(&statement["Sid"]);
    let mut findings = Vec::new();
    for action in actions(statement) {
        let known =
            ITEM_ACTIONS.contains(&action.as_str()) || OBJECT_ACTIONS.contains(&action.as_str());
        if !known {
            findings.push(format!("{sid}: {action} is not for data roles: only {ITEM_ACTIONS:?} and {OBJECT_ACTIONS:?} respect the tenant"));
        }
    }
    if actions(statement).any(|a| a.starts_with("dynamodb:")) {
        findings.extend(
            item_conditions(role, statement)
                .into_iter()
                .map(|f| format!("{sid}: {f}")),
        );
    }
    if actions(statement).any(|a| a.starts_with("s3:")) && !adds_to_the_archive(role, statement) {
        findings.extend(
            object_prefixes(statement)
                .into_iter()
                .map(|f| format!("{sid}: {f}")),
        );
    }
    findings
}

/// The archive is of all tenants: whoever adds to it may do nothing else, and nothing there twice.
fn adds_to_the_archive(role: &str, statement: &Value) -> bool {
    role == "ArchiveRole"
        && actions(statement).eq(["s3:PutObject"])
        && resources(statement) == ["${ArchiveBucket.Arn}/audit/*"]
}

fn item_conditions(role: &str, statement: &Value) -> Vec<String> {
    let mut findings = Vec::new();
    let keys: Vec<String> =
        list(&statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"])
            .into_iter()
            .map(text)
            .collect();
    if keys.is_empty() {
        findings.push("items need `ForAllValues:StringLike` on dynamodb:LeadingKeys".to_owned());
    }
    if LOOKERS.contains(&role) && actions(statement).any(|a| !READS.contains(&a.as_str())) {
        for key in keys.iter().filter(|key| !TRACES.contains(&key.as_str())) {
            findings.push(format!(
                "{role} only looks: it may count and note use, not change {key}"
            ));
        }
    }
    if keys.iter().any(|key| key == "RATE#*") && !actions(statement).eq(["dynamodb:UpdateItem"]) {
        findings.push(
            "RATE# is counted with UpdateItem alone: whoever may put or delete begins a minute anew"
                .to_owned(),
        );
    }
    if !is_null_guarded(statement, "dynamodb:LeadingKeys") {
        findings.push("add `\"Null\": {dynamodb:LeadingKeys: \"false\"}`: ForAllValues holds when there are no keys".to_owned());
    }
    for key in &keys {
        if !is_leading_key(role, key) {
            findings.push(format!(
                "the leading key `{key}` must be TENANT#${{aws:PrincipalTag/tenant_id}}, USER#${{aws:PrincipalTag/user_id}} \
                 or a family of {role}, alone or followed by #*"
            ));
        }
    }
    let writes = actions(statement)
        .any(|a| !["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:Query"].contains(&a.as_str()));
    // A company that ends takes its audit along; nobody else ever removes an entry.
    if writes && role != "OffboardingRole" && keys.iter().any(|k| k.starts_with("AUDIT#")) {
        findings.push(
            "AUDIT# may be put, got and queried, never changed: give it a statement of its own"
                .to_owned(),
        );
    }
    findings
}

/// Families of partitions that belong to no tenant, per role.
fn families(role: &str) -> &'static [&'static str] {
    match role {
        "RegistryRole" => &["EMAIL", "IDP", "RATE"],
        "CallerRole" => &["RATE"],
        "PublicRole" => &["OFFBOARDING", "RATE"],
        "InquiriesRole" => &["INQUIRY", "RATE"],
        "DirectoryRole" => &["DIR"],
        "MonitorRole" => &["HEARTBEAT", "DOWNTIME", "DIR", "OFFBOARDING"],
        "EndingRole" => &["OFFBOARDING"],
        "OffboardingRole" => &["EMAIL", "IDP", "OFFBOARDING"],
        "OperatorReadRole" => &["EMAIL", "DIR", "HEARTBEAT", "DOWNTIME", "RATE"],
        "OperatorRole" | "NewOwnerRole" => &["EMAIL", "RATE"],
        "HeartbeatRole" => &["HEARTBEAT"],
        _ => &[],
    }
}

fn is_leading_key(role: &str, key: &str) -> bool {
    let owned = [
        "TENANT#${aws:PrincipalTag/tenant_id}",
        "USER#${aws:PrincipalTag/user_id}",
        "TENANT#${aws:PrincipalTag/tenant_id}#RATE",
    ];
    let uses = "TENANT#${aws:PrincipalTag/tenant_id}#USE";
    let of_platform = ["OperatorReadRole", "OperatorRole", "NewOwnerRole"].contains(&role);
    if owned.contains(&key)
        || ((of_platform || role == "PublicRole") && key == "SYSTEM")
        || (role == "CallerRole" && key == uses)
    {
        return true;
    }
    key.strip_suffix("#*").is_some_and(|head| {
        owned.contains(&head)
            || head == "AUDIT#${aws:PrincipalTag/tenant_id}"
            || head == "AUDIT#${aws:PrincipalTag/user_id}"
            || (of_platform && head == "AUDIT#PLATFORM")
            || families(role).contains(&head)
    })
}

fn object_prefixes(statement: &Value) -> Vec<String> {
    let own = |prefix: &str| {
        let kind = prefix.strip_suffix("/tenant=${aws:PrincipalTag/tenant_id}/*");
        kind.is_some_and(|kind| KINDS.contains(&kind))
    };
    let mut prefixes = Vec::new();
    if actions(statement).any(|a| a == "s3:ListBucket") {
        prefixes.extend(
            list(&statement["Condition"]["StringLike"]["s3:prefix"])
                .into_iter()
                .map(text),
        );
        if prefixes.is_empty() || actions(statement).count() > 1 {
            return vec![
                "s3:ListBucket needs a statement of its own with StringLike s3:prefix".to_owned(),
            ];
        }
    } else {
        let path = |r: String| {
            r.split_once(":::")
                .and_then(|(_, r)| r.split_once('/'))
                .map(|(_, p)| p.to_owned())
        };
        prefixes.extend(
            resources(statement)
                .into_iter()
                .map(|r| path(r).unwrap_or_default()),
        );
    }
    let bad = prefixes.iter().filter(|p| !own(p));
    bad.map(|p| {
        format!(
            "`{p}` must be <kind>/tenant=${{aws:PrincipalTag/tenant_id}}/* with a kind of {KINDS:?}"
        )
    })
    .collect()
}

fn own_statement(statement: &Value) -> Vec<String> {
    let sid = text(&statement["Sid"]);
    let bad =
        actions(statement).filter(|a| !OWN_ACTIONS.contains(&a.as_str()) && a != QUEUE_CONSUMER);
    bad.map(|a| {
        if a.starts_with("dynamodb:") || a.starts_with("s3:") {
            format!("{sid}: {a} is for data roles: assume one with the tenant as a tag")
        } else {
            format!("{sid}: {a} is new for an execution role: weigh it, then add it to OWN_ACTIONS in policies.rs")
        }
    })
    .collect()
}
