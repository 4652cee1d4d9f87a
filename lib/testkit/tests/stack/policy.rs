//! A function's code asks for what is not its tenant's, and policy refuses: real functions under the
//! real execution roles of template.yaml, which assume the real data roles (DESIGN section 9).

mod assuming;
mod callers;
mod calls;
mod presigned;
mod probe;
mod single;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use outlay_testkit::{Stack, proof::measured};
use serde_json::{Value, json};

use self::{
    assuming::DataRole,
    calls::{Row, assume, denied, dynamodb, store},
    probe::Probe,
    tables::Party,
};
use crate::{
    deployed::functions,
    support::{answered, loaded, stack},
};

/// Classes of execution roles: the last folder of a role's path, which data roles trust.
const CLASSES: [&str; 15] = [
    "archive",
    "directory",
    "edge",
    "ending",
    "inquiries",
    "monitor",
    "new-owner",
    "offboarding",
    "operator",
    "operator-read",
    "public",
    "registry",
    "tenant-read",
    "tenant-write",
    "worker",
];

/// The roles of the deployed template, as its functions have them.
struct Roles {
    /// Class and ARN of each execution role.
    execution: BTreeSet<(String, String)>,
    /// ARN of each data role by the variable that functions find it in.
    data: BTreeMap<String, String>,
}

impl Roles {
    fn of(stack: &Stack) -> Self {
        let (mut execution, mut data) = (BTreeSet::new(), BTreeMap::new());
        for function in functions(stack) {
            let arn = function["Role"].as_str().unwrap();
            let class = arn.rsplit('/').nth(1).unwrap();
            execution.insert((class.to_owned(), arn.to_owned()));
            let variables = function.pointer("/Environment/Variables");
            for (name, value) in variables.and_then(Value::as_object).into_iter().flatten() {
                if name.ends_with("_ROLE_ARN") {
                    data.insert(name.clone(), value.as_str().unwrap().to_owned());
                }
            }
        }
        let classes: BTreeSet<&str> = execution.iter().map(|(class, _)| class.as_str()).collect();
        assert_eq!(classes, BTreeSet::from(CLASSES), "a class without a table");
        Self { execution, data }
    }

    fn of_class(&self, class: &str) -> Vec<&str> {
        let of_class = self.execution.iter().filter(|(c, _)| c == class);
        of_class.map(|(_, arn)| arn.as_str()).collect()
    }

    /// The data role that functions find in this variable.
    fn data(&self, variable: &str) -> &str {
        &self.data[variable]
    }

    fn reader(&self) -> &str {
        self.data("TENANT_READ_ROLE_ARN")
    }

    fn writer(&self) -> &str {
        self.data("TENANT_WRITE_ROLE_ARN")
    }

    fn registry(&self) -> &str {
        self.data("REGISTRY_ROLE_ARN")
    }

    fn operator(&self) -> &str {
        self.data("OPERATOR_ROLE_ARN")
    }

    fn heartbeat(&self) -> &str {
        self.data("HEARTBEAT_ROLE_ARN")
    }
}

/// What came out otherwise than the tables say.
#[derive(Default)]
struct Findings {
    compared: usize,
    wrong: Vec<String>,
}

impl Findings {
    /// Opens the session under a role, which must succeed, and compares each call with its row.
    fn compare(&mut self, probe: &Probe, who: &str, session: &Value, table: &[Row]) {
        let calls: Vec<Value> = table.iter().map(|row| row.call.clone()).collect();
        let (opened, outcomes) = probe.ask(session, &calls);
        assert_eq!(opened, "allowed", "{who}: no session {session}");
        assert_eq!(outcomes.len(), table.len());
        for (row, outcome) in table.iter().zip(outcomes) {
            self.note(who, row, &outcome);
        }
    }

    fn note(&mut self, who: &str, row: &Row, outcome: &str) {
        let expected = if row.allowed { "allowed" } else { "denied" };
        self.compared += 1;
        if outcome != expected {
            let (what, call) = (&row.what, &row.call);
            let line = format!("{who}: {what}: expected {expected}, got {outcome}\n    {call}");
            self.wrong.push(line);
        }
    }

