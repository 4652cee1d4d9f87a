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
fn every_worker_is_asked_for_signs_of_life() {
    let monitor = function("platform-monitor");
    let watched = monitor.environment()["WORKERS"].clone();
    let watched: Vec<&str> = watched.trim().split(',').collect();
    let mut expected = Vec::new();
    for worker in FUNCTIONS.iter() {
        if let Some(queue) = worker.queue() {
            let dead = format!("{}DeadLetters", queue.trim_end_matches("Queue"));
            expected.push(format!("{}=${{{queue}}}=${{{dead}}}", worker.binary()));
        }
    }
    assert_eq!(
        watched, expected,
        "WORKERS of platform-monitor in template.yaml must list every function that works off a queue, in order"
    );
}

#[test]
fn everyone_who_follows_the_table_is_watched() {
    let told = function("platform-monitor").environment()["FOLLOWERS"].clone();
    let followers = FUNCTIONS.iter().filter(|f| f.follows_the_table());
    let expected: Vec<&str> = followers.clone().map(Function::binary).collect();
    assert_eq!(
        told.split(',').collect::<Vec<_>>(),
        expected,
        "FOLLOWERS of platform-monitor in template.yaml must list every function that follows the table, in order"
    );
    for follower in followers {
        let (_, event) = follower.events().next().unwrap();
        let filters = event["FilterCriteria"]["Filters"].to_string();
        assert!(
            filters.contains("CANARY"),
            "{}: its filters must let the monitor's canary through",
            follower.id
        );
    }
}

#[test]
fn every_schedule_can_be_listed_and_started() {
    let mut expected = Vec::new();
    for scheduled in FUNCTIONS.iter() {
        if let Some(schedule) = scheduled.schedule() {
            let minutes = schedule
                .strip_prefix("rate(")
                .and_then(|rate| rate.strip_suffix(" minutes)"));
            let minutes = minutes.unwrap_or_else(|| {
                panic!(
                    "{}: `{schedule}` must be rate(<n> minutes), so that its next run is known",
                    scheduled.id
                )
            });
            expected.push(format!(
                "{}=${{{}}}={minutes}",
                scheduled.binary(),
                scheduled.id
            ));
        }
    }
    for reader in ["admin-sync-list", "admin-sync-start", "admin-health"] {
        let told = function(reader).environment()["SCHEDULES"].clone();
        assert_eq!(
            told.trim().split(',').collect::<Vec<_>>(),
            expected,
            "SCHEDULES of {reader} in template.yaml must list every schedule, in order"
        );
    }
}

#[test]
fn every_log_group_can_be_read() {
    let told = function("admin-logs").environment()["LOG_GROUPS"].clone();
    let told: Vec<&str> = told.trim().split(',').collect();
    let mut expected = Vec::new();
    for template in TEMPLATES.iter() {
        for (id, group) in template.resources("AWS::Logs::LogGroup") {
            let name = text(&group["Properties"]["LogGroupName"]);
            let domain = name.rsplit('/').next().unwrap().to_owned();
            // A wing's group is another stack's: by its name.
            let place = if template.path == "template.yaml" {
                format!("${{{id}}}")
            } else {
                name
            };
            expected.push(format!("{domain}={place}"));
        }
    }
    expected.sort();
    assert_eq!(
        told, expected,
        "LOG_GROUPS of admin-logs in template.yaml must list every log group, in order"
    );
}

fn function(binary: &str) -> &'static Function {
    let found = FUNCTIONS.iter().find(|f| f.binary() == binary);
    found.unwrap_or_else(|| panic!("template.yaml has no {binary}"))
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
