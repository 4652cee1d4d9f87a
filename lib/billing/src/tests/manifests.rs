use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{Manifest, ManifestKey, ManifestKind, Rejection, is_manifest_key};

const BUCKET: &str = "acme-bills";
const LEGACY: &str = "cur/hourly/20261001-20261101/hourly-Manifest.json";
const EXPORT: &str = "fin/focus/metadata/BILLING_PERIOD=2026-10/focus-Manifest.json";

fn legacy() -> Value {
    json!({
        "assemblyId": "11111111-2222-4333-8444-555555555555",
        "account": "000123456789",
        "columns": [
            {"category": "identity", "name": "LineItemId"},
            {"category": "lineItem", "name": "UnblendedCost", "type": "OptionalBigDecimal"},
        ],
        "charset": "UTF-8",
        "compression": "GZIP",
        "contentType": "text/csv",
        "reportId": "aaaa",
        "reportName": "hourly",
        "billingPeriod": {"start": "20261001T000000.000Z", "end": "20261101T000000.000Z"},
        "bucket": BUCKET,
        "reportKeys": [
            "/cur/hourly/20261001-20261101/hourly-1.csv.gz",
            "/cur/hourly/20261001-20261101/hourly-2.csv.gz",
        ],
    })
}

fn export() -> Value {
    json!({
        "exportName": "focus",
        "executionId": "20261102T120000Z-e1",
        "billingPeriod": "2026-10",
        "dataFiles": ["s3://acme-bills/fin/focus/data/BILLING_PERIOD=2026-10/focus-00001.csv.gz"],
    })
}

fn with(mut manifest: Value, key: &str, value: Value) -> Value {
    manifest[key] = value;
    manifest
}

fn without(mut manifest: Value, key: &str) -> Value {
    manifest.as_object_mut().unwrap().remove(key);
    manifest
}

fn read(manifest: &Value, key: &str) -> Result<Manifest, Rejection> {
    Manifest::read(manifest.to_string().as_bytes(), BUCKET, key)
}

fn rule(manifest: &Value, key: &str) -> &'static str {
    read(manifest, key).map_or_else(|r| r.rule, |m| panic!("accepted: {m:?}"))
}

