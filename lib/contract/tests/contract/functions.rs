//! Functions of the templates, binaries of the workspace, files and names: one thing, one name.

use std::collections::BTreeSet;

use cargo_metadata::{MetadataCommand, Package};

use crate::{
    report, root,
    template::{FUNCTIONS, Function},
};

/// Functions that nothing calls but an operator of the AWS account, whom IAM lets invoke them.
pub(crate) const INVOKED: [&str; 2] = ["admin-bootstrap", "admin-import"];

#[test]
fn every_function_has_its_binary_and_the_other_way_round() {
    let declared: BTreeSet<String> = FUNCTIONS.iter().map(|f| f.binary().to_owned()).collect();
    let built: BTreeSet<String> = binaries().into_iter().map(|(_, name)| name).collect();
    let no_binary = declared.difference(&built).map(|name| {
        format!("the function {name} of the template has no [[bin]]: add it to functions/<domain>/Cargo.toml")
    });
    let no_function = built.difference(&declared).map(|name| {
        format!("the [[bin]] {name} is in no template: add its AWS::Serverless::Function (docs/adding-a-route.md)")
    });
    report(&no_binary.chain(no_function).collect::<Vec<_>>());
    assert_eq!(
        declared.len(),
        FUNCTIONS.len(),
        "two functions of the template share a Binary"
    );
}

#[test]
fn from_a_lambda_one_can_guess_its_file_and_back() {
    report(&FUNCTIONS.iter().flat_map(misnamed).collect::<Vec<_>>());
}

#[test]
fn binaries_are_thin_and_lie_where_their_name_says() {
    let mut findings = Vec::new();
    for (package, name) in binaries() {
        let domain = package.trim_start_matches("outlay-");
        let Some(route) = name.strip_prefix(&format!("{domain}-")) else {
            findings.push(format!(
                "the [[bin]] {name} of {package} must be named {domain}-<route>"
            ));
            continue;
        };
        let path = format!("functions/{domain}/bin/{route}.rs");
        match std::fs::read_to_string(root().join(&path)) {
            Err(_) => findings.push(format!("the main of {name} must be {path}")),
            Ok(main) => {
                let lines = main
                    .lines()
                    .filter(|l| !l.trim().is_empty() && !l.trim_start().starts_with("//"));
                if lines.count() > 8 {
                    findings.push(format!(
                        "{path} has more than 8 lines: a main calls lib/runtime and nothing else"
                    ));
                }
            }
        }
    }
    report(&findings);
}

#[test]
fn functions_are_tested_beside_their_code() {
    let mut findings = Vec::new();
    for package in packages() {
        let folder = package.manifest_path.parent().unwrap().to_string();
        for target in &package.targets {
            if target.is_bin() && target.test {
                findings.push(format!(
                    "the [[bin]] {} needs `test = false`: each test of a main is one more link",
                    target.name
                ));
            }
        }
        if std::path::Path::new(&folder).join("tests").exists() {
            findings.push(format!(
                "{folder}/tests: move these tests beside the code, or to lib/testkit's stack tests"
            ));
        }
    }
    report(&findings);
}

fn misnamed(function: &Function) -> Vec<String> {
    let (id, binary) = (&function.id, function.binary());
    let Some((domain, route)) = binary.split_once('-') else {
        return vec![format!(
            "{id}: Metadata.BuildProperties.Binary must be <domain>-<route>, is `{binary}`"
        )];
    };
    let mut findings = Vec::new();
    let mut expect = |what: &str, is: String, should: String| {
        if is != should {
            findings.push(format!(
                "{id} in {}: {what} must be `{should}`, is `{is}`",
                function.template
            ));
        }
    };
    let camel = |text: &str| -> String { text.split('-').map(capitalised).collect() };
    let p = &function.properties;
    expect(
        "the logical id",
        id.clone(),
        format!("{}{}Function", camel(domain), camel(route)),
    );
    expect(
        "FunctionName",
        crate::template::text(&p["FunctionName"]),
        format!("outlay-${{Stage}}-{binary}"),
    );
    expect(
        "BuildMethod",
        crate::template::text(&function.metadata["BuildMethod"]),
        "rust-cargolambda".into(),
    );
    expect(
        "Runtime",
        crate::template::text(&p["Runtime"]),
        "provided.al2023".into(),
    );
    expect(
        "Handler",
        crate::template::text(&p["Handler"]),
        "bootstrap".into(),
    );
    expect(
        "Architectures",
        p["Architectures"].to_string(),
        r#"["arm64"]"#.into(),
    );
    expect(
        "LogFormat",
        crate::template::text(&p["LoggingConfig"]["LogFormat"]),
        "JSON".into(),
    );
    let group = format!("${{{}LogGroup}}", camel(domain));
    expect(
        "LogGroup (shared by the domain)",
        crate::template::text(&p["LoggingConfig"]["LogGroup"]),
        group,
    );
    let depth = function.template.matches('/').count();
    let code = if depth == 0 {
        ".".to_owned()
    } else {
        vec![".."; depth].join("/")
    };
    expect(
        "CodeUri (the root of the workspace)",
        crate::template::text(&p["CodeUri"]),
        code,
    );
    let handler = format!("functions/{domain}/src/{}.rs", route.replace('-', "_"));
    if !root().join(&handler).exists() {
        findings.push(format!("{id}: its handler must be {handler}"));
    }
    if function.events().next().is_none() && !INVOKED.contains(&binary) {
        findings.push(format!(
            "{id}: nothing calls it; give it an Event or remove it"
        ));
    }
    findings
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(word.len().min(1));
    first.to_uppercase() + rest
}

/// Package and name of every binary under `functions/`.
fn binaries() -> Vec<(String, String)> {
    let of = |p: Package| {
        let package = p.name.to_string();
        let bins: Vec<_> = p
            .targets
            .iter()
            .filter(|t| t.is_bin())
            .map(|t| t.name.clone())
            .collect();
        bins.into_iter().map(move |bin| (package.clone(), bin))
    };
    packages().into_iter().flat_map(of).collect()
}

/// The packages under `functions/`.
fn packages() -> Vec<Package> {
    let metadata = MetadataCommand::new()
        .current_dir(root())
        .no_deps()
        .exec()
        .expect("cargo metadata");
    metadata
        .packages
        .into_iter()
        .filter(|p| p.manifest_path.as_str().contains("/functions/"))
        .collect()
}
