//! `template.yaml` and the nested templates it names, with short tags in their long form.

use std::{collections::BTreeMap, sync::LazyLock};

use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;

use crate::read;

/// A template as JSON: `!Sub x` is `{"Fn::Sub": "x"}`.
pub(crate) struct Template {
    pub(crate) path: String,
    pub(crate) body: Value,
}

/// The main template first, then its wings.
pub(crate) static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| {
    let main = Template::load("template.yaml");
    let wings: Vec<Template> = main
        .resources("AWS::Serverless::Application")
        .map(|(_, wing)| {
            Template::load(
                wing["Properties"]["Location"]
                    .as_str()
                    .expect("Location is a path"),
            )
        })
        .collect();
    std::iter::once(main).chain(wings).collect()
});

/// Every function of every template.
pub(crate) static FUNCTIONS: LazyLock<Vec<Function>> =
    LazyLock::new(|| TEMPLATES.iter().flat_map(Template::functions).collect());

impl Template {
    pub(crate) fn load(path: &str) -> Self {
        Self::parse(path, &read(path))
    }

    pub(crate) fn parse(path: &str, text: &str) -> Self {
        let yaml: Yaml = serde_yaml_ng::from_str(text).unwrap_or_else(|e| panic!("{path}: {e}"));
        Self {
            path: path.to_owned(),
            body: long_form(yaml),
        }
    }

    pub(crate) fn all_resources(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.body["Resources"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(id, r)| (id.as_str(), r))
    }

    pub(crate) fn resources(&self, kind: &str) -> impl Iterator<Item = (&str, &Value)> {
        self.all_resources().filter(move |(_, r)| r["Type"] == kind)
    }

    pub(crate) fn resource(&self, id: &str) -> &Value {
        &self.body["Resources"][id]
    }

    /// A number, or the default of the parameter that a `Ref` names.
    pub(crate) fn number(&self, value: &Value) -> Option<u64> {
        let parameter = || self.body["Parameters"][value["Ref"].as_str()?]["Default"].as_u64();
        value.as_u64().or_else(parameter)
    }

    fn functions(&self) -> impl Iterator<Item = Function> {
        self.resources("AWS::Serverless::Function")
            .map(|(id, own)| Function {
                id: id.to_owned(),
                template: self.path.clone(),
                metadata: own["Metadata"].clone(),
                properties: with_globals(&self.body["Globals"]["Function"], &own["Properties"]),
            })
    }
}

/// A function with the template's globals applied.
pub(crate) struct Function {
    pub(crate) id: String,
    pub(crate) template: String,
    pub(crate) metadata: Value,
    pub(crate) properties: Value,
}

/// A route of an API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Route {
    pub(crate) method: String,
    pub(crate) path: String,
}