#[test]
fn a_legacy_manifest() {
    let manifest = read(&legacy(), LEGACY).unwrap();
    let shown = serde_json::to_string_pretty(&manifest).unwrap();
    insta::assert_snapshot!(shown, @r#"
    {
      "kind": "legacy-cur",
      "export": "hourly",
      "exportId": "aaaa",
      "versionId": "11111111-2222-4333-8444-555555555555",
      "account": "000123456789",
      "billingPeriod": "2026-10",
      "bucket": "acme-bills",
      "prefix": "cur/hourly/",
      "parts": [
        {
          "key": "cur/hourly/20261001-20261101/hourly-1.csv.gz",
          "size": null
        },
        {
          "key": "cur/hourly/20261001-20261101/hourly-2.csv.gz",
          "size": null
        }
      ],
      "columns": [
        {
          "name": "identity/LineItemId",
          "type": null
        },
        {
          "name": "lineItem/UnblendedCost",
          "type": "OptionalBigDecimal"
        }
      ]
    }
    "#);
    assert_eq!(manifest.parts[1].file_name(), "hourly-2.csv.gz");
    // The same in the folder of its assembly, and with Parquet beside the periods.
    let assembly = "cur/hourly/20261001-20261101/11111111-2222/hourly-Manifest.json";
    assert_eq!(read(&legacy(), assembly).unwrap(), manifest);
    let parquet = json!(["cur/hourly/hourly/year=2026/month=10/hourly-00001.snappy.parquet"]);
    assert!(read(&with(legacy(), "reportKeys", parquet), LEGACY).is_ok());
}

#[test]
fn leading_slashes_follow_the_key_of_the_manifest() {
    let key = |own: &str, part: &str| {
        let manifest = with(legacy(), "reportKeys", json!([part]));
        read(&manifest, own).map(|m| m.parts[0].key.clone())
    };
    let slashed = "/hourly/20261001-20261101/hourly-Manifest.json";
    let part = "hourly/20261001-20261101/hourly-1.csv.gz";
    for written in [part.to_owned(), format!("/{part}")] {
        assert_eq!(key(&slashed[1..], &written).as_deref(), Ok(part));
        assert_eq!(key(slashed, &written), Ok(format!("/{part}")));
    }
}

#[test]
fn data_exports_in_all_forms() {
    let plain = read(&export(), EXPORT).unwrap();
    assert_eq!(
        (plain.kind, plain.export.as_str(), plain.version_id.as_str()),
        (ManifestKind::DataExports, "focus", "20261102T120000Z-e1")
    );
    assert_eq!(plain.prefix, "fin/focus/");
    let uri = "s3://acme-bills/fin/focus/data/BILLING_PERIOD=2026-10/focus-00001.csv.gz";
    let sized = json!([{"s3Uri": uri, "size": 7, "etag": "x"}]);
    let sized = read(&with(export(), "dataFiles", sized), EXPORT).unwrap();
    assert_eq!(sized.parts[0].size, Some(7));
    for period in [
        json!({"start": "2026-10-01T00:00:00Z", "end": "2026-11-01T00:00:00Z"}),
        json!({"start": "20261001T000000.000Z", "end": "20261101T000000.000Z"}),
        json!({"start": "2026-10-01", "end": "2026-10-31"}),
        json!({"start": "2026-10-01T00:00:00.000Z"}),
        json!("2026-10-01"),
        Value::Null,
    ] {
        let manifest = with(export(), "billingPeriod", period);
        assert_eq!(read(&manifest, EXPORT).as_ref(), Ok(&plain), "{manifest}");
    }
    // One delivery kept beside others; ids by other names; keys nobody knows.
    let kept = "fin/focus/metadata/BILLING_PERIOD=2026-10/20261102T120000Z-e1/focus-Manifest.json";
    let unnamed = without(without(export(), "executionId"), "exportName");
    let mut arn = with(unnamed, "exportArn", json!("arn:aws:bcm:export/focus-1"));
    arn["additionalOutputFiles"] = json!([{"deep": [1, null, 2.5, true]}]);
    arn["columns"] = json!([{"name": "BilledCost", "type": "string"}]);
    let manifest = read(&arn, kept).unwrap();
    assert_eq!(manifest.version_id, "20261102T120000Z-e1");
    assert_eq!(
        manifest.export_id.as_deref(),
        Some("arn:aws:bcm:export/focus-1")
    );
    assert_eq!(manifest.columns[0].name, "BilledCost");
}

#[test]
fn files_outside_the_export_are_refused() {
    for foreign in [
        "cur/other/20261001-20261101/hourly-1.csv.gz",
        "cur/hourly2/hourly-1.csv.gz",
        "cur/hourly/../other/hourly-1.csv.gz",
        "cur/hourly/./hourly-1.csv.gz",
        "cur/hourly//hourly-1.csv.gz",
        "cur/hourly/",
        "cur/hourly/a\\..\\b",
        "cur/hourly/a\nb",
        "//cur/hourly/hourly-1.csv.gz",
        "",
    ] {
        let manifest = with(legacy(), "reportKeys", json!([foreign]));
        assert_eq!(
            rule(&manifest, LEGACY),
            "manifest-foreign-file",
            "{foreign:?}"
        );
    }
    let bucket = with(legacy(), "bucket", json!("other"));
    assert_eq!(rule(&bucket, LEGACY), "manifest-foreign-file");
    for foreign in [
        "s3://other/fin/focus/data/focus-00001.csv.gz",
        "s3://acme-bills/fin/focus/data/../../../focus-00001.csv.gz",
        "https://acme-bills/fin/focus/data/focus-00001.csv.gz",
        "s3://acme-bills",
    ] {
        let manifest = with(export(), "dataFiles", json!([foreign]));
        assert_eq!(
            rule(&manifest, EXPORT),
            "manifest-foreign-file",
            "{foreign}"
        );
    }
}

#[test]
fn what_cannot_be_one_whole_bill_is_refused() {
    let part = "cur/hourly/20261001-20261101/hourly-1.csv.gz";
    let both = with(legacy(), "dataFiles", json!([]));
    let cases = [
        (with(legacy(), "reportKeys", json!([])), "manifest-no-files"),
        (without(legacy(), "reportKeys"), "manifest-no-files"),
        (
            with(legacy(), "reportKeys", json!(part)),
            "manifest-unreadable",
        ),
        (
            with(legacy(), "reportKeys", json!([part, part])),
            "manifest-duplicate-file",
        ),
        (
            with(legacy(), "reportKeys", json!([part, format!("/{part}")])),
            "manifest-duplicate-file",
        ),
        (
            with(legacy(), "reportKeys", json!(vec![part; 10_001])),
            "manifest-too-large",
        ),
        (both, "manifest-unreadable"),
        (without(legacy(), "assemblyId"), "manifest-version"),
        (
            with(legacy(), "assemblyId", json!("a#b")),
            "manifest-version",
        ),
        (
            with(legacy(), "charset", json!("UTF-16")),
            "manifest-charset",
        ),
        (
            with(legacy(), "billingPeriod", json!("October")),
            "manifest-period",
        ),
        (
            with(legacy(), "billingPeriod", json!("2026-09")),
            "manifest-period",
        ),
        (
            with(
                legacy(),
                "billingPeriod",
                json!({"start": "2026-10-01", "end": "2026-10-15"}),
            ),
            "manifest-period",
        ),
        (
            with(
                legacy(),
                "billingPeriod",
                json!({"start": "2026-10-02", "end": "2026-11-01"}),
            ),
            "manifest-period",
        ),
        (
            with(legacy(), "account", json!(123_456_789_012_u64)),
            "manifest-unreadable",
        ),
        (json!([legacy()]), "manifest-unreadable"),
    ];
    for (manifest, expected) in cases {
        assert_eq!(rule(&manifest, LEGACY), expected, "{manifest}");
    }
    assert_eq!(rule(&legacy(), EXPORT), "manifest-misplaced");
    assert_eq!(rule(&legacy(), "inbox/manifest.json"), "manifest-misplaced");
}

#[test]
fn hostile_json_is_refused_in_little_memory() {
    let read = |json: &str| Manifest::read(json.as_bytes(), BUCKET, LEGACY).unwrap_err();
    assert_eq!(
        read(&" ".repeat(Manifest::MAX_BYTES + 1)).rule,
        "manifest-too-large"
    );
    for twice in [
        r#"{"reportKeys": ["a"], "reportKeys": ["b"]}"#,
        r#"{"reportKeys": ["a"], "unknown": [{"x": 1, "x": 2}]}"#,
        r#"{"reportKeys": ["a"], "report\u004beys": ["b"]}"#,
    ] {
        let rejection = read(twice);
        assert_eq!(rejection.rule, "manifest-unreadable");
        assert!(rejection.detail.contains("duplicate field"), "{rejection}");
    }
    let deep = format!("{{\"x\": {}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(read(&deep).rule, "manifest-unreadable");
    let long = format!("{{\"{0}\": 1, \"{0}\": 1}}", "k".repeat(1 << 20));
    assert!(read(&long).detail.len() < 400);
    assert_eq!(read("").rule, "manifest-unreadable");
}

#[test]
fn only_manifests_where_exports_put_them_start_work() {
    let place =
        |key| ManifestKey::parse(key).map(|k| (k.prefix, k.execution, k.period.to_string()));
    assert_eq!(place(LEGACY), Some(("cur/hourly/", None, "2026-10".into())));
    assert_eq!(
        place("hourly/20261201-20270101/8f-9/hourly-Manifest.json"),
        Some(("hourly/", Some("8f-9"), "2026-12".into()))
    );
    assert_eq!(
        place("a//focus/metadata/BILLING_PERIOD=2026-02/x-1/focus-Manifest.json"),
        Some(("a//focus/", Some("x-1"), "2026-02".into()))
    );
    for other in [
        "cur/hourly/20261001-20261101/hourly-1.csv.gz",
        "cur/hourly/20261001-20261101/hourly-manifest.json",
        "cur/hourly/20261001-20261101/other-Manifest.json",
        "cur/hourly/20261001-20261201/hourly-Manifest.json",
        "cur/hourly/20261002-20261101/hourly-Manifest.json",
        "cur/hourly/20261001-20261101/a/b/hourly-Manifest.json",
        "focus/data/BILLING_PERIOD=2026-02/focus-Manifest.json",
        "focus/metadata/BILLING_PERIOD=2026-2/focus-Manifest.json",
        "/metadata/BILLING_PERIOD=2026-02/-Manifest.json",
        "hourly-Manifest.json",
        "",
    ] {
        assert!(!is_manifest_key(other), "{other}");
    }
}

proptest! {
    /// Whatever a manifest names: what is read lies below the export's folder.
    #[test]
    fn no_part_escapes(keys in prop::collection::vec("[./a-c]{0,12}|/?hourly/[./a-c]{0,8}", 1..4)) {
        let manifest = with(legacy(), "reportKeys", json!(keys));
        if let Ok(manifest) = read(&manifest, "hourly/20261001-20261101/hourly-Manifest.json") {
            for part in manifest.parts {
                let rest = part.key.strip_prefix("hourly/").unwrap();
                prop_assert!(rest.split('/').all(|s| !s.is_empty() && s != "." && s != ".."));
            }
        }
    }

    #[test]
    fn any_bytes_never_panic(bytes: Vec<u8>, key: String) {
        let _ = Manifest::read(&bytes, BUCKET, LEGACY);
        let _ = is_manifest_key(&key);
    }
}
