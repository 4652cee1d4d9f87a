//! `cargo xtask new-route`: the skeleton of a route, step by step as docs/adding-a-route.md lists them.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{args::Args, house::House};

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];

/// A route to be.
#[derive(Debug)]
struct Route {
    /// Folder under `functions/`, such as `costs`.
    domain: String,
    /// Name within the domain, such as `compare`.
    name: String,
    method: String,
    path: String,
}

pub(crate) fn run(house: &House, mut args: Args) -> Result<()> {
    let route = Route {
        domain: args.word("DOMAIN")?,
        name: args.word("ROUTE")?,
        method: args.word("METHOD")?.to_uppercase(),
        path: args.word("PATH")?,
    };
    args.done()?;
    route.check(house)?;
    let folder = house.path("functions").join(&route.domain);
    let done = [
        create(
            folder.join(format!("src/{}.rs", route.module())),
            &route.handler(),
        )?,
        create(folder.join(format!("bin/{}.rs", route.name)), &route.main())?,
        edit(folder.join("src/lib.rs"), |text| route.with_module(text))?,
        edit(folder.join("Cargo.toml"), |text| route.with_bin(text))?,
        edit(house.path("template.yaml"), |text| {
            route.with_function(text)
        })?,
        create(
            house
                .path("events")
                .join(format!("{}.example.json", route.lambda())),
            &route.event(),
        )?,
    ];
    for path in done {
        println!("  {}", path.display());
    }
    println!("left to do by hand: docs/adding-a-route.md, from step 4 on");
    Ok(())
}

