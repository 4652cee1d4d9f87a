//! `functions/<domain>/README.md` holds one table of what the template says.

use std::collections::BTreeMap;

use crate::{
    functions::INVOKED,
    read, report,
    template::{FUNCTIONS, Function},
};

#[test]
fn every_domain_has_its_table() {
    let mut domains: BTreeMap<&str, Vec<&Function>> = BTreeMap::new();
    for function in FUNCTIONS.iter() {
        let (domain, _) = function.binary().split_once('-').expect("<domain>-<route>");
        domains.entry(domain).or_default().push(function);
    }
    let mut findings = Vec::new();
    for (domain, mut functions) in domains {
        functions.sort_by_key(|f| f.binary().to_owned());
        let table = table(&functions);
        let path = format!("functions/{domain}/README.md");
        if !read(&path).contains(&table) {
            findings.push(format!("{path} must hold this table:\n\n{table}"));
        }
    }
    report(&findings);
}

fn table(functions: &[&Function]) -> String {
    let head = "| Lambda | Called by | Environment | Data role |\n|---|---|---|---|\n";
    let rows: String = functions.iter().map(|function| row(function)).collect();
    head.to_owned() + &rows
}

fn row(function: &Function) -> String {
    let environment = function.environment();
    let of_all = |name: &str| {
        ["CALLER_CACHE_SECONDS", "EDGE_SECRET", "LOG_LEVEL"].contains(&name)
            || name.ends_with("_REQUESTS_PER_MINUTE")
    };
    let shown = |name: &&String| !of_all(name) && !name.ends_with("_ROLE_ARN");
    let variables: Vec<String> = environment
        .keys()
        .filter(shown)
        .map(|name| format!("`{name}`"))
        .collect();
    let roles: Vec<&str> = environment
        .keys()
        .filter_map(|name| data_role(name))
        .collect();
    format!(
        "| `{}` | {} | {} | {} |\n",
        function.binary(),
        called_by(function),
        or_none(variables.join(", ")),
        or_none(roles.join(", "))
    )
}

fn called_by(function: &Function) -> String {
    if let Some(queue) = function.queue() {
        return format!("queue `{queue}`");
    }
    if function.follows_the_table() {
        return "stream of `Table`".to_owned();
    }
    if let Some(schedule) = function.schedule() {
        return format!("schedule `{schedule}`");
    }
    if INVOKED.contains(&function.binary()) {
        return "whom IAM lets".to_owned();
    }
    let routes: Vec<String> = function
        .routes()
        .iter()
        .map(|r| format!("`{} {}`", r.method, r.path))
        .collect();
    if routes.is_empty() {
        "`$default`".to_owned()
    } else {
        routes.join(", ")
    }
}

fn data_role(variable: &str) -> Option<&'static str> {
    match variable {
        "CALLER_ROLE_ARN" => Some("CallerRole"),
        "TENANT_READ_ROLE_ARN" => Some("TenantReadRole"),
        "TENANT_WRITE_ROLE_ARN" => Some("TenantWriteRole"),
        "REGISTRY_ROLE_ARN" => Some("RegistryRole"),
        "PLATFORM_ROLE_ARN" => Some("PlatformRole"),
        "OFFBOARDING_ROLE_ARN" => Some("OffboardingRole"),
        "ARCHIVE_ROLE_ARN" => Some("ArchiveRole"),
        "OPERATOR_ROLE_ARN" => Some("OperatorRole"),
        "HEARTBEAT_ROLE_ARN" => Some("HeartbeatRole"),
        _ => None,
    }
}

fn or_none(text: String) -> String {
    if text.is_empty() {
        "none".to_owned()
    } else {
        text
    }
}
