//! Everything may happen twice, late, or be garbage.

use std::collections::BTreeMap;

use aws_config::BehaviorVersion;
use aws_credential_types::Credentials;
use aws_sdk_sqs::{Client, config::Region};
use outlay_core::UploadId;
use outlay_testkit::{Account, Stack, stack::text, stack::wait_until};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use crate::support::{CSV, answered, assert_completed, id, reported, sign_up, stack, three_months};

/// The pipeline's queues, seen by the emulator's root user.
struct Queues {
    runtime: Runtime,
    client: Client,
    urls: Vec<String>,
}

impl Queues {
    fn of(stack: &Stack) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let config = aws_sdk_sqs::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(stack.region.clone()))
            .credentials_provider(Credentials::new(
                "test",
                "test",
                None,
                None,
                "emulator root",
            ))
            .endpoint_url(&stack.aws_endpoint)
            .build();
        let client = Client::from_conf(config);
        let listed = runtime.block_on(client.list_queues().send()).unwrap();
        Self {
            urls: listed.queue_urls().to_vec(),
            runtime,
            client,
        }
    }

    /// The queue whose logical id this is, such as `PartsQueue`.
    fn url(&self, logical_id: &str) -> &str {
        let named = |url: &&String| {
            url.rsplit('/')
                .next()
                .is_some_and(|n| n.contains(logical_id))
        };
        let found: Vec<_> = self.urls.iter().filter(named).collect();
        assert_eq!(found.len(), 1, "{logical_id} among {:?}", self.urls);
        found[0]
    }

    fn send(&self, queue: &str, body: &str) {
        let sent = self
            .client
            .send_message()
            .queue_url(self.url(queue))
            .message_body(body)
            .send();
        self.runtime.block_on(sent).unwrap();
    }

    /// Bodies in a queue; they stay there for others.
    fn peek(&self, queue: &str) -> Vec<String> {
        let received = self
            .client
            .receive_message()
            .queue_url(self.url(queue))
            .max_number_of_messages(10)
            .visibility_timeout(0)
            .send();
        let received = self.runtime.block_on(received).unwrap();
        received
            .messages()
            .iter()
            .filter_map(|m| m.body().map(str::to_owned))
            .collect()
    }
}

/// What S3 says when an object was put.
fn notification(stack: &Stack, created: &Value, size: usize) -> String {
    let url = text(created, "/put/url").unwrap();
    let path = url.split('?').next().unwrap();
    let key = path.split_once(&format!("{}/", stack.bucket)).unwrap().1;
    let key = key.replace("%2F", "/").replace('=', "%3D");
    json!({ "Records": [{
        "eventVersion": "2.3", "eventSource": "aws:s3", "awsRegion": stack.region,
        "eventTime": "2026-11-20T09:31:12.345Z", "eventName": "ObjectCreated:Put",
        "s3": { "s3SchemaVersion": "1.0", "configurationId": "inbox",
            "bucket": { "name": stack.bucket, "arn": format!("arn:aws:s3:::{}", stack.bucket) },
            "object": { "key": key, "size": size, "eTag": "0", "sequencer": "006B7F1C2D5A4B3C2D" } },
    }] })
    .to_string()
}

fn part(account: &Account, upload: &str, attempt: u32) -> String {
    json!({ "tenantId": account.tenant_id, "uploadId": upload, "part": 1, "attempt": attempt })
        .to_string()
}

fn commit(account: &Account, upload: &str) -> String {
    json!({ "tenantId": account.tenant_id, "uploadId": upload }).to_string()
}

fn declare(account: &Account, file: &[u8]) -> Value {
    let declaration =
        json!({ "fileName": "bill.csv", "sizeBytes": file.len(), "contentType": CSV });
    account.create_upload(&declaration).unwrap()
}

