//! A stack holds 500 resources; ours stay at 450 at most. SAM's arithmetic, as aws-sam-translator 1.115 does it.

use serde_json::Value;

use crate::{
    report,
    template::{TEMPLATES, Template},
};

const MOST_RESOURCES: usize = 450;
/// HTTP APIs have 300 routes and integrations.
const MOST_ROUTES: usize = 250;

#[test]
fn no_stack_comes_near_the_limits() {
    let mut findings = Vec::new();
    for template in TEMPLATES.iter() {
        let (resources, routes) = (count(template), events(template, "HttpApi"));
        if resources > MOST_RESOURCES {
            findings.push(format!(
                "{} makes {resources} resources, at most {MOST_RESOURCES}: move a wing to a nested stack (docs/adr/0004)",
                template.path
            ));
        }
        if routes > MOST_ROUTES {
            findings.push(format!(
                "{} has {routes} routes, at most {MOST_ROUTES}: move a wing to a nested stack",
                template.path
            ));
        }
    }
    report(&findings);
}

#[test]
fn counts_as_sam_does() {
    let template = Template::parse(
        "example",
        "
        Globals: {Function: {Role: x}}
        Resources:
          Api: {Type: AWS::Serverless::HttpApi}
          Wing: {Type: AWS::Serverless::Application}
          Queue: {Type: AWS::SQS::Queue}
          AFunction:
            Type: AWS::Serverless::Function
            Properties:
              Events:
                Get: {Type: HttpApi}
                Post: {Type: HttpApi}
                Queue: {Type: SQS}
        ",
    );
    // Api and stage, nested stack, queue; function, two permissions, one mapping.
    assert_eq!(count(&template), 8);
}

fn count(template: &Template) -> usize {
    let globals = &template.body["Globals"]["Function"];
    template
        .all_resources()
        .map(|(id, resource)| made_of(id, resource, globals))
        .sum()
}

fn made_of(id: &str, resource: &Value, globals: &Value) -> usize {
    let kind = resource["Type"].as_str().unwrap_or_default();
    match kind {
        "AWS::Serverless::Function" => {
            let role = resource["Properties"]["Role"].is_null() && globals["Role"].is_null();
            let events = resource["Properties"]["Events"]
                .as_object()
                .into_iter()
                .flatten();
            1 + usize::from(role) + events.map(|(_, event)| of_event(id, event)).sum::<usize>()
        }
        "AWS::Serverless::HttpApi" => 2,
        "AWS::Serverless::Application" => 1,
        sam if sam.starts_with("AWS::Serverless::") => {
            panic!(
                "{id}: teach lib/contract/tests/contract/resources.rs how many resources {sam} makes"
            )
        }
        _ => 1,
    }
}

fn of_event(id: &str, event: &Value) -> usize {
    match event["Type"].as_str().unwrap_or_default() {
        // A permission; a mapping.
        "HttpApi" | "SQS" | "DynamoDB" => 1,
        // A rule or schedule and what lets it call.
        "Schedule" | "ScheduleV2" | "EventBridgeRule" | "SNS" => 2,
        other => panic!("{id}: teach lib/contract/tests/contract/resources.rs the event {other}"),
    }
}

fn events(template: &Template, kind: &str) -> usize {
    let functions = template.resources("AWS::Serverless::Function");
    functions
        .flat_map(|(_, f)| f["Properties"]["Events"].as_object().into_iter().flatten())
        .filter(|(_, event)| event["Type"] == kind)
        .count()
}
