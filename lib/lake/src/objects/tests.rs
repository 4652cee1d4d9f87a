use super::*;
use std::sync::{Arc, Mutex};

use aws_sdk_s3::config::{
    BehaviorVersion, Credentials, Region, SharedCredentialsProvider, http::HttpRequest,
};
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
        SharedHttpConnector,
    },
    orchestrator::HttpResponse,
    runtime_components::RuntimeComponents,
};
use tokio::io::AsyncReadExt;

use outlay_billing::rollup::RollupBuilder;

/// Status and body.
type Answer = (u16, Vec<u8>);

/// Answers from a list and remembers what was asked.
#[derive(Debug, Clone, Default)]
struct Wire {
    answers: Arc<Mutex<Vec<Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let header = |name: &str| request.headers().get(name).map(|v| format!(" {name}={v}"));
        let headers: String = ["if-match", "x-amz-expected-bucket-owner"]
            .iter()
            .filter_map(|name| header(name))
            .collect();
        let line = format!("{} {}{headers}", request.method(), request.uri());
        self.asked.lock().unwrap().push(line);
        let (status, body) = self.answers.lock().unwrap().remove(0);
        let mut response = HttpResponse::new(status.try_into().unwrap(), body.into());
        response.headers_mut().insert("etag", "\"e1\"");
        HttpConnectorFuture::ready(Ok(response))
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

fn objects(wire: &Wire) -> TenantObjects {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("eu-west-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            "AK", "SK", None, None, "test",
        )))
        .retry_config(aws_sdk_s3::config::retry::RetryConfig::disabled())
        .http_client(SharedHttpClient::new(wire.clone()))
        .build();
    TenantObjects::new(
        Client::from_conf(config),
        "bills".into(),
        TenantId::derive(&["t"]),
    )
}

fn wire(answers: &[(u16, &[u8])]) -> Wire {
    let wire = Wire::default();
    *wire.answers.lock().unwrap() = answers.iter().map(|(s, b)| (*s, b.to_vec())).collect();
    wire
}

impl Wire {
    /// What was asked, with the ids by name.
    fn asked(&self) -> String {
        let ids = [
            (TenantId::derive(&["t"]).to_string(), "<t>"),
            (UploadId::derive(&["u"]).to_string(), "<u>"),
            (VersionId::derive(&["v"]).to_string(), "<v>"),
        ];
        let lines = self.asked.lock().unwrap().join("\n");
        let lines = lines.replace("https://bills.s3.eu-west-1.amazonaws.com", "");
        ids.iter()
            .fold(lines, |lines, (id, name)| lines.replace(id, name))
    }
}

