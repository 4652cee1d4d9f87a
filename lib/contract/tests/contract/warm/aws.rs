//! AWS as one process sees it, for tests: STS, KMS, DynamoDB and S3 in memory, behind the SDK's HTTP client. Each session's
//! access key names what it was assumed for, so a call with another tenant's key is seen.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};

/// SubjectPublicKeyInfo of a P-256 key, before its point.
const P256: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

const CONDITION_FAILED: &[u8] =
    br#"{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no"}"#;

/// The account.
#[derive(Clone)]
pub(crate) struct Aws(Arc<State>);

struct State {
    key: EcdsaKeyPair,
    items: Mutex<BTreeMap<(String, String), Value>>,
    objects: Mutex<HashMap<String, Vec<u8>>>,
    calls: Mutex<BTreeMap<&'static str, usize>>,
    /// Calls whose session is another tenant's or person's than their keys.
    mixed: Mutex<Vec<String>>,
    turn: AtomicUsize,
}

impl fmt::Debug for Aws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Aws")
    }
}

/// A request's service, operation, key holder and body.
struct Asked {
    service: &'static str,
    operation: String,
    session: String,
    path: String,
    body: Vec<u8>,
}

impl Aws {
    pub(crate) fn new() -> Self {
        Self(Arc::new(State {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
            items: Mutex::default(),
            objects: Mutex::default(),
            calls: Mutex::default(),
            mixed: Mutex::default(),
            turn: AtomicUsize::new(0),
        }))
    }

    /// 0x04, x, y.
    pub(crate) fn public_point(&self) -> Vec<u8> {
        self.0.key.public_key().as_ref().to_vec()
    }

