//! Queue settings are right by construction.

use serde_json::Value;

use crate::{
    report,
    template::{FUNCTIONS, Function, TEMPLATES, Template, text},
};

const DEFAULT_RETENTION: u64 = 345_600;

#[test]
fn every_queue_that_a_function_works_off_is_safe() {
    let mut findings = Vec::new();
    let mut seen = 0;
    for function in FUNCTIONS.iter() {
        let template = TEMPLATES
            .iter()
            .find(|t| t.path == function.template)
            .unwrap();
        if let Some(queue) = function.queue() {
            seen += 1;
            findings.extend(unsafe_queue(template, function, &queue));
        }
    }
    assert!(seen >= 3, "the pipeline has three queues");
    report(&findings);
}

#[test]
fn seeded_faults_are_seen() {
    let queue = |change: &str, by: &str| {
        let text = EXAMPLE.replace(change, by);
        assert!(
            change.is_empty() || text != EXAMPLE,
            "{change} is not in the example"
        );
        let template = Template::parse("example", &text);
        let function = Function {
            id: "F".into(),
            template: "example".into(),
            metadata: Value::Null,
            properties: template.resource("F")["Properties"].clone(),
        };
        unsafe_queue(&template, &function, "Q")
    };
    assert_eq!(queue("", ""), Vec::<String>::new());
    for (change, by) in [
        ("VisibilityTimeout: 60", "VisibilityTimeout: 59"),
        ("FunctionResponseTypes: [ReportBatchItemFailures], ", ""),
        ("maxReceiveCount: 5", "maxReceiveCount: 4"),
        ("Dead.Arn", "Other.Arn"),
        (
            "MessageRetentionPeriod: 1209600",
            "MessageRetentionPeriod: 345600",
        ),
        ("ScalingConfig: {MaximumConcurrency: 2}", "BatchSize: 1"),
        (
            "Value: !GetAtt Dead.QueueName",
            "Value: !GetAtt Q.QueueName",
        ),
    ] {
        assert_eq!(queue(change, by).len(), 1, "{by}: {:?}", queue(change, by));
    }
}

const EXAMPLE: &str = "
Resources:
  F:
    Properties:
      Timeout: 10
      Environment: {Variables: {SOURCE_QUEUE_URL: !Ref Q}}
      Events:
        Q: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, FunctionResponseTypes: [ReportBatchItemFailures], ScalingConfig: {MaximumConcurrency: 2}}}
  Q:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 60
      SqsManagedSseEnabled: true
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}
  Dead: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600, SqsManagedSseEnabled: true}}
  Alarm: {Type: AWS::CloudWatch::Alarm, Properties: {Dimensions: [{Name: QueueName, Value: !GetAtt Dead.QueueName}]}}
";

fn unsafe_queue(template: &Template, function: &Function, queue: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let mut rule = |holds: bool, fix: String| {
        if !holds {
            findings.push(format!("{queue}: {fix}"));
        }
    };
    let (_, event) = function.events().find(|(kind, _)| *kind == "SQS").unwrap();
    let responses = event["FunctionResponseTypes"].as_array();
    let reports = responses.is_some_and(|r| r.iter().any(|t| t == "ReportBatchItemFailures"));
    rule(
        reports,
        format!(
            "{} needs FunctionResponseTypes: [ReportBatchItemFailures]; without it one failure repeats the batch",
            function.id
        ),
    );
    let limited = event["ScalingConfig"]["MaximumConcurrency"]
        .as_u64()
        .is_some_and(|n| n >= 2);
    rule(
        limited,
        format!(
            "{} needs ScalingConfig.MaximumConcurrency (2 to 1,000)",
            function.id
        ),
    );
    let source = function
        .environment()
        .get("SOURCE_QUEUE_URL")
        .is_some_and(|url| *url == format!("${{{queue}}}"));
    rule(
        source,
        format!(
            "{} needs SOURCE_QUEUE_URL: !Ref {queue}, to set the backoff of a failed message",
            function.id
        ),
    );

    let properties = &template.resource(queue)["Properties"];
    let timeout = template
        .number(&function.properties["Timeout"])
        .unwrap_or(3);
    let window = event["MaximumBatchingWindowInSeconds"]
        .as_u64()
        .unwrap_or(0);
    let visibility = template
        .number(&properties["VisibilityTimeout"])
        .unwrap_or(30);
    let least = 6 * timeout + window;
    rule(
        visibility >= least,
        format!(
            "VisibilityTimeout must be >= 6 x timeout + batch window = {least} s, is {visibility}"
        ),
    );
    let receives = properties["RedrivePolicy"]["maxReceiveCount"].as_u64();
    rule(
        receives.is_some_and(|n| n >= 5),
        "RedrivePolicy.maxReceiveCount must be at least 5".into(),
    );

    let target = text(&properties["RedrivePolicy"]["deadLetterTargetArn"]);
    let dead_id = target.trim_start_matches("${").trim_end_matches(".Arn}");
    let dead = template.resource(dead_id);
    if dead["Type"] != "AWS::SQS::Queue" {
        rule(false, "RedrivePolicy.deadLetterTargetArn must be a queue of this template: !GetAtt <Name>DeadLetters.Arn".into());
        return findings;
    }
    let retention = |p: &Value| {
        template
            .number(&p["MessageRetentionPeriod"])
            .unwrap_or(DEFAULT_RETENTION)
    };
    let longer = retention(&dead["Properties"]) > retention(properties);
    rule(
        longer,
        format!(
            "{dead_id} must keep messages longer than {queue}: the clock does not start anew there"
        ),
    );
    for (id, q) in [(queue, properties), (dead_id, &dead["Properties"])] {
        rule(
            q["SqsManagedSseEnabled"] == true,
            format!("{id} needs SqsManagedSseEnabled: true"),
        );
    }
    let watched = format!("${{{dead_id}.QueueName}}");
    let alarm = template.resources("AWS::CloudWatch::Alarm").any(|(_, a)| {
        let dimensions = a["Properties"]["Dimensions"]
            .as_array()
            .into_iter()
            .flatten();
        dimensions.into_iter().any(|d| text(&d["Value"]) == watched)
    });
    rule(
        alarm,
        format!("{dead_id} needs an alarm on ApproximateNumberOfMessagesVisible"),
    );
    findings
}