impl Route {
    fn check(&self, house: &House) -> Result<()> {
        let word = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        };
        ensure!(
            word(&self.domain) && word(&self.name),
            "DOMAIN and ROUTE are words such as `costs` and `compare`"
        );
        ensure!(
            METHODS.contains(&self.method.as_str()),
            "METHOD is one of {}",
            METHODS.join(", ")
        );
        ensure!(self.path.starts_with("/v1/"), "PATH begins with /v1/");
        let folder = house.path("functions").join(&self.domain);
        ensure!(
            folder.join("Cargo.toml").exists(),
            "there is no {}: a new domain is a package of its own, copy the smallest one",
            folder.display()
        );
        Ok(())
    }

    /// Name of the Lambda and of its binary.
    fn lambda(&self) -> String {
        format!("{}-{}", self.domain, self.name)
    }

    fn module(&self) -> String {
        self.name.replace('-', "_")
    }

    fn reads(&self) -> bool {
        self.method == "GET"
    }

    fn access(&self) -> &'static str {
        if self.reads() { "Read" } else { "Write" }
    }

    fn permission(&self) -> String {
        format!("{}{}", pascal(&self.domain), self.access())
    }

    fn main(&self) -> String {
        format!(
            "//! {} {}\n\nfn main() -> std::process::ExitCode {{\n    outlay_runtime::http(outlay_{}::{}::handler)\n}}\n",
            self.method,
            self.path,
            self.domain.replace('-', "_"),
            self.module()
        )
    }

    fn handler(&self) -> String {
        let Self {
            method,
            path,
            domain,
            ..
        } = self;
        let (module, permission, lambda) = (self.module(), self.permission(), self.lambda());
        let (verb, data) = (
            method.to_lowercase(),
            if self.reads() { "reader" } else { "writer" },
        );
        format!(
            r#"//! {method} {path}

use outlay_http::{{Body, Problem, ProblemBody, Reply, Request, Response, reply}};
use outlay_identity::{{Caller, {permission}}};
use outlay_runtime::{{App, authorised}};

/// `{method} {path}`
pub fn handler(app: &'static App, request: Request) -> Reply {{
    authorised(app, request, {module})
}}

/// What it answers, and why one asks.
#[utoipa::path({verb}, path = "{path}", operation_id = "{lambda}", tag = "{domain}",
    security(("bearer" = [])),
    responses((status = 204, description = "Nothing yet"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn {module}(
    app: &'static App,
    caller: Caller<{permission}>,
    _request: Request,
) -> Result<Response<Body>, Problem> {{
    let _data = app.{data}(&caller).await?;
    Ok(reply::no_content())
}}
"#
        )
    }

    fn with_module(&self, lib: &str) -> Result<String> {
        let line = format!("pub mod {};", self.module());
        let lines: Vec<&str> = lib.lines().collect();
        let is_module = |text: &str| text.starts_with("pub mod ") && text.ends_with(';');
        let after = lines
            .iter()
            .rposition(|text| is_module(text) && **text < *line);
        let first = lines.iter().position(|text| is_module(text));
        let mut at = after
            .map(|at| at + 1)
            .or(first)
            .context("src/lib.rs has no `pub mod`")?;
        // The comment above a module stays above it.
        while after.is_none() && at > 0 && lines[at - 1].starts_with("///") {
            at -= 1;
        }
        Ok(inserted(&lines, at, &[&line]))
    }

    fn with_bin(&self, manifest: &str) -> Result<String> {
        let lines: Vec<&str> = manifest.lines().collect();
        let at = lines
            .iter()
            .position(|line| *line == "[dependencies]")
            .context("no [dependencies]")?;
        let name = format!("name = \"{}\"", self.lambda());
        let path = format!("path = \"bin/{}.rs\"", self.name);
        Ok(inserted(
            &lines,
            at,
            &["[[bin]]", &name, &path, "test = false", ""],
        ))
    }

    /// The template with the function behind the last one of its domain, whose environment it takes over.
    fn with_function(&self, template: &str) -> Result<String> {
        let lines: Vec<&str> = template.lines().collect();
        let binary = format!("Binary: {}-", self.domain);
        let last = lines
            .iter()
            .rposition(|line| line.contains(&binary))
            .with_context(|| format!("template.yaml has no function of {}", self.domain))?;
        let end = lines[last..]
            .iter()
            .position(|line| line.is_empty())
            .context("no end of the function")?
            + last;
        let function = self.function();
        let added: Vec<&str> = std::iter::once("").chain(function.lines()).collect();
        Ok(inserted(&lines, end, &added))
    }

    fn function(&self) -> String {
        let (domain, lambda, access) = (pascal(&self.domain), self.lambda(), self.access());
        let id = pascal(&lambda);
        let (upper, method, path) = (
            access.to_uppercase(),
            self.method.to_lowercase(),
            &self.path,
        );
        format!(
            r#"  {id}Function:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: rust-cargolambda
      BuildProperties: {{Binary: {lambda}}}
    Properties:
      FunctionName: !Sub outlay-${{Stage}}-{lambda}
      Role: !GetAtt {domain}{access}Role.Arn
      LoggingConfig: {{LogGroup: !Ref {domain}LogGroup}}
      Environment:
        Variables:
          TABLE_NAME: !Ref Table
          BUCKET_NAME: !Sub outlay-${{Stage}}-${{AWS::AccountId}}-${{AWS::Region}}
          TENANT_{upper}_ROLE_ARN: !GetAtt Tenant{access}Role.Arn
          CALLER_ROLE_ARN: !GetAtt CallerRole.Arn
          SIGNING_KEY_IDS: !If [HasPreviousSigningKey, !Sub "${{SigningKey}},${{PreviousSigningKeyId}}", !Ref SigningKey]
          TOKEN_ISSUER: !If [HasWebOrigin, !Ref WebOrigin, !Sub "urn:outlay:${{Stage}}"]
      Events:
        Route:
          Type: HttpApi
          Properties: {{ApiId: !Ref Api, Method: {method}, Path: "{path}", PayloadFormatVersion: "2.0"}}"#
        )
    }

    /// A payload 2.0 event of this route, from an example address.
    fn event(&self) -> String {
        let raw_path = self.path.replace(['{', '}'], "");
        let route_key = format!("{} {}", self.method, self.path);
        let parameters: serde_json::Map<String, Value> = self
            .path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .map(|name| (name.to_owned(), json!(name)))
            .collect();
        let mut event = json!({
            "version": "2.0",
            "routeKey": route_key,
            "rawPath": raw_path,
            "rawQueryString": "",
            "headers": {
                "accept": "application/json",
                "authorization": "Bearer token",
                "host": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
                "x-forwarded-for": "203.0.113.7",
            },
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "a1b2c3d4e5",
                "domainName": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
                "domainPrefix": "a1b2c3d4e5",
                "http": {
                    "method": self.method,
                    "path": raw_path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": "203.0.113.7",
                    "userAgent": "example",
                },
                "requestId": "40ea79769a85d0=",
                "routeKey": route_key,
                "stage": "$default",
                "time": "20/Nov/2026:09:30:00 +0000",
                "timeEpoch": 1_795_167_000_000_u64,
            },
            "isBase64Encoded": false,
        });
        if !parameters.is_empty() {
            event["pathParameters"] = Value::Object(parameters);
        }
        format!("{event:#}\n")
    }
}