    #[track_caller]
    fn conclude(self, promise: &'static str, what: &'static str, at_least: usize) {
        let Self { compared, wrong } = self;
        let count = wrong.len();
        let figure = format!("{compared} calls under real roles, {count} decided otherwise");
        measured(promise, what, "foreign denied, own allowed, 100 %", figure);
        assert!(
            wrong.is_empty(),
            "{count} of {compared}:\n{}",
            wrong.join("\n")
        );
        assert!(compared >= at_least, "only {compared} calls were compared");
    }
}

/// `outlay-UploadsReadRole-1A2B3C` of an ARN.
fn name(role: &str) -> &str {
    role.rsplit('/').next().unwrap()
}

fn tenant_session(role: &str, tenant: &str) -> Value {
    json!({ "as": "tenant", "role": role, "tenant": tenant })
}

#[test]
fn a_tenants_session_reaches_that_tenant_alone() {
    let stack = stack();
    let roles = Roles::of(&stack);
    let ((own, _), (other, _)) = (loaded("policy-own"), loaded("policy-other"));
    let seen = |account| (answered(account), Party::of(account).partition());
    let before = seen(&other);
    let (own, stranger) = (Party::of(&own), Party::of(&other));
    let mut findings = Findings::default();
    for (class, data, writes) in [
        ("tenant-read", roles.reader(), false),
        ("tenant-write", roles.writer(), true),
        ("worker", roles.writer(), true),
    ] {
        for role in roles.of_class(class) {
            let probe = Probe::under(&stack, role);
            let session = tenant_session(data, &own.tenant);
            let mut table = tables::of_a_tenant(&own, &stranger, writes);
            table.extend(chained(&roles, &stranger));
            findings.compare(&probe, name(role), &session, &table);
        }
    }
    assert_eq!(seen(&other), before, "the other tenant's bill");
    findings.conclude("4", "storage refuses without the tenant", 360);
}

/// A session of a data role leads to no further session.
fn chained(roles: &Roles, other: &Party) -> Vec<Row> {
    let tags = json!({ "tenant_id": other.tenant });
    let both = json!({ "tenant_id": other.tenant, "user_id": other.user });
    denied("from a session of a data role").on([
        ("assume the reader", assume(roles.reader(), &tags)),
        ("assume the writer", assume(roles.writer(), &tags)),
        ("assume the registry", assume(roles.registry(), &both)),
        ("assume the operator", assume(roles.operator(), &both)),
        (
            "assume what is public",
            assume(roles.data("PUBLIC_ROLE_ARN"), &json!({})),
        ),
        (
            "assume the heartbeat",
            assume(roles.heartbeat(), &json!({})),
        ),
    ])
}

#[test]
fn a_wildcard_for_a_tenant_reaches_nobody() {
    let stack = stack();
    let roles = Roles::of(&stack);
    let (own, _) = loaded("policy-wildcard");
    let own = Party::of(&own);
    let mut findings = Findings::default();
    for (class, data) in [
        ("tenant-read", roles.reader()),
        ("tenant-write", roles.writer()),
        ("worker", roles.writer()),
    ] {
        for role in roles.of_class(class) {
            let probe = Probe::under(&stack, role);
            for wildcard in [
                "*",
                "ten_*",
                "ten_??????????????????????????",
                "${aws:PrincipalTag/tenant_id}",
            ] {
                let tags = json!({ "tenant_id": wildcard });
                let session = json!({ "as": "tagged", "role": data, "tags": tags });
                let table = denied(wildcard).on([
                    ("TenantTable get", store("get", &own.tenant)),
                    ("TenantTable create", store("create", &own.tenant)),
                    ("Query", dynamodb("query", [&own.partition()])),
                    (
                        "ListObjects",
                        calls::list(Some(&format!("lake/tenant={}/", own.tenant))),
                    ),
                ]);
                let calls: Vec<Value> = table.iter().map(|row| row.call.clone()).collect();
                let (opened, mut outcomes) = probe.ask(&session, &calls);
                // AWS takes no such tag at all; where one is taken, it must open nothing.
                if opened != "allowed" {
                    let refused = opened == "denied" || opened.contains("ValidationError");
                    assert!(refused, "{}: {wildcard}: {opened}", name(role));
                    outcomes = vec!["denied".to_owned(); table.len()];
                }
                for (row, outcome) in table.iter().zip(outcomes) {
                    findings.note(name(role), row, &outcome);
                }
            }
        }
    }
    findings.conclude("4a", "a wildcard for a tenant reaches nobody", 64);
}

