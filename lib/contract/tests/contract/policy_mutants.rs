//! Faults seeded into the real roles: the lint must see each.

use outlay_testkit::proof::measured;
use serde_json::Value;

use crate::{
    policies::{lint, statements},
    template::TEMPLATES,
};

/// Replaces a text in the JSON of a role of `template.yaml`.
struct Mutant {
    what: &'static str,
    role: &'static str,
    from: &'static str,
    to: &'static str,
}

const MUTANTS: [Mutant; 38] = [
    mutant(
        "misspelt key",
        "TenantWriteRole",
        "dynamodb:LeadingKeys",
        "dynamodb:LeadingKey",
    ),
    mutant(
        "no Null guard on the keys",
        "TenantReadRole",
        r#""dynamodb:LeadingKeys":"false""#,
        r#""s3:prefix":"false""#,
    ),
    mutant(
        "Null guard turned round",
        "TenantReadRole",
        r#""dynamodb:LeadingKeys":"false""#,
        r#""dynamodb:LeadingKeys":"true""#,
    ),
    mutant(
        "no Null guard on the tag",
        "TenantWriteRole",
        r#""aws:PrincipalTag/tenant_id":"false","#,
        "",
    ),
    mutant(
        "no Null guard on the user",
        "RegistryRole",
        r#","aws:PrincipalTag/user_id":"false""#,
        "",
    ),
    mutant(
        "wildcard action",
        "TenantWriteRole",
        "dynamodb:GetItem",
        "dynamodb:*",
    ),
    mutant(
        "wildcard in an action",
        "TenantReadRole",
        "s3:GetObject",
        "s3:Get*",
    ),
    mutant("Scan", "TenantReadRole", "dynamodb:Query", "dynamodb:Scan"),
    mutant(
        "PartiQL",
        "TenantReadRole",
        "dynamodb:Query",
        "dynamodb:PartiQLSelect",
    ),
    mutant(
        "no slash after the tenant",
        "TenantReadRole",
        "tenant_id}/*",
        "tenant_id}*",
    ),
    mutant(
        "no tenant in the prefix",
        "TenantWriteRole",
        "/lake/tenant=${!aws:PrincipalTag/tenant_id}/*",
        "/lake/*",
    ),
    mutant(
        "an unknown kind",
        "TenantWriteRole",
        "/lake/tenant",
        "/lakes/tenant",
    ),
    mutant(
        "no # after the tenant",
        "TenantReadRole",
        "tenant_id}#*",
        "tenant_id}*",
    ),
    mutant(
        "any partition",
        "TenantReadRole",
        "TENANT#${aws:PrincipalTag/tenant_id}#*",
        "TENANT#*",
    ),
    mutant(
        "every resource",
        "TenantReadRole",
        r#""Resource":["#,
        r#""Resource":["*","#,
    ),
    mutant(
        "ForAnyValue",
        "TenantReadRole",
        "ForAllValues:StringLike",
        "ForAnyValue:StringLike",
    ),
    mutant(
        "audit can be deleted",
        "OperatorRole",
        r#""Action":"dynamodb:PutItem""#,
        r#""Action":["dynamodb:PutItem","dynamodb:DeleteItem"]"#,
    ),
    mutant(
        "trust without the tag",
        "TenantReadRole",
        r#""aws:RequestTag/tenant_id":"false","#,
        "",
    ),
    mutant(
        "trust of any role",
        "TenantReadRole",
        "/outlay/${Stage}/tenant-read/*",
        "/*",
    ),
    mutant(
        "trust of another stage",
        "TenantReadRole",
        "/outlay/${Stage}/tenant-read/*",
        "/outlay/*",
    ),
    mutant(
        "own access to items",
        "CostsReadRole",
        "kms:GetPublicKey",
        "dynamodb:GetItem",
    ),
    mutant(
        "own access to objects",
        "IngestWorkerRole",
        "sqs:SendMessage",
        "s3:GetObject",
    ),
    mutant(
        "the use of any tenant's tokens",
        "CallerRole",
        "TENANT#${aws:PrincipalTag/tenant_id}#USE",
        "TENANT#*#USE",
    ),
    mutant(
        "any caller",
        "CallerRole",
        "USER#${aws:PrincipalTag/user_id}",
        "USER#*",
    ),
    mutant(
        "who looks may change",
        "CallerRole",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
    ),
    mutant(
        "counts of any tenant",
        "CallerRole",
        "TENANT#${aws:PrincipalTag/tenant_id}#RATE",
        "TENANT#*",
    ),
    mutant(
        "any person to administer",
        "OperatorRole",
        "USER#${aws:PrincipalTag/user_id}",
        "USER#*",
    ),
    mutant(
        "any company to administer",
        "OperatorRole",
        "\"TENANT#${aws:PrincipalTag/tenant_id}\"",
        "\"TENANT#*\"",
    ),
    mutant(
        "whoever looks administers",
        "OperatorReadRole",
        "[\"dynamodb:GetItem\",\"dynamodb:Query\"]",
        "[\"dynamodb:GetItem\",\"dynamodb:PutItem\"]",
    ),
    mutant(
        "any person an owner",
        "NewOwnerRole",
        "USER#${aws:PrincipalTag/user_id}",
        "USER#*",
    ),
    mutant(
        "the end of any company, begun",
        "EndingRole",
        "\"TENANT#${aws:PrincipalTag/tenant_id}\"",
        "\"TENANT#*\"",
    ),
    mutant(
        "keys of any company",
        "SealRole",
        "\"TENANT#${aws:PrincipalTag/tenant_id}\"",
        "\"TENANT#*\"",
    ),
    mutant(
        "counts begun anew",
        "PublicRole",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
    ),
    mutant(
        "inquiries read by whom stores them",
        "InquiriesRole",
        "INQUIRY#*",
        "SYSTEM",
    ),
    mutant(
        "the directory's role writes settings",
        "DirectoryRole",
        "DIR#*",
        "SYSTEM",
    ),
    mutant(
        "the monitor reads people",
        "MonitorRole",
        "DOWNTIME#*",
        "USER#*",
    ),
    mutant(
        "the end of any company",
        "OffboardingRole",
        "TENANT#${aws:PrincipalTag/tenant_id}#*",
        "TENANT#*",
    ),
    mutant(
        "the audit of any company",
        "OffboardingRole",
        "AUDIT#${aws:PrincipalTag/tenant_id}#*",
        "AUDIT#*",
    ),
];