#[tokio::test]
async fn a_put_is_signed_down_to_its_length_and_never_overwrites() {
    let wire = Wire::default();
    let upload = UploadId::derive(&["u"]);
    let put = objects(&wire)
        .presign_put(
            &upload,
            "../My bill.csv",
            1234,
            "text/csv",
            Duration::from_mins(15),
        )
        .await
        .unwrap();
    let signed = put
        .url
        .split('&')
        .find(|part| part.starts_with("X-Amz-SignedHeaders"));
    assert_eq!(
        signed,
        Some("X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost%3Bif-none-match")
    );
    assert!(put.url.contains("X-Amz-Expires=900"));
    let path = put.url.split(['?']).next().unwrap();
    assert!(
        path.ends_with(&format!(
            "/inbox/tenant%3D{}/{upload}/My_bill.csv",
            TenantId::derive(&["t"])
        )),
        "{path}"
    );
    let mut headers = put.headers.clone();
    headers.sort();
    let expected = [
        ("content-length", "1234"),
        ("content-type", "text/csv"),
        ("if-none-match", "*"),
    ];
    assert_eq!(
        headers,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(wire.asked(), "", "nothing was sent");
}

#[tokio::test]
async fn inbox_objects_are_read_as_announced_or_not_at_all() {
    let wire = wire(&[
        (200, b""),
        (200, b"a,b"),
        (412, b""),
        (404, b""),
        (404, b""),
    ]);
    let objects = objects(&wire).expecting_owner("111122223333".into());
    let upload = UploadId::derive(&["u"]);
    let head = objects.head_inbox(&upload, "a.csv").await.unwrap();
    assert_eq!(head.etag, "\"e1\"");
    let mut text = String::new();
    let mut stream = objects
        .open_inbox(&upload, "a.csv", &head.etag)
        .await
        .unwrap();
    stream.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "a,b");
    let changed = objects.open_inbox(&upload, "a.csv", &head.etag).await;
    assert!(matches!(changed.map(|_| ()), Err(ObjectsError::Changed)));
    let missing = objects.open_inbox(&upload, "a.csv", &head.etag).await;
    assert!(matches!(missing.map(|_| ()), Err(ObjectsError::Missing)));
    assert!(matches!(
        objects.head_inbox(&upload, "a.csv").await,
        Err(ObjectsError::Missing)
    ));
    insta::assert_snapshot!(wire.asked(), @r#"
    HEAD /inbox/tenant%3D<t>/<u>/a.csv x-amz-expected-bucket-owner=111122223333
    GET /inbox/tenant%3D<t>/<u>/a.csv?x-id=GetObject if-match="e1" x-amz-expected-bucket-owner=111122223333
    GET /inbox/tenant%3D<t>/<u>/a.csv?x-id=GetObject if-match="e1" x-amz-expected-bucket-owner=111122223333
    GET /inbox/tenant%3D<t>/<u>/a.csv?x-id=GetObject if-match="e1" x-amz-expected-bucket-owner=111122223333
    HEAD /inbox/tenant%3D<t>/<u>/a.csv x-amz-expected-bucket-owner=111122223333
    "#);
}

#[tokio::test]
async fn roll_ups_are_fetched_once() {
    let file = RollupBuilder::new([]).finish().unwrap().encode().unwrap();
    let wire = wire(&[(200, &file), (200, b"junk"), (500, b"")]);
    let objects = objects(&wire);
    let version = VersionId::derive(&["v"]);
    let cache = crate::RollupCache::default();
    for _ in 0..2 {
        let loaded = cache
            .load(&objects, std::slice::from_ref(&version))
            .await
            .unwrap();
        assert!(loaded[0].is_empty());
    }
    insta::assert_snapshot!(wire.asked(), @r#"
    GET /rollup/tenant%3D<t>/<v>.rollup?x-id=GetObject
    "#);
    let other = VersionId::mint();
    let error = cache
        .load(&objects, std::slice::from_ref(&other))
        .await
        .unwrap_err();
    assert!(matches!(error, ObjectsError::Rollup(_)), "{error}");
    let error = cache.load(&objects, &[other]).await.unwrap_err();
    assert!(
        matches!(
            error,
            ObjectsError::Storage {
                action: "read an object",
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn deleting_goes_on_until_nothing_is_listed() {
    let page = br"<ListBucketResult><Contents><Key>inbox/a</Key></Contents></ListBucketResult>";
    let empty = b"<ListBucketResult></ListBucketResult>";
    let done = b"<DeleteResult></DeleteResult>";
    let denied =
        b"<DeleteResult><Error><Key>inbox/a</Key><Code>AccessDenied</Code></Error></DeleteResult>";
    let wire = wire(&[
        (200, page),
        (200, done),
        (200, page),
        (200, done),
        (200, empty),
        (200, page),
        (200, denied),
    ]);
    let objects = objects(&wire);
    let upload = UploadId::derive(&["u"]);
    objects.delete_upload(&upload).await.unwrap();
    insta::assert_snapshot!(wire.asked(), @r#"
    GET /?list-type=2&prefix=inbox%2Ftenant%3D<t>%2F<u>%2F
    POST /?delete
    GET /?list-type=2&prefix=inbox%2Ftenant%3D<t>%2F<u>%2F
    POST /?delete
    GET /?list-type=2&prefix=inbox%2Ftenant%3D<t>%2F<u>%2F
    "#);
    let error = objects.delete_upload(&upload).await.unwrap_err();
    assert_eq!(error.to_string(), "cannot delete objects: AccessDenied");
}

#[tokio::test]
async fn a_version_is_its_rows_evidence_and_roll_up() {
    let empty: &[u8] = b"<ListBucketResult></ListBucketResult>";
    let wire = wire(&[
        (200, b""),
        (200, b""),
        (200, b""),
        (200, empty),
        (200, empty),
        (200, empty),
    ]);
    let objects = objects(&wire);
    let version = VersionId::derive(&["v"]);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), b"PAR1").unwrap();
    objects
        .put_lake_part(&version, 1, file.path())
        .await
        .unwrap();
    objects.put_rollup(&version, vec![1]).await.unwrap();
    objects.put_evidence(&version, 1, vec![2]).await.unwrap();
    objects.delete_version(&version).await.unwrap();
    insta::assert_snapshot!(wire.asked(), @r#"
    PUT /lake/tenant%3D<t>/version%3D<v>/part-00001.parquet?x-id=PutObject
    PUT /rollup/tenant%3D<t>/<v>.rollup?x-id=PutObject
    PUT /evidence/tenant%3D<t>/<v>/part-00001?x-id=PutObject
    GET /?list-type=2&prefix=lake%2Ftenant%3D<t>%2Fversion%3D<v>%2F
    GET /?list-type=2&prefix=evidence%2Ftenant%3D<t>%2F<v>%2F
    GET /?list-type=2&prefix=rollup%2Ftenant%3D<t>%2F<v>.rollup
    "#);
}