    /// What KMS would sign, as DER.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0
            .key
            .sign(&SystemRandom::new(), message)
            .unwrap()
            .as_ref()
            .to_vec()
    }

    pub(crate) fn put_object(&self, key: &str, bytes: Vec<u8>) {
        self.0.objects.lock().unwrap().insert(key.to_owned(), bytes);
    }

    /// How often each service was called.
    pub(crate) fn calls(&self) -> BTreeMap<&'static str, usize> {
        self.0.calls.lock().unwrap().clone()
    }

    /// What was asked for with another's session.
    pub(crate) fn mixed(&self) -> Vec<String> {
        self.0.mixed.lock().unwrap().clone()
    }

    /// Asks for a tenant's item with somebody's session.
    pub(crate) async fn ask_as(&self, session: &str, tenant: &outlay_core::TenantId) {
        let key = json!({ "pk": { "S": format!("TENANT#{tenant}") }, "sk": { "S": "TENANT" } });
        let asked = Asked {
            service: "dynamodb",
            operation: "GetItem".to_owned(),
            session: session.to_owned(),
            path: String::new(),
            body: json!({ "Key": key }).to_string().into_bytes(),
        };
        self.answer(asked).await;
    }

    async fn answer(&self, asked: Asked) -> (u16, Vec<u8>) {
        *self
            .0
            .calls
            .lock()
            .unwrap()
            .entry(asked.service)
            .or_default() += 1;
        // Answers come late and out of order, as over a network: tasks get between each other's calls.
        for _ in 0..self.0.turn.fetch_add(1, Ordering::Relaxed) % 4 {
            tokio::task::yield_now().await;
        }
        match asked.service {
            "sts" => (200, assumed(&asked.body)),
            "kms" => (200, self.public_key()),
            "dynamodb" => self.table(&asked),
            "s3" => self.object(&asked),
            other => panic!("{other} is not called by what is tested here"),
        }
    }

    fn public_key(&self) -> Vec<u8> {
        let der = [&P256[..], &self.public_point()].concat();
        json!({ "PublicKey": BASE64_STANDARD.encode(der) })
            .to_string()
            .into_bytes()
    }

    fn table(&self, asked: &Asked) -> (u16, Vec<u8>) {
        let request: Value = serde_json::from_slice(&asked.body).unwrap();
        let answer = match asked.operation.as_str() {
            "GetItem" => {
                self.look(asked, &request["Key"]);
                self.item(&request["Key"])
                    .map_or_else(|| json!({}), |item| json!({ "Item": item }))
            }
            "Query" => self.query(asked, &request),
            "PutItem" => {
                self.put(asked, &request["Item"]);
                json!({})
            }
            "UpdateItem" => {
                if !self.count(asked, &request) {
                    return (400, CONDITION_FAILED.to_vec());
                }
                json!({})
            }
            "TransactWriteItems" => {
                for write in request["TransactItems"].as_array().unwrap() {
                    self.write(asked, write);
                }
                json!({})
            }
            other => panic!("teach lib/contract/tests/contract/warm/aws.rs {other}"),
        };
        (200, answer.to_string().into_bytes())
    }

    fn write(&self, asked: &Asked, write: &Value) {
        if let Some(put) = write.get("Put") {
            self.put(asked, &put["Item"]);
        } else if let Some(delete) = write.get("Delete") {
            self.look(asked, &delete["Key"]);
            self.0.items.lock().unwrap().remove(&key(&delete["Key"]));
        } else {
            self.look(asked, &write["ConditionCheck"]["Key"]);
        }
    }

    fn put(&self, asked: &Asked, item: &Value) {
        self.look(asked, item);
        self.0.items.lock().unwrap().insert(key(item), item.clone());
    }

    /// `ADD used :count` where there is room, the one update that the product makes without a read.
    fn count(&self, asked: &Asked, request: &Value) -> bool {
        self.look(asked, &request["Key"]);
        let number = |value: &Value| {
            value["N"]
                .as_str()
                .and_then(|n| n.parse::<u64>().ok())
                .unwrap_or_default()
        };
        let mut items = self.0.items.lock().unwrap();
        let item = items
            .entry(key(&request["Key"]))
            .or_insert_with(|| request["Key"].clone());
        let values = &request["ExpressionAttributeValues"];
        let used = number(&item["used"]);
        if used > number(&values[":room"]) {
            return false;
        }
        let used = used + number(&values[":count"]);
        item["used"] = json!({ "N": used.to_string() });
        true
    }

    fn item(&self, wanted: &Value) -> Option<Value> {
        self.0.items.lock().unwrap().get(&key(wanted)).cloned()
    }

    fn query(&self, asked: &Asked, request: &Value) -> Value {
        let value = |name: &str| {
            request["ExpressionAttributeValues"][name]["S"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        let (pk, prefix) = (value(":pk"), value(":prefix"));
        self.look(asked, &json!({ "pk": { "S": pk } }));
        let items = self.0.items.lock().unwrap();
        let mut found: Vec<&Value> = items
            .iter()
            .filter(|((p, s), _)| *p == pk && s.starts_with(&prefix))
            .map(|(_, item)| item)
            .collect();
        if request["ScanIndexForward"] == false {
            found.reverse();
        }
        let limit = request["Limit"]
            .as_u64()
            .and_then(|l| usize::try_from(l).ok())
            .unwrap_or(usize::MAX);
        let mut answer = Map::new();
        if found.len() > limit {
            found.truncate(limit);
            let last = key(found.last().unwrap());
            answer.insert(
                "LastEvaluatedKey".into(),
                json!({ "pk": { "S": last.0 }, "sk": { "S": last.1 } }),
            );
        }
        answer.insert("Items".into(), json!(found));
        Value::Object(answer)
    }

    fn object(&self, asked: &Asked) -> (u16, Vec<u8>) {
        let key = asked
            .path
            .trim_start_matches('/')
            .split_once('/')
            .unwrap_or_default()
            .1;
        self.compare(
            asked,
            key.split('/')
                .nth(1)
                .and_then(|s| s.strip_prefix("tenant=")),
            0,
            key,
        );
        match self.0.objects.lock().unwrap().get(key) {
            Some(bytes) => (200, bytes.clone()),
            None => (404, b"<Error><Code>NoSuchKey</Code></Error>".to_vec()),
        }
    }

    /// Whether the key is the session's.
    fn look(&self, asked: &Asked, item: &Value) {
        let pk = key(item).0;
        let mut segments = pk.split('#');
        match segments.next() {
            Some("TENANT" | "AUDIT") => self.compare(asked, segments.next(), 0, &pk),
            Some("USER") => self.compare(asked, segments.next(), 1, &pk),
            _ => {}
        }
    }

    fn compare(&self, asked: &Asked, wanted: Option<&str>, place: usize, what: &str) {
        let holder = asked.session.split('.').nth(place + 1);
        if asked.session != ROOT && holder != wanted {
            let mixed = format!(
                "{} {} with the session {}",
                asked.operation, what, asked.session
            );
            self.0.mixed.lock().unwrap().push(mixed);
        }
    }
}

/// The key that tests write with themselves.
pub(crate) const ROOT: &str = "root";

fn key(item: &Value) -> (String, String) {
    let text = |name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
    (text("pk"), text("sk"))
}

/// A session whose access key is `ASIA.<tenant>.<user>`.
fn assumed(form: &[u8]) -> Vec<u8> {
    let form = String::from_utf8_lossy(form);
    let fields: HashMap<&str, &str> = form
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .collect();
    let tag = |name: &str| {
        let (field, _) = fields
            .iter()
            .find(|(field, value)| field.ends_with(".Key") && **value == name)?;
        fields
            .get(format!("{}.Value", field.strip_suffix(".Key")?).as_str())
            .copied()
    };
    let holder = format!(
        "ASIA.{}.{}",
        tag("tenant_id").unwrap_or("none"),
        tag("user_id").unwrap_or("none")
    );
    format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
         <AccessKeyId>{holder}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
         <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
    )
    .into_bytes()
}

impl HttpConnector for Aws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let aws = self.clone();
        let asked = asked(&request);
        HttpConnectorFuture::new(async move {
            let (status, body) = aws.answer(asked).await;
            Ok(HttpResponse::new(
                StatusCode::try_from(status).unwrap(),
                SdkBody::from(body),
            ))
        })
    }
}

impl HttpClient for Aws {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

fn asked(request: &HttpRequest) -> Asked {
    let header = |name: &str| request.headers().get(name).unwrap_or_default().to_owned();
    let credential = header("authorization");
    let scope = credential.split("Credential=").nth(1).unwrap_or_default();
    let scope: Vec<&str> = scope
        .split(',')
        .next()
        .unwrap_or_default()
        .split('/')
        .collect();
    let service = ["sts", "kms", "dynamodb", "s3", "sqs", "ses"]
        .into_iter()
        .find(|s| scope.get(3) == Some(s));
    let target = header("x-amz-target");
    let uri = request.uri();
    let path = uri
        .split_once("://")
        .map_or(uri, |(_, rest)| rest)
        .split_once('/')
        .unwrap_or_default()
        .1;
    Asked {
        service: service.unwrap_or_else(|| panic!("a call without a signature: {uri}")),
        operation: target.rsplit('.').next().unwrap_or_default().to_owned(),
        session: scope[0].to_owned(),
        path: path
            .split('?')
            .next()
            .unwrap_or_default()
            .replace("%3D", "="),
        body: request.body().bytes().unwrap_or_default().to_vec(),
    }
}