/// `costs-compare` as `CostsCompare`.
fn pascal(text: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    text.split('-')
        .filter(|word| !word.is_empty())
        .map(capital)
        .collect()
}

fn inserted(lines: &[&str], at: usize, added: &[&str]) -> String {
    let mut all = lines.to_vec();
    all.splice(at..at, added.iter().copied());
    all.join("\n") + "\n"
}

fn create(path: PathBuf, text: &str) -> Result<PathBuf> {
    ensure!(!path.exists(), "{} is there already", path.display());
    fs::write(&path, text).with_context(|| path.display().to_string())?;
    Ok(path)
}

fn edit(path: PathBuf, change: impl FnOnce(&str) -> Result<String>) -> Result<PathBuf> {
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    fs::write(&path, change(&text)?)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route() -> Route {
        let text = str::to_owned;
        Route {
            domain: text("costs"),
            name: text("compare"),
            method: text("GET"),
            path: text("/v1/costs/compare/{viewId}"),
        }
    }

    #[test]
    fn the_module_takes_its_place_in_the_alphabet() {
        let lib = "//! Costs.\n\npub mod query;\npub mod trends;\nmod shared;\n";
        assert!(
            route()
                .with_module(lib)
                .unwrap()
                .starts_with("//! Costs.\n\npub mod compare;\npub mod query;\n")
        );
        let lib = "//! Costs.\n\n/// Q.\npub mod query;\n";
        let with = route().with_module(lib).unwrap();
        assert_eq!(
            with,
            "//! Costs.\n\npub mod compare;\n/// Q.\npub mod query;\n"
        );
        let lib = "//! Costs.\n\npub mod areas;\nmod shared;\n";
        assert_eq!(
            route().with_module(lib).unwrap(),
            "//! Costs.\n\npub mod areas;\npub mod compare;\nmod shared;\n"
        );
    }

    #[test]
    fn the_binary_comes_before_the_dependencies() {
        let manifest = "[package]\nname = \"outlay-costs\"\n\n[dependencies]\nserde = \"1\"\n";
        let with = route().with_bin(manifest).unwrap();
        assert!(with.contains(
            "\n[[bin]]\nname = \"costs-compare\"\npath = \"bin/compare.rs\"\ntest = false\n\n[dependencies]\n"
        ));
    }

    #[test]
    fn the_function_comes_behind_those_of_its_domain() {
        let template = include_str!("../../template.yaml");
        let with = route().with_function(template).unwrap();
        let at = |text: &str| with.find(text).unwrap();
        assert!(at("Binary: costs-query") < at("Binary: costs-compare"));
        assert!(at("Binary: costs-compare") < at("Binary: platform-health"));
        assert!(
            with.contains("CostsCompareFunction:") && with.contains("!GetAtt CostsReadRole.Arn")
        );
        assert_eq!(
            with.lines().count(),
            template.lines().count() + 1 + route().function().lines().count()
        );
    }

    #[test]
    fn the_event_names_the_route_and_its_parameters() {
        let event: Value = serde_json::from_str(&route().event()).unwrap();
        assert_eq!(event["routeKey"], "GET /v1/costs/compare/{viewId}");
        assert_eq!(event["rawPath"], "/v1/costs/compare/viewId");
        assert_eq!(event["pathParameters"], json!({"viewId": "viewId"}));
    }
}
