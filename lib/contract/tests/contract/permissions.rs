//! What a function is told and what its role allows agree, both ways.

use std::collections::{BTreeMap, BTreeSet};

use outlay_runtime::{COUNTING, Variable};

use crate::{
    policies::{actions, class_of, resources, statements},
    report,
    template::{FUNCTIONS, Function, TEMPLATES, Template, list, text},
};

/// How a policy names the table's stream.
const STREAM: &str = "Table.Arn}/stream/*";
/// What every function does with its own log group.
const OWN_LOG: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

/// The log groups of a stage: ours, and the gateway's.
const LOG_GROUPS: [&str; 2] = [
    ":log-group:/outlay/${Stage}/*",
    ":log-group:/aws/vendedlogs/outlay/${Stage}/*",
];
const LOGS_OF_STAGE: &str = "the logs of this stage";

/// An action on a named thing, such as `sts:AssumeRole TenantReadRole`.
type Grant = String;

#[test]
fn every_variable_is_known_to_the_runtime() {
    let known: BTreeSet<&str> = Variable::ALL.iter().map(|v| v.name()).collect();
    let mut findings = Vec::new();
    let mut used = BTreeSet::new();
    for function in FUNCTIONS.iter() {
        for name in function.environment().into_keys() {
            if !known.contains(name.as_str()) {
                findings.push(format!("{}: {name} is read by nobody: add it to lib/runtime/src/config.rs or take it out", function.id));
            }
            used.insert(name);
        }
    }
    let unset = known.into_iter().filter(|name| !used.contains(*name));
    findings.extend(unset.map(|name| {
        format!("{name} of lib/runtime/src/config.rs is given to no function of the template")
    }));
    report(&findings);
}

#[test]
fn what_a_function_is_told_its_role_allows() {
    let mut findings = Vec::new();
    for function in FUNCTIONS.iter() {
        let granted = granted(function);
        for (need, variable) in needs(function) {
            if !granted.contains(&need) {
                findings.push(format!(
                    "{} has {variable}, but {} does not allow `{need}`",
                    function.id,
                    function.role()
                ));
            }
        }
    }
    report(&findings);
}

#[test]
fn what_a_role_allows_some_function_of_it_needs() {
    let mut needed: BTreeMap<(String, String), BTreeSet<Grant>> = BTreeMap::new();
    for function in FUNCTIONS.iter() {
        let of_role = needed
            .entry((function.template.clone(), function.role()))
            .or_default();
        of_role.extend(needs(function).into_keys());
    }
    let mut findings = Vec::new();
    for function in FUNCTIONS.iter() {
        let role = (function.template.clone(), function.role());
        let surplus = granted(function)
            .into_iter()
            .filter(|grant| !needed[&role].contains(grant));
        findings.extend(surplus.map(|grant| {
            format!(
                "{} allows `{grant}`, which no function of it needs: take it out",
                role.1
            )
        }));
    }
    findings.sort();
    findings.dedup();
    report(&findings);
}

#[test]
fn every_execution_role_is_used() {
    let used: BTreeSet<(String, String)> = FUNCTIONS
        .iter()
        .map(|f| (f.template.clone(), f.role()))
        .collect();
    let mut findings = Vec::new();
    for template in TEMPLATES.iter() {
        for (id, role) in template.resources("AWS::IAM::Role") {
            let execution = class_of(&text(&role["Properties"]["Path"])).is_some();
            if execution && !used.contains(&(template.path.clone(), id.to_owned())) {
                findings.push(format!(
                    "{id} of {} is the role of no function: take it out",
                    template.path
                ));
            }
        }
    }
    report(&findings);
}

#[test]
fn a_data_role_trusts_whoever_may_assume_it() {
    let mut findings = Vec::new();
    for function in FUNCTIONS.iter() {
        let template = template_of(function);
        let path = text(&template.resource(&function.role())["Properties"]["Path"]);
        for grant in granted(function)
            .iter()
            .filter_map(|g| g.strip_prefix("sts:AssumeRole "))
        {
            let trust = &TEMPLATES[0].resource(grant)["Properties"]["AssumeRolePolicyDocument"]["Statement"]
                [0];
            let arns = list(&trust["Condition"]["ArnLike"]["aws:PrincipalArn"]);
            if !arns
                .iter()
                .any(|arn| text(arn).ends_with(&format!(":role{path}*")))
            {
                findings.push(format!(
                    "{grant} does not trust the path {path} of {}, which may assume it",
                    function.role()
                ));
            }
        }
    }
    findings.sort();
    findings.dedup();
    report(&findings);
}

/// Requests of whom nobody knows are counted by address (docs/adr/0018, 0023): whatever is asked over HTTP and reaches
/// the table has a data role that may, and the runtime takes it for that.
#[test]
fn whoever_is_asked_and_reaches_the_table_counts() {
    let counting: BTreeSet<&str> = COUNTING.iter().map(|(role, _)| role.name()).collect();
    let mut findings = Vec::new();
    let mut used = BTreeSet::new();
    for function in FUNCTIONS.iter().filter(|f| f.is_on_http()) {
        let environment = function.environment();
        if !environment.contains_key("TABLE_NAME") {
            continue;
        }
        let roles = environment
            .iter()
            .filter(|(name, _)| name.ends_with("_ROLE_ARN"));
        let may_count: Vec<&str> = roles
            .filter(|(_, role)| may_count(&named(role)))
            .map(|(name, _)| name.as_str())
            .collect();
        if may_count.is_empty() {
            findings.push(format!(
                "{} has no data role that may update RATE#*: a flood from one address is stopped by nobody",
                function.id
            ));
        }
        used.extend(may_count.into_iter().map(str::to_owned));
    }
    report(&findings);
    let used: BTreeSet<&str> = used.iter().map(String::as_str).collect();
    assert_eq!(
        used, counting,
        "COUNTING in lib/runtime/src/app.rs must be the roles of template.yaml that may update RATE#*"
    );
}