impl Function {
    /// The name of the Lambda: `<domain>-<route>`.
    pub(crate) fn binary(&self) -> &str {
        self.metadata["BuildProperties"]["Binary"]
            .as_str()
            .unwrap_or_default()
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = (&str, &Value)> {
        let events = self.properties["Events"].as_object().into_iter().flatten();
        events.filter_map(|(_, e)| Some((e["Type"].as_str()?, &e["Properties"])))
    }

    /// Its routes; `$default` has no path and is left out.
    pub(crate) fn routes(&self) -> Vec<Route> {
        let http = self.events().filter(|(kind, _)| *kind == "HttpApi");
        http.filter_map(|(_, p)| {
            Some(Route {
                method: p["Method"].as_str()?.to_uppercase(),
                path: p["Path"].as_str()?.to_owned(),
            })
        })
        .collect()
    }

    pub(crate) fn is_on_http(&self) -> bool {
        self.events().any(|(kind, _)| kind == "HttpApi")
    }

    /// The logical id of the queue it works off.
    pub(crate) fn queue(&self) -> Option<String> {
        let (_, event) = self.events().find(|(kind, _)| *kind == "SQS")?;
        Some(
            text(&event["Queue"])
                .trim_start_matches("${")
                .trim_end_matches(".Arn}")
                .to_owned(),
        )
    }

    /// Whether it is given the changes of the table.
    pub(crate) fn follows_the_table(&self) -> bool {
        self.events().any(|(kind, _)| kind == "DynamoDB")
    }

    /// How often the clock calls it, such as `rate(${MonitorMinutes} minutes)`.
    pub(crate) fn schedule(&self) -> Option<String> {
        let (_, event) = self.events().find(|(kind, _)| *kind == "Schedule")?;
        Some(text(&event["Schedule"]))
    }

    pub(crate) fn environment(&self) -> BTreeMap<String, String> {
        let variables = self.properties["Environment"]["Variables"]
            .as_object()
            .into_iter()
            .flatten();
        variables
            .map(|(name, value)| (name.clone(), text(value)))
            .collect()
    }

    /// The logical id of its execution role.
    pub(crate) fn role(&self) -> String {
        text(&self.properties["Role"])
            .trim_start_matches("${")
            .trim_end_matches(".Arn}")
            .to_owned()
    }
}

/// The text of a string, `Sub`, `Ref` or `GetAtt`, references as `${Name}`.
pub(crate) fn text(value: &Value) -> String {
    let reference = |key: &str| value[key].as_str().map(|name| format!("${{{name}}}"));
    value
        .as_str()
        .map(str::to_owned)
        .or_else(|| {
            value["Fn::Sub"]
                .as_str()
                .map(|sub| sub.replace("${!", "${"))
        })
        .or_else(|| reference("Ref"))
        .or_else(|| reference("Fn::GetAtt"))
        .unwrap_or_else(|| value.to_string())
}

/// The items of a list, or the one item that stands for it.
pub(crate) fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

fn with_globals(globals: &Value, own: &Value) -> Value {
    match (globals, own) {
        (Value::Object(globals), Value::Object(own)) => {
            let mut merged = globals.clone();
            for (key, value) in own {
                let base = globals.get(key).unwrap_or(&Value::Null);
                merged.insert(key.clone(), with_globals(base, value));
            }
            Value::Object(merged)
        }
        (globals, Value::Null) => globals.clone(),
        (_, own) => own.clone(),
    }
}

fn long_form(yaml: Yaml) -> Value {
    match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(b) => json!(b),
        Yaml::Number(n) => n
            .as_i64()
            .map_or_else(|| json!(n.to_string()), |n| json!(n)),
        Yaml::String(s) => json!(s),
        Yaml::Sequence(items) => items.into_iter().map(long_form).collect(),
        Yaml::Mapping(map) => map
            .into_iter()
            .map(|(k, v)| (key(k), long_form(v)))
            .collect(),
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let name = match tag.trim_start_matches('!') {
                short @ ("Ref" | "Condition") => short.to_owned(),
                short => format!("Fn::{short}"),
            };
            Value::Object(Map::from_iter([(name, long_form(tagged.value))]))
        }
    }
}

fn key(yaml: Yaml) -> String {
    match long_form(yaml) {
        Value::String(key) => key,
        other => other.to_string(),
    }
}

#[test]
fn short_tags_become_long_and_globals_fill_in() {
    let template = Template::parse(
        "example",
        "
        Parameters: {Seconds: {Type: Number, Default: 30}}
        Globals: {Function: {Timeout: !Ref Seconds, Environment: {Variables: {LOG: info}}}}
        Resources:
          CostsQueryFunction:
            Type: AWS::Serverless::Function
            Metadata: {BuildProperties: {Binary: costs-query}}
            Properties:
              Role: !GetAtt ReadRole.Arn
              Environment: {Variables: {BUCKET: !Sub 'b-${!x}-${Stage}'}}
              Events: {Queue: {Type: SQS, Properties: {Queue: !GetAtt PartsQueue.Arn}}}
        ",
    );
    let function = template.functions().next().unwrap();
    assert_eq!(function.binary(), "costs-query");
    assert_eq!(function.role(), "ReadRole");
    assert_eq!(function.queue().as_deref(), Some("PartsQueue"));
    assert_eq!(template.number(&function.properties["Timeout"]), Some(30));
    let environment: Vec<_> = function.environment().into_iter().collect();
    let expected = [("BUCKET", "b-${x}-${Stage}"), ("LOG", "info")];
    assert_eq!(
        environment,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}
