//! `functions/<domain>/README.md` holds what the template says of its functions and of their roles.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::Value;

use crate::{
    functions::INVOKED,
    permissions::named,
    policies::{actions, resources, statements},
    read, report,
    template::{FUNCTIONS, Function, TEMPLATES, Template, list, text},
};

/// Where the part begins that is made here, and the words of its last paragraph.
const FIRST: &str = "| Lambda |";
const LAST: &str = "Every function also has ";

#[test]
fn every_domain_has_its_tables() {
    let mut domains: BTreeMap<&str, Vec<&Function>> = BTreeMap::new();
    for function in FUNCTIONS.iter() {
        let (domain, _) = function.binary().split_once('-').expect("<domain>-<route>");
        domains.entry(domain).or_default().push(function);
    }
    let mut findings = Vec::new();
    for (domain, mut functions) in domains {
        functions.sort_by_key(|f| f.binary().to_owned());
        let made = made(domain, &functions);
        let path = format!("functions/{domain}/README.md");
        let is = read(&path);
        if !is.contains(&made) {
            let mended = mended(&path, &is, &made);
            findings.push(format!(
                "{path} is not what template.yaml says; as it should be: {mended}"
            ));
        }
    }
    report(&findings);
}

/// Writes the page as it should be beside the test's other results, and says where.
fn mended(path: &str, is: &str, made: &str) -> String {
    let begin = is.find(FIRST).unwrap_or(is.len());
    let last = is[begin..].find(LAST).map_or(is.len(), |at| begin + at);
    let end = is[last..].find("\n\n").map_or(is.len(), |at| last + at + 1);
    let page = format!("{}{made}{}", &is[..begin], &is[end..]);
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(path);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(&place, page).unwrap();
    place.display().to_string()
}

fn made(domain: &str, functions: &[&Function]) -> String {
    [
        lambdas(functions),
        execution_roles(functions),
        data_roles(functions),
        of_all(domain, functions),
    ]
    .into_iter()
    .filter(|part| !part.is_empty())
    .collect::<Vec<_>>()
    .join("\n")
}

fn lambdas(functions: &[&Function]) -> String {
    let head = "| Lambda | Called by | Environment | Execution role | Data roles |\n|---|---|---|---|---|\n";
    let rows: String = functions.iter().map(|function| row(function)).collect();
    head.to_owned() + &rows
}

