//! The emulator's tables and buckets as the account's root sees them: what a promise says is left is
//! looked for here, behind every role.

use outlay_testkit::{Answer, Stack};
use serde_json::{Value, json};

/// The emulator's root user; it looks at the key id alone.
fn signature(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, \
         SignedHeaders=host, Signature=none"
    )
}

fn dynamodb(stack: &Stack, action: &str, body: &Value) -> Value {
    let answer = stack
        .request_to("POST", &format!("{}/", stack.aws_endpoint))
        .header("authorization", &signature("dynamodb"))
        .header("x-amz-target", &format!("DynamoDB_20120810.{action}"))
        .header("content-type", "application/x-amz-json-1.0")
        .body(body.to_string())
        .send();
    answer.unwrap().expect(200).unwrap().json().unwrap()
}

/// Every item of the table, or of its index. Nothing but a proof may scan.
pub(crate) fn scan(stack: &Stack, index: Option<&str>) -> Vec<Value> {
    let (mut items, mut start) = (Vec::new(), Value::Null);
    loop {
        let mut body = json!({"TableName": stack.table_name, "ConsistentRead": index.is_none()});
        if let Some(index) = index {
            body["IndexName"] = index.into();
        }
        if !start.is_null() {
            body["ExclusiveStartKey"] = start;
        }
        let mut page = dynamodb(stack, "Scan", &body);
        items.extend(page["Items"].as_array().unwrap().iter().cloned());
        start = page["LastEvaluatedKey"].take();
        if start.is_null() {
            return items;
        }
    }
}

/// The items of a partition.
pub(crate) fn partition(stack: &Stack, pk: &str) -> Vec<Value> {
    let body = json!({"TableName": stack.table_name, "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": pk}}, "ConsistentRead": true});
    let page = dynamodb(stack, "Query", &body);
    page["Items"].as_array().unwrap().clone()
}

fn s3(stack: &Stack, method: &str, path: &str) -> Answer {
    stack
        .request_to(method, &format!("{}/{path}", stack.aws_endpoint))
        .header("authorization", &signature("s3"))
        .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
        .send()
        .unwrap()
}

/// The keys of a bucket that begin so.
pub(crate) fn objects(stack: &Stack, bucket: &str, prefix: &str) -> Vec<String> {
    let path = format!(
        "{bucket}?list-type=2&max-keys=1000&prefix={}",
        prefix.replace('=', "%3D")
    );
    let listed = s3(stack, "GET", &path).expect(200).unwrap();
    let text = String::from_utf8(listed.body).unwrap();
    assert!(
        !text.contains("<IsTruncated>true"),
        "more than a page under {prefix}"
    );
    between(&text, "<Key>", "</Key>")
}

/// The bytes of an object, as text.
pub(crate) fn object(stack: &Stack, bucket: &str, key: &str) -> String {
    let path = format!("{bucket}/{}", key.replace(':', "%3A").replace('=', "%3D"));
    let found = s3(stack, "GET", &path).expect(200).unwrap();
    String::from_utf8_lossy(&found.body).into_owned()
}

/// The status of deleting each version of an object.
pub(crate) fn delete_versions(stack: &Stack, bucket: &str, key: &str) -> Vec<u16> {
    let listed = s3(
        stack,
        "GET",
        &format!("{bucket}?versions&prefix={}", key.replace(':', "%3A")),
    );
    let text = String::from_utf8(listed.expect(200).unwrap().body).unwrap();
    between(&text, "<VersionId>", "</VersionId>")
        .iter()
        .map(|version| {
            let path = format!("{bucket}/{}?versionId={version}", key.replace(':', "%3A"));
            s3(stack, "DELETE", &path).status
        })
        .collect()
}

fn between(text: &str, start: &str, end: &str) -> Vec<String> {
    text.split(start)
        .skip(1)
        .filter_map(|rest| rest.split(end).next())
        .map(str::to_owned)
        .collect()
}

/// The bucket of the archive.
pub(crate) fn archive(stack: &Stack) -> String {
    stack
        .bucket
        .replacen("outlay-local-", "outlay-local-archive-", 1)
}