#[test]
fn a_registry_session_reaches_its_person_and_tenant_alone() {
    let stack = stack();
    let roles = Roles::of(&stack);
    let ((own, _), (other, _)) = (loaded("registry-own"), loaded("registry-other"));
    let (own, other) = (Party::of(&own), Party::of(&other));
    let mut findings = Findings::default();
    for role in roles.of_class("registry") {
        let probe = Probe::under(&stack, role);
        let session = |tenant: Option<&str>, user: Option<&str>| json!({ "as": "registry", "role": roles.registry(), "tenant": tenant, "user": user });
        let table = tables::of_the_registry(&own, &other);
        let somebody = session(Some(&own.tenant), Some(&own.user));
        findings.compare(&probe, name(role), &somebody, &table);
        let table = tables::of_the_registry_for_nobody(&own);
        let who = format!("{} for nobody", name(role));
        findings.compare(&probe, &who, &session(None, None), &table);
    }
    findings.conclude("4b", "a registry session is its person's and tenant's", 80);
}

#[test]
fn an_operator_session_reaches_one_tenant_one_person_and_no_bill() {
    let stack = stack();
    let roles = Roles::of(&stack);
    let ((own, _), (other, _)) = (loaded("operator-own"), loaded("operator-other"));
    let (own, other) = (Party::of(&own), Party::of(&other));
    let mut findings = Findings::default();
    for (class, variable, changes) in [
        ("operator", "OPERATOR_ROLE_ARN", true),
        ("operator-read", "OPERATOR_READ_ROLE_ARN", false),
    ] {
        for role in roles.of_class(class) {
            let probe = Probe::under(&stack, role);
            let session = |tenant: Option<&str>, user: Option<&str>| json!({ "as": "operator", "role": roles.data(variable), "tenant": tenant, "user": user });
            let table = tables::of_the_operator(&own, &other, changes);
            let somebody = session(Some(&own.tenant), Some(&own.user));
            findings.compare(&probe, name(role), &somebody, &table);
            let table = tables::of_the_operator_for_nobody(&own, changes);
            let who = format!("{} for nobody", name(role));
            findings.compare(&probe, &who, &session(None, None), &table);
        }
    }
    findings.conclude("4f", "an operator session reaches no bill", 200);
}

/// A data role for one thing, and what it may do.
#[test]
fn a_role_for_one_thing_does_that_alone() {
    let stack = stack();
    let roles = Roles::of(&stack);
    let ((own, _), (other, _)) = (loaded("single-own"), loaded("single-other"));
    let (own, other) = (Party::of(&own), Party::of(&other));
    let tags = |tags: Value| json!({ "as": "tagged", "tags": tags });
    let untagged = json!({ "as": "platform" });
    let both = json!({ "tenant_id": own.tenant, "user_id": own.user });
    let mut findings = Findings::default();
    for (class, variable, session, may) in [
        (
            "public",
            "PUBLIC_ROLE_ARN",
            untagged.clone(),
            single::PUBLIC,
        ),
        (
            "inquiries",
            "INQUIRIES_ROLE_ARN",
            untagged.clone(),
            single::INQUIRIES,
        ),
        (
            "directory",
            "DIRECTORY_ROLE_ARN",
            untagged.clone(),
            single::DIRECTORY,
        ),
        ("monitor", "MONITOR_ROLE_ARN", untagged, single::MONITOR),
        (
            "new-owner",
            "NEW_OWNER_ROLE_ARN",
            tags(json!({ "user_id": own.user })),
            single::NEW_OWNER,
        ),
        (
            "ending",
            "ENDING_ROLE_ARN",
            tags(json!({ "tenant_id": own.tenant })),
            single::ENDING,
        ),
        ("archive", "SEAL_ROLE_ARN", tags(both), single::SEAL),
    ] {
        let table = single::table(&own, &other, may);
        for role in roles.of_class(class) {
            let probe = Probe::under(&stack, role);
            let mut session = session.clone();
            session["role"] = json!(roles.data(variable));
            findings.compare(&probe, name(role), &session, &table);
        }
    }
    findings.conclude("4d", "a role for one thing does that alone", 700);
}