fn may_count(data_role: &str) -> bool {
    let counts = |statement: &&serde_json::Value| {
        let keys = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
        list(keys).iter().any(|key| text(key) == "RATE#*")
            && actions(statement).eq(["dynamodb:UpdateItem"])
    };
    let role = TEMPLATES[0].resource(data_role);
    statements(role).iter().any(counts)
}

/// What the environment of a function says it will do, and which variable says so.
fn needs(function: &Function) -> BTreeMap<Grant, String> {
    let mut needs = BTreeMap::new();
    for (name, value) in function.environment() {
        let target = named(&value);
        let mut need =
            |action: &str, target: &str| needs.insert(format!("{action} {target}"), name.clone());
        match name.as_str() {
            "ARCHIVE_ROLE_ARN" | "DIRECTORY_ROLE_ARN" | "HEARTBEAT_ROLE_ARN"
            | "INQUIRIES_ROLE_ARN" | "MONITOR_ROLE_ARN" | "PUBLIC_ROLE_ARN" => {
                need("sts:AssumeRole", &target);
            }
            role if role.ends_with("_ROLE_ARN") => {
                need("sts:AssumeRole", &target);
                need("sts:TagSession", &target);
            }
            "SIGNING_KEY_IDS" => {
                need("kms:GetPublicKey", "SigningKey");
            }
            "ACCESS_TOKEN_SECONDS" => {
                need("kms:Sign", "SigningKey");
            }
            "REFRESH_KEY_ID" => {
                need("kms:GenerateMac", &target);
            }
            "MAIL_FROM" => {
                need("ses:SendEmail", "mail");
            }
            "SOURCE_QUEUE_URL" => {
                let consume = [
                    "ReceiveMessage",
                    "DeleteMessage",
                    "ChangeMessageVisibility",
                    "GetQueueAttributes",
                ];
                for action in consume {
                    need(&format!("sqs:{action}"), &target);
                }
            }
            "WORKERS" => {
                for (worker, dead) in value.split(',').filter_map(queues) {
                    need("sqs:SendMessage", &worker);
                    need("sqs:GetQueueAttributes", &worker);
                    need("sqs:GetQueueAttributes", &dead);
                }
            }
            // Whoever only lists schedules starts none.
            "SCHEDULES" if function.binary() == "admin-sync-start" => {
                for schedule in value.split(',') {
                    let target = schedule.split('=').nth(1).unwrap_or_default();
                    need("lambda:InvokeFunction", &named(target));
                }
            }
            "LOG_GROUPS" => {
                need("logs:FilterLogEvents", LOGS_OF_STAGE);
            }
            queue if queue.ends_with("_QUEUE_URL") => {
                need("sqs:SendMessage", &target);
            }
            _ => {}
        }
    }
    if function.follows_the_table() {
        for action in [
            "DescribeStream",
            "GetRecords",
            "GetShardIterator",
            "ListStreams",
        ] {
            let grant = format!("dynamodb:{action} {STREAM}");
            needs.insert(grant, "an event of the table's stream".to_owned());
        }
    }
    needs
}

/// The queue and the dead letters of `name=${Queue}=${DeadLetters}`.
fn queues(worker: &str) -> Option<(String, String)> {
    let mut parts = worker.trim().split('=').skip(1);
    Some((named(parts.next()?), named(parts.next()?)))
}

/// What the execution role of a function allows, the writing of its own log apart.
fn granted(function: &Function) -> BTreeSet<Grant> {
    let role = template_of(function).resource(&function.role());
    assert!(
        role.is_object(),
        "{}: Role must be !GetAtt <Role>.Arn of the same template",
        function.id
    );
    let mut granted = BTreeSet::new();
    for statement in statements(role) {
        for action in actions(statement).filter(|a| !OWN_LOG.contains(&a.as_str())) {
            for resource in resources(statement) {
                let target = if action.starts_with("ses:") {
                    "mail".to_owned()
                } else if LOG_GROUPS.iter().any(|groups| resource.ends_with(groups)) {
                    LOGS_OF_STAGE.to_owned()
                } else {
                    named(&resource)
                };
                // The previous signing key comes and goes with the current one.
                if !target.contains("PreviousSigningKeyId") {
                    granted.insert(format!("{action} {target}"));
                }
            }
        }
    }
    granted
}

/// `${TenantReadRole.Arn}`, `${InquiriesRoleArn}` (a wing's parameter) and `${PartsQueue}` by their logical id.
pub(crate) fn named(reference: &str) -> String {
    let name = reference.trim_start_matches("${").trim_end_matches('}');
    let name = name.strip_suffix(".Arn").unwrap_or(name);
    name.strip_suffix("Arn").unwrap_or(name).to_owned()
}

fn template_of(function: &Function) -> &'static Template {
    TEMPLATES
        .iter()
        .find(|t| t.path == function.template)
        .unwrap()
}