#[test]
fn a_second_put_is_refused_and_changes_nothing() {
    let account = sign_up("put-twice");
    let bill = three_months();
    let file = bill.focus_csv();
    let created = declare(&account, &file);
    assert_eq!(account.put(&created, &file).unwrap().status, 200);
    let other = vec![b'x'; file.len()];
    assert_eq!(account.put(&created, &other).unwrap().status, 412);
    assert_completed(&account.settled(id(&created["upload"])).unwrap());
    assert_eq!(account.put(&created, &other).unwrap().status, 412);
    assert_eq!(answered(&account), bill.expected().by_period().unwrap());
}

#[test]
fn messages_that_come_several_times_count_once() {
    let account = sign_up("duplicates");
    let queues = Queues::of(account.stack());
    let bill = three_months();
    let file = bill.focus_csv();
    let created = declare(&account, &file);
    let upload = id(&created["upload"]);
    assert_eq!(account.put(&created, &file).unwrap().status, 200);
    let told = notification(account.stack(), &created, file.len());
    for _ in 0..3 {
        queues.send("ArrivalsQueue", &told);
        queues.send("PartsQueue", &part(&account, upload, 1));
        queues.send("CommitsQueue", &commit(&account, upload));
    }
    let done = account.settled(upload).unwrap();
    assert_completed(&done);
    for attempt in 0..3 {
        queues.send("ArrivalsQueue", &told);
        queues.send("PartsQueue", &part(&account, upload, attempt));
        queues.send("CommitsQueue", &commit(&account, upload));
    }
    // A later upload passes the same queues, so the repeats were worked off when it is done.
    let again = account.upload("again.csv", &file, CSV).unwrap();
    assert_completed(&again);
    let after = account.settled(upload).unwrap();
    assert_eq!(after, done);
    assert_eq!(reported(&after), bill.expected().by_period().unwrap());
    assert_eq!(answered(&account), bill.expected().by_period().unwrap());
}

#[test]
fn messages_about_nothing_harm_nobody() {
    let account = sign_up("nothing");
    let stranger = sign_up("somebody");
    let queues = Queues::of(account.stack());
    let bill = three_months();
    let file = bill.focus_csv();
    let created = declare(&account, &file);
    let upload = id(&created["upload"]);
    // Told before anything was put, of an upload that does not exist, and in another tenant's name.
    queues.send(
        "ArrivalsQueue",
        &notification(account.stack(), &created, file.len()),
    );
    queues.send("PartsQueue", &part(&account, upload, 1));
    queues.send("CommitsQueue", &commit(&account, upload));
    let unknown = UploadId::mint().to_string();
    queues.send("PartsQueue", &part(&account, &unknown, 1));
    queues.send("CommitsQueue", &commit(&account, &unknown));
    queues.send("PartsQueue", &part(&stranger, upload, 1));
    queues.send("CommitsQueue", &commit(&stranger, upload));
    assert_eq!(account.put(&created, &file).unwrap().status, 200);
    assert_completed(&account.settled(upload).unwrap());
    assert_eq!(answered(&account), bill.expected().by_period().unwrap());
    assert_eq!(answered(&stranger), BTreeMap::new());
}

#[test]
fn poison_goes_to_the_dead_letters_and_others_pass() {
    let stack = stack();
    let queues = Queues::of(&stack);
    let marker = format!("poison {}", UploadId::mint());
    let pairs = [
        ("ArrivalsQueue", "ArrivalsDeadLetters"),
        ("PartsQueue", "PartsDeadLetters"),
        ("CommitsQueue", "CommitsDeadLetters"),
        ("OffboardingQueue", "OffboardingDeadLetters"),
    ];
    for (queue, _) in pairs {
        queues.send(queue, &marker);
    }
    let account = sign_up("beside-poison");
    let bill = three_months();
    assert_completed(&account.upload("bill.csv", &bill.focus_csv(), CSV).unwrap());
    assert_eq!(answered(&account), bill.expected().by_period().unwrap());
    for (_, dead_letters) in pairs {
        let what = format!("poison in {dead_letters}");
        wait_until(&what, 120, || {
            Ok(queues.peek(dead_letters).contains(&marker).then_some(()))
        })
        .unwrap();
    }
}