#[test]
fn a_heartbeat_session_tells_signs_of_life_and_nothing_else() {
    let stack = stack();
    let roles = Roles::of(&stack);
    let (any, _) = loaded("policy-heartbeat");
    let any = Party::of(&any);
    let mut findings = Findings::default();
    for (_, role) in roles.execution.iter().filter(|(_, role)| {
        ["IngestWorkerRole", "PlatformMonitorRole"]
            .iter()
            .any(|name| role.contains(name))
    }) {
        let probe = Probe::under(&stack, role);
        let session = json!({ "as": "platform", "role": roles.heartbeat() });
        findings.compare(
            &probe,
            name(role),
            &session,
            &tables::of_the_heartbeat(&any),
        );
    }
    findings.conclude("4g", "a heartbeat session tells signs of life alone", 28);
}

#[test]
fn an_execution_role_reaches_nothing_itself_and_assumes_its_own_class_alone() {
    let stack = stack();
    let roles = Roles::of(&stack);
    let (own, _) = loaded("policy-execution");
    let own = Party::of(&own);
    let tenant = json!({ "tenant_id": own.tenant });
    let both = json!({ "tenant_id": own.tenant, "user_id": own.user });
    let data_role = |name, for_classes, arn, tags: &Value| DataRole {
        name,
        for_classes,
        only: &[],
        arn,
        tags: tags.clone(),
    };
    let person = json!({ "user_id": own.user });
    let of = |class: &'static str, variable, tags: &Value| {
        let classes: &'static [&'static str] = Box::leak(Box::new([class]));
        data_role(class, classes, roles.data(variable), tags)
    };
    let data = [
        data_role("tenant-read", &["tenant-read"], roles.reader(), &tenant),
        data_role(
            "tenant-write",
            &["tenant-write", "worker"],
            roles.writer(),
            &tenant,
        ),
        data_role("registry", &["registry"], roles.registry(), &both),
        data_role("operator", &["operator"], roles.operator(), &both),
        of("operator-read", "OPERATOR_READ_ROLE_ARN", &both),
        // The copies of the audit are sealed with a key that is an item of the company or person.
        data_role("seal", &["archive"], roles.data("SEAL_ROLE_ARN"), &both),
        of("new-owner", "NEW_OWNER_ROLE_ARN", &person),
        of("ending", "ENDING_ROLE_ARN", &tenant),
        of("public", "PUBLIC_ROLE_ARN", &json!({})),
        of("inquiries", "INQUIRIES_ROLE_ARN", &json!({})),
        of("directory", "DIRECTORY_ROLE_ARN", &json!({})),
        of("monitor", "MONITOR_ROLE_ARN", &json!({})),
        DataRole {
            only: &[
                "IngestWorkerRole",
                "PlatformArchiveRole",
                "PlatformDirectoryRole",
                "PlatformMonitorRole",
                "OffboardingWorkerRole",
            ],
            ..data_role(
                "heartbeat",
                &["worker", "archive", "directory", "monitor", "offboarding"],
                roles.heartbeat(),
                &json!({}),
            )
        },
    ];
    let all: Vec<String> = roles.execution.iter().map(|(_, arn)| arn.clone()).collect();
    let mut findings = Findings::default();
    for (class, role) in &roles.execution {
        let probe = Probe::under(&stack, role);
        let mut table = tables::of_no_session(&own);
        table.extend(assuming::of_role((class, role), &data, &all));
        findings.compare(&probe, name(role), &json!({ "as": "own" }), &table);
    }
    findings.conclude("4e", "execution roles reach nothing themselves", 440);
}