const fn mutant(
    what: &'static str,
    role: &'static str,
    from: &'static str,
    to: &'static str,
) -> Mutant {
    Mutant {
        what,
        role,
        from,
        to,
    }
}

#[test]
fn the_lint_kills_every_mutant() {
    let mut survivors = Vec::new();
    for Mutant {
        what,
        role,
        from,
        to,
    } in MUTANTS
    {
        let sound = TEMPLATES[0].resource(role);
        assert_eq!(
            lint(role, sound),
            Vec::<String>::new(),
            "{role} must be sound to begin with"
        );
        let mutated = sorted(sound).to_string().replace(from, to);
        assert_ne!(
            mutated,
            sorted(sound).to_string(),
            "{what}: `{from}` is not in {role}: {mutated}"
        );
        let mutated: Value =
            serde_json::from_str(&mutated).unwrap_or_else(|e| panic!("{what}: {e}"));
        if lint(role, &mutated).is_empty() {
            survivors.push(what);
        }
    }
    measured(
        "5",
        "IAM documents are not vacuous",
        "every seeded mutant killed, >= 6",
        format!(
            "{}/{} mutants killed by the lint",
            MUTANTS.len() - survivors.len(),
            MUTANTS.len()
        ),
    );
    assert_eq!(
        survivors,
        Vec::<&str>::new(),
        "the lint in policies.rs misses these"
    );
}

#[test]
fn a_statement_without_any_condition_is_seen() {
    let mut role = TEMPLATES[0].resource("TenantReadRole").clone();
    let count = statements(&role).len();
    for index in 0..count {
        let statement =
            format!("/Properties/Policies/0/PolicyDocument/Statement/{index}/Condition");
        let condition = role.pointer_mut(&statement).unwrap().take();
        assert_ne!(
            lint("TenantReadRole", &role),
            Vec::<String>::new(),
            "statement {index}"
        );
        *role.pointer_mut(&statement).unwrap() = condition;
    }
}

/// The same with sorted keys, so that a mutant's text does not hang on their order.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<_> = map.iter().collect();
            pairs.sort_by_key(|(key, _)| key.as_str());
            pairs
                .into_iter()
                .map(|(key, value)| (key.clone(), sorted(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}
