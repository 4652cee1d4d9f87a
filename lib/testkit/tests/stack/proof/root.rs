//! What only the account's root may: look at everything, and sign what the product never would.

use std::collections::{BTreeMap, BTreeSet};

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_dynamodb::{Client, types::AttributeValue};
use base64::{Engine, prelude::BASE64_STANDARD};
use outlay_testkit::{Stack, stack::wait_until};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// Everything stored that is a tenant's, by where it is.
pub(super) type Stored = BTreeMap<String, String>;

/// An entry of the audit: whose log it stands in, its place there, and who did it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) log: String,
    pub(super) place: String,
    pub(super) actor: String,
}

/// The account's root on one stack.
pub(super) struct Root {
    pub(super) stack: Stack,
    runtime: Runtime,
    dynamodb: Client,
    s3: aws_sdk_s3::Client,
}

impl Root {
    pub(super) fn of(stack: &Stack) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        // The emulator takes this key for the root of its account.
        let root = Credentials::new("test", "test", None, None, "root");
        let sdk = aws_config::SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(stack.region.clone()))
            .endpoint_url(&stack.aws_endpoint)
            .credentials_provider(SharedCredentialsProvider::new(root))
            .build();
        Self {
            stack: stack.clone(),
            dynamodb: Client::new(&sdk),
            s3: aws_sdk_s3::Client::new(&sdk),
            runtime,
        }
    }

    /// Runs what the product's own handles do, with the root's credentials.
    pub(super) fn run<T>(&self, work: impl AsyncFnOnce(&Client, &str) -> T) -> T {
        self.runtime
            .block_on(work(&self.dynamodb, &self.stack.table_name))
    }

    /// Every item and object that mentions one of these ids in its key.
    pub(super) fn stored(&self, ids: &[&str]) -> Stored {
        self.runtime.block_on(async {
            let mut found = self.items(ids).await;
            found.extend(self.objects(ids).await);
            found
        })
    }

    /// The same once nothing more happens by itself: deliveries are worked off in the background.
    pub(super) fn settled(&self, ids: &[&str]) -> Stored {
        let mut before = self.stored(ids);
        wait_until("rest", 60, || {
            let after = self.stored(ids);
            let rests = before == after;
            before = after;
            Ok(rests.then(|| before.clone()))
        })
        .unwrap()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the proof looks at the whole table, as no function may"
    )]
    async fn items(&self, ids: &[&str]) -> Stored {
        let pages = self.dynamodb.scan().table_name(&self.stack.table_name);
        let mut pages = pages.into_paginator().items().send();
        let mut found = Stored::new();
        while let Some(item) = pages.next().await {
            let item = item.unwrap();
            let text = |name: &str| {
                item.get(name)
                    .and_then(|v| v.as_s().ok())
                    .cloned()
                    .unwrap_or_default()
            };
            let key = format!("{} | {}", text("pk"), text("sk"));
            if ids.iter().any(|id| key.contains(id)) && !is_volatile(&key) {
                found.insert(key, canonical(&AttributeValue::M(item)));
            }
        }
        found
    }

    /// Every entry of the audit.
    #[expect(
        clippy::disallowed_methods,
        reason = "the proof looks at the whole table, as no function may"
    )]
    pub(super) fn entries(&self) -> BTreeSet<Entry> {
        let scan = self.dynamodb.scan().table_name(&self.stack.table_name);
        let scan = scan
            .filter_expression("begins_with(pk, :audit)")
            .expression_attribute_values(":audit", AttributeValue::S("AUDIT#".to_owned()));
        self.runtime.block_on(async {
            let mut pages = scan.into_paginator().items().send();
            let mut found = BTreeSet::new();
            while let Some(item) = pages.next().await {
                let item = item.unwrap();
                let text = |name: &str| item[name].as_s().cloned().unwrap_or_default();
                let pk = text("pk");
                found.insert(Entry {
                    log: pk.split('#').nth(1).unwrap_or_default().to_owned(),
                    place: text("sk"),
                    actor: item.get("actor").map(canonical).unwrap_or_default(),
                });
            }
            found
        })
    }

    async fn objects(&self, ids: &[&str]) -> Stored {
        let pages = self.s3.list_objects_v2().bucket(&self.stack.bucket);
        let mut pages = pages.into_paginator().send();
        let mut found = Stored::new();
        while let Some(page) = pages.next().await {
            for object in page.unwrap().contents() {
                let key = object.key().unwrap_or_default();
                if ids.iter().any(|id| key.contains(id)) {
                    found.insert(
                        key.to_owned(),
                        object.e_tag().unwrap_or_default().to_owned(),
                    );
                }
            }
        }
        found
    }

    /// A JSON call to a service of the emulator.
    pub(super) fn call(&self, service: &str, target: &str, body: &Value) -> Value {
        let signed = format!(
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=none"
        );
        let answer = self
            .stack
            .request_to("POST", &self.stack.aws_endpoint)
            .header("authorization", &signed)
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.1")
            .body(body.to_string())
            .send()
            .unwrap();
        answer.expect(200).unwrap().json().unwrap()
    }

    /// An ECDSA signature over these bytes by a KMS key, as DER.
    pub(super) fn sign(&self, key: &str, message: &[u8]) -> Vec<u8> {
        let answer = self.call(
            "kms",
            "TrentService.Sign",
            &json!({ "KeyId": key, "Message": BASE64_STANDARD.encode(message), "MessageType": "RAW",
                "SigningAlgorithm": "ECDSA_SHA_256" }),
        );
        BASE64_STANDARD
            .decode(answer["Signature"].as_str().unwrap())
            .unwrap()
    }

    /// The public half of a P-256 key of KMS, as its point: what its SubjectPublicKeyInfo ends with.
    pub(super) fn public_point(&self, key: &str) -> Vec<u8> {
        let answer = self.call("kms", "TrentService.GetPublicKey", &json!({ "KeyId": key }));
        let der = BASE64_STANDARD.decode(answer["PublicKey"].as_str().unwrap());
        der.unwrap().split_last_chunk::<65>().unwrap().1.to_vec()
    }

    /// Every line that functions logged since a time (milliseconds).
    pub(super) fn logs_since(&self, start: i64) -> Vec<String> {
        let groups = self.every_page("DescribeLogGroups", "logGroups", json!({}));
        let mut lines = Vec::new();
        for group in groups {
            let ask = json!({ "logGroupName": group["logGroupName"], "startTime": start });
            let events = self.every_page("FilterLogEvents", "events", ask);
            lines.extend(
                events
                    .iter()
                    .filter_map(|e| e["message"].as_str().map(str::to_owned)),
            );
        }
        lines
    }

    /// What a listing of CloudWatch Logs gives under this name, on all its pages.
    fn every_page(&self, action: &str, name: &str, mut ask: Value) -> Vec<Value> {
        let target = format!("Logs_20140328.{action}");
        let mut found = Vec::new();
        loop {
            let mut page = self.call("logs", &target, &ask);
            found.extend(page[name].as_array().into_iter().flatten().cloned());
            ask["nextToken"] = page["nextToken"].take();
            if ask["nextToken"].is_null() {
                return found;
            }
        }
    }
}

/// The value with the members of its maps in order.
fn canonical(value: &AttributeValue) -> String {
    match value {
        AttributeValue::M(map) => {
            let sorted: BTreeMap<&String, String> =
                map.iter().map(|(k, v)| (k, canonical(v))).collect();
            format!("{sorted:?}")
        }
        AttributeValue::L(list) => format!("{:?}", list.iter().map(canonical).collect::<Vec<_>>()),
        scalar => format!("{scalar:?}"),
    }
}

/// Counters that a refusal may move, and when an API token was last used, for a refused call too.
fn is_volatile(key: &str) -> bool {
    ["RATE", "THROTTLE", "LEASE", "#USE | TOKEN"]
        .iter()
        .any(|word| key.contains(word))
}