fn row(function: &Function) -> String {
    let environment = function.environment();
    let globals = globals(template_of(function));
    let shown = |name: &&String| !globals.contains(*name) && !name.ends_with("_ROLE_ARN");
    let variables: Vec<String> = environment
        .keys()
        .filter(shown)
        .map(|name| format!("`{name}`"))
        .collect();
    let roles: Vec<String> = data_roles_of(function).into_iter().collect();
    format!(
        "| `{}` | {} | {} | {} | {} |\n",
        function.binary(),
        called_by(function),
        or_none(variables.join(", ")),
        function.role(),
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

/// What each execution role of the domain may do itself.
fn execution_roles(functions: &[&Function]) -> String {
    let roles: BTreeMap<String, &Template> = functions
        .iter()
        .map(|function| (function.role(), template_of(function)))
        .collect();
    let mut table = "| Execution role | Class | May itself |\n|---|---|---|\n".to_owned();
    for (name, template) in roles {
        let role = template.resource(&name);
        let path = text(&role["Properties"]["Path"]);
        let class = path.trim_end_matches('/').rsplit('/').next().unwrap();
        let may: Vec<String> = statements(role).into_iter().map(may_itself).collect();
        table += &["| ", &name, " | `", class, "` | ", &may.join("; "), " |\n"].concat();
    }
    table
}

/// `sts:AssumeRole`, `sts:TagSession` on CallerRole.
fn may_itself(statement: &Value) -> String {
    let on: BTreeSet<String> = resources(statement)
        .iter()
        .filter(|resource| !resource.contains("PreviousSigningKeyId"))
        .map(|resource| target(resource))
        .collect();
    let on: Vec<String> = on.into_iter().collect();
    format!("{} on {}", codes(statement), on.join(", "))
}

/// A logical id, or the end of an ARN that is written out.
fn target(resource: &str) -> String {
    if let Some(("", stream)) = resource.split_once("${Table.Arn}/") {
        return format!("Table, `{stream}`");
    }
    match resource.rsplit_once("${AWS::AccountId}:") {
        Some((_, written_out)) => format!("`{written_out}`"),
        None => named(resource),
    }
}

/// What the data roles that functions of the domain assume may do.
fn data_roles(functions: &[&Function]) -> String {
    let names: BTreeSet<String> = functions
        .iter()
        .flat_map(|function| data_roles_of(function))
        .collect();
    if names.is_empty() {
        return String::new();
    }
    let mut table = "| Data role | Tags | May |\n|---|---|---|\n".to_owned();
    for name in names {
        let role = TEMPLATES[0].resource(&name);
        let trust = &role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0];
        let tags = &trust["Condition"]["ForAllValues:StringEquals"]["aws:TagKeys"];
        let tags: Vec<String> = list(tags)
            .into_iter()
            .map(|tag| format!("`{}`", text(tag)))
            .collect();
        let may: Vec<String> = statements(role).into_iter().map(may_by_session).collect();
        let tags = or_none(tags.join(", "));
        table += &["| ", &name, " | ", &tags, " | ", &may.join("; "), " |\n"].concat();
    }
    table
}

/// `dynamodb:GetItem` on `TENANT#<tenant_id>`; keys of items, prefixes of objects.
fn may_by_session(statement: &Value) -> String {
    let condition = &statement["Condition"];
    let keys = list(&condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]);
    let prefixes = list(&condition["StringLike"]["s3:prefix"]);
    let on: Vec<String> = match (keys.is_empty(), prefixes.is_empty()) {
        (true, true) => {
            let path = |resource: &String| {
                let (_, path) = resource.split_once('/').unwrap_or_default();
                path.to_owned()
            };
            resources(statement).iter().map(path).collect()
        }
        _ => keys.into_iter().chain(prefixes).map(text).collect(),
    };
    let plain = |key: &String| {
        let key = key.replace("${aws:PrincipalTag/", "<");
        format!("`{}`", key.replace('}', ">"))
    };
    let on: Vec<String> = on.iter().map(plain).collect();
    format!("{} on {}", codes(statement), on.join(", "))
}

fn codes(statement: &Value) -> String {
    let actions: Vec<String> = actions(statement)
        .map(|action| format!("`{action}`"))
        .collect();
    actions.join(", ")
}

/// What is the same everywhere: the variables of the template's globals, and where files are.
fn of_all(domain: &str, functions: &[&Function]) -> String {
    let globals: Vec<String> = globals(template_of(functions[0]))
        .into_iter()
        .map(|name| format!("`{name}`"))
        .collect();
    format!(
        "{LAST}{}.\nThe handler of `{domain}-<route>` is `src/<route>.rs`, its main `bin/<route>.rs`, its payloads \
         `events/{domain}-<route>.<case>.json`.\n",
        globals.join(", ")
    )
}

fn globals(template: &Template) -> BTreeSet<String> {
    let variables = &template.body["Globals"]["Function"]["Environment"]["Variables"];
    let names = variables.as_object().into_iter().flatten();
    names.map(|(name, _)| name.clone()).collect()
}

fn data_roles_of(function: &Function) -> BTreeSet<String> {
    let environment = function.environment();
    let roles = environment
        .iter()
        .filter(|(name, _)| name.ends_with("_ROLE_ARN"));
    roles.map(|(_, role)| named(role)).collect()
}

fn template_of(function: &Function) -> &'static Template {
    let own = |template: &&Template| template.path == function.template;
    TEMPLATES.iter().find(own).unwrap()
}

fn or_none(text: String) -> String {
    if text.is_empty() {
        "none".to_owned()
    } else {
        text
    }
}
