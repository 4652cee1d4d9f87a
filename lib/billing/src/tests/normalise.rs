//! The command's whole logic over deliveries on disk, without a process.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use serde_json::json;
use tempfile::TempDir;

use super::focus_file;
use crate::normalise::{Options, Summary, normalise};

/// A bill of one row that bills this amount to an account for a month.
fn bill(account: &str, month: &str, billed: &str) -> String {
    let start = format!("{month}-01T00:00:00Z");
    focus_file(&[
        ("BilledCost", billed),
        ("BillingPeriodStart", &start),
        ("ChargePeriodStart", &start),
        ("BillingAccountId", account),
        ("ProviderName", "AWS"),
        ("InvoiceId", "inv-1"),
    ])
}

/// A folder to deliver into.
struct Tree(TempDir);

impl Tree {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    /// Writes a file, last modified this many days after the first of all.
    fn put(&self, below: &str, content: impl AsRef<[u8]>, day: u64) -> &Self {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        let modified = SystemTime::UNIX_EPOCH + Duration::from_hours(24 * (20_000 + day));
        fs::File::open(&path)
            .unwrap()
            .set_modified(modified)
            .unwrap();
        self
    }

    fn read(&self) -> Summary {
        read(self.0.path())
    }
}

fn read(path: &Path) -> Summary {
    normalise(path, &Options::default()).unwrap()
}

fn export_manifest(month: &str, execution: &str, files: &[&str]) -> String {
    let uri = |file: &&str| format!("s3://acme/fin/focus/data/BILLING_PERIOD={month}/{file}");
    let uris: Vec<String> = files.iter().map(uri).collect();
    json!({"executionId": execution, "billingPeriod": month, "dataFiles": uris}).to_string()
}

fn legacy_manifest(assembly: &str, files: &[&str]) -> String {
    let key = |file: &&str| format!("/cur/hourly/20261001-20261101/{file}");
    let keys: Vec<String> = files.iter().map(key).collect();
    let period = json!({"start": "20261001T000000.000Z", "end": "20261101T000000.000Z"});
    json!({"assemblyId": assembly, "bucket": "acme", "billingPeriod": period, "reportKeys": keys})
        .to_string()
}

fn cur(cost: &str) -> String {
    format!(
        "lineItem/UnblendedCost,lineItem/LineItemType,lineItem/CurrencyCode,\
         bill/BillingPeriodStartDate,lineItem/UsageStartDate,bill/PayerAccountId\n\
         {cost},Usage,USD,2026-10-01T00:00:00Z,2026-10-02T00:00:00Z,0001\n"
    )
}

/// `source: month rows billed` of each version, with `-` before one that does not count.
fn versions(tree: &Tree, summary: &Summary) -> Vec<String> {
    let root = format!("{}/", tree.0.path().display());
    let versions = summary.versions.iter().map(|v| {
        let sign = if v.counted { "" } else { "-" };
        let billed = v.totals["USD"].billed;
        let source = v.source.replace(&root, "");
        format!("{sign}{source}: {} {} {billed}", v.billing_period, v.rows)
    });
    versions.collect()
}

fn rules(summary: &Summary) -> Vec<&'static str> {
    summary.rejected.iter().map(|r| r.rejection.rule).collect()
}

fn invariants(summary: &Summary) -> Vec<String> {
    let told = summary.invariants.iter().map(|i| {
        let (period, invariant) = (i.billing_period, &i.invariant);
        format!("{period} {} {:?}", invariant.name, invariant.status)
    });
    told.collect()
}

const OCTOBER: &str = "fin/focus/metadata/BILLING_PERIOD=2026-10/focus-Manifest.json";
const OCTOBER_DATA: &str = "fin/focus/data/BILLING_PERIOD=2026-10";
const LEGACY: &str = "cur/hourly/20261001-20261101";

#[test]
fn the_parts_of_a_manifest_are_one_bill_and_nothing_else_is_read() {
    let tree = Tree::new();
    let wider = bill("0001", "2026-10", "2").replacen("\"BilledCost\"", "\"BilledCost\",\"x\"", 1);
    let wider = wider.replacen("\n\"2\"", "\n\"2\",\"\"", 1);
    tree.put(
        OCTOBER,
        export_manifest("2026-10", "e1", &["focus-1.csv", "focus-2.csv"]),
        0,
    )
    .put(
        &format!("{OCTOBER_DATA}/focus-1.csv"),
        bill("0001", "2026-10", "1"),
        0,
    )
    .put(&format!("{OCTOBER_DATA}/focus-2.csv"), wider, 0)
    .put(
        &format!("{OCTOBER_DATA}/focus-3.csv"),
        bill("0001", "2026-10", "100"),
        0,
    )
    .put("elsewhere.csv", bill("0001", "2026-10", "100"), 0);
    let summary = tree.read();
    assert_eq!(
        versions(&tree, &summary),
        [format!("{OCTOBER}: 2026-10 2 3")]
    );
    assert_eq!((summary.rows.read, summary.rows.written), (2, 2));
    assert_eq!(summary.versions[0].files, 2);
    assert_eq!(summary.versions[0].version_id.as_deref(), Some("e1"));
    // The manifest alone names the same bill.
    let alone = read(&tree.path(OCTOBER));
    assert_eq!(versions(&tree, &alone), versions(&tree, &summary));
}

#[test]
fn a_listed_file_of_no_bytes_has_no_rows() {
    let tree = Tree::new();
    let listed = export_manifest("2026-10", "e1", &["focus-1.csv", "focus-2.csv"]);
    tree.put(OCTOBER, listed, 0)
        .put(
            &format!("{OCTOBER_DATA}/focus-1.csv"),
            bill("0001", "2026-10", "1"),
            0,
        )
        .put(&format!("{OCTOBER_DATA}/focus-2.csv"), "", 0);
    let summary = tree.read();
    assert_eq!(rules(&summary), [""; 0]);
    assert_eq!(summary.versions[0].files, 2);
    assert_eq!((summary.rows.read, summary.rows.written), (1, 1));
    // Nobody says what an empty file by itself is of.
    tree.put("alone.csv", "", 0);
    assert_eq!(rules(&read(&tree.path("alone.csv"))), ["empty-file"]);
}

#[test]
fn the_newest_data_export_counts_wherever_it_lies() {
    let kept = |execution: &str| {
        format!("fin/focus/metadata/BILLING_PERIOD=2026-10/{execution}/focus-Manifest.json")
    };
    let tree = Tree::new();
    for (execution, day, billed) in [("20261102-b", 2, "2"), ("20261103-c", 1, "3")] {
        let file = format!("{execution}/focus-1.csv");
        tree.put(
            &kept(execution),
            export_manifest("2026-10", execution, &[&file]),
            day,
        )
        .put(
            &format!("{OCTOBER_DATA}/{file}"),
            bill("0001", "2026-10", billed),
            day,
        );
    }
    let current = |tree: &Tree| versions(tree, &tree.read());
    assert_eq!(
        current(&tree),
        [format!("{}: 2026-10 1 2", kept("20261102-b"))]
    );
    // Delivered in the same second: the execution id decides.
    let manifest = export_manifest("2026-10", "20261103-c", &["20261103-c/focus-1.csv"]);
    tree.put(&kept("20261103-c"), &manifest, 2);
    assert_eq!(
        current(&tree),
        [format!("{}: 2026-10 1 3", kept("20261103-c"))]
    );
    // The same delivery at both levels is read once.
    tree.put(OCTOBER, &manifest, 2);
    assert_eq!(current(&tree), [format!("{OCTOBER}: 2026-10 1 3")]);
    // A broken newest manifest hides nothing: the older one is not the current bill.
    tree.put(OCTOBER, "{", 9);
    assert_eq!(rules(&tree.read()), ["manifest-unreadable"]);
}

#[test]
fn the_manifest_in_the_period_folder_of_a_legacy_report_is_the_newest() {
    let tree = Tree::new();
    tree.put(&format!("{LEGACY}/a1/hourly-1.csv"), cur("1"), 0)
        .put(&format!("{LEGACY}/a2/hourly-1.csv"), cur("2"), 0)
        .put(
            &format!("{LEGACY}/hourly-Manifest.json"),
            legacy_manifest("a1", &["a1/hourly-1.csv"]),
            1,
        )
        .put(
            &format!("{LEGACY}/a2/hourly-Manifest.json"),
            legacy_manifest("a2", &["a2/hourly-1.csv"]),
            5,
        );
    let summary = tree.read();
    assert_eq!(
        versions(&tree, &summary),
        [format!("{LEGACY}/hourly-Manifest.json: 2026-10 1 1")]
    );
    fs::remove_file(tree.path(&format!("{LEGACY}/hourly-Manifest.json"))).unwrap();
    let summary = tree.read();
    assert_eq!(
        versions(&tree, &summary),
        [format!("{LEGACY}/a2/hourly-Manifest.json: 2026-10 1 2")]
    );
}

#[test]
fn two_exports_of_one_bill_are_never_added() {
    let tree = Tree::new();
    tree.put(
        OCTOBER,
        export_manifest("2026-10", "e1", &["focus-1.csv"]),
        0,
    )
    .put(
        &format!("{OCTOBER_DATA}/focus-1.csv"),
        bill("0001", "2026-10", "5"),
        0,
    )
    .put(&format!("{LEGACY}/hourly-1.csv"), cur("7"), 0)
    .put(
        &format!("{LEGACY}/hourly-Manifest.json"),
        legacy_manifest("a1", &["hourly-1.csv"]),
        0,
    )
    .put(
        "fin/focus/metadata/BILLING_PERIOD=2026-11/focus-Manifest.json",
        export_manifest("2026-11", "e2", &["focus-1.csv"]),
        0,
    )
    .put(
        "fin/focus/data/BILLING_PERIOD=2026-11/focus-1.csv",
        bill("0001", "2026-11", "1"),
        0,
    );
    let summary = tree.read();
    assert_eq!(
        versions(&tree, &summary),
        [
            format!("{LEGACY}/hourly-Manifest.json: 2026-10 1 7"),
            format!("-{OCTOBER}: 2026-10 1 5"),
            "fin/focus/metadata/BILLING_PERIOD=2026-11/focus-Manifest.json: 2026-11 1 1".to_owned(),
        ]
    );
    assert_eq!(summary.totals["USD"].billed.to_string(), "8");
    let invoiced: Vec<String> = summary
        .by_invoice
        .iter()
        .map(|i| i.billed_cost.to_string())
        .collect();
    assert_eq!(invoiced, ["7", "1"]);
    let overlap = summary
        .warnings
        .iter()
        .find(|w| w.warning.rule == "overlapping-exports")
        .unwrap();
    assert!(
        overlap.warning.detail.ends_with("differs"),
        "{}",
        overlap.warning.detail
    );
    assert!(overlap.file.ends_with(OCTOBER));
}

#[test]
fn two_exports_of_one_bill_are_compared_where_they_are_written() {
    let tree = Tree::new();
    tree.put(
        OCTOBER,
        export_manifest("2026-10", "e1", &["focus-1.csv"]),
        0,
    )
    .put(
        &format!("{OCTOBER_DATA}/focus-1.csv"),
        bill("0001", "2026-10", "5"),
        0,
    )
    .put(&format!("{LEGACY}/hourly-1.csv"), cur("7"), 0)
    .put(
        &format!("{LEGACY}/hourly-Manifest.json"),
        legacy_manifest("a1", &["hourly-1.csv"]),
        0,
    );
    let options = Options {
        out: Some(tree.path("out")),
        ..Options::default()
    };
    let summary = normalise(tree.0.path(), &options).unwrap();
    let same_month = "2026-10 same-month Broken".to_owned();
    assert!(invariants(&summary).contains(&same_month));
    assert!(
        summary
            .warnings
            .iter()
            .any(|w| w.warning.rule == "same-month")
    );
    assert!(!invariants(&tree.read()).contains(&same_month));
    // Each has its own place.
    assert!(tree.path("out/AWS/0001/2026-10-2/daily.rollup").exists());
}

#[test]
fn a_plan_that_does_not_balance_is_a_warning_across_the_parts_of_a_bill() {
    let line = |kind: &str, cost: &str, start: &str| {
        format!(
            "lineItem/UnblendedCost,lineItem/LineItemType,lineItem/CurrencyCode,\
             bill/BillingPeriodStartDate,lineItem/UsageStartDate,bill/PayerAccountId,\
             savingsPlan/SavingsPlanARN,savingsPlan/SavingsPlanEffectiveCost\n\
             {cost},{kind},USD,2026-10-01T00:00:00Z,{start},0001,arn:sp,1\n"
        )
    };
    let hour = "2026-10-02T00:00:00Z";
    let tree = Tree::new();
    let parts = ["hourly-1.csv", "hourly-2.csv"];
    tree.put(
        &format!("{LEGACY}/hourly-Manifest.json"),
        legacy_manifest("a1", &parts),
        0,
    )
    .put(
        &format!("{LEGACY}/hourly-1.csv"),
        line("SavingsPlanCoveredUsage", "2", hour),
        0,
    )
    .put(
        &format!("{LEGACY}/hourly-2.csv"),
        line("SavingsPlanNegation", "-2", hour),
        0,
    );
    let held = "2026-10 savings-plan-hours Held".to_owned();
    assert!(invariants(&tree.read()).contains(&held));
    let other = line("SavingsPlanNegation", "-3", hour);
    tree.put(&format!("{LEGACY}/hourly-2.csv"), other, 0);
    let summary = tree.read();
    assert!(!invariants(&summary).contains(&held));
    let warning = summary
        .warnings
        .iter()
        .find(|w| w.warning.rule == "savings-plan-hours");
    assert!(warning.unwrap().file.contains("hourly-"));
}

#[test]
fn a_refused_file_is_named_and_its_delivery_counts_nothing() {
    let tree = Tree::new();
    let bad = bill("0001", "2026-10", "1,5");
    tree.put(
        OCTOBER,
        export_manifest("2026-10", "e1", &["focus-1.csv", "focus-2.csv"]),
        0,
    )
    .put(
        &format!("{OCTOBER_DATA}/focus-1.csv"),
        bill("0001", "2026-10", "1"),
        0,
    )
    .put(&format!("{OCTOBER_DATA}/focus-2.csv"), bad, 0)
    .put(&format!("{LEGACY}/hourly-1.csv"), cur("7"), 0)
    .put(
        &format!("{LEGACY}/hourly-Manifest.json"),
        legacy_manifest("a1", &["hourly-1.csv"]),
        0,
    );
    let summary = tree.read();
    assert_eq!(summary.totals["USD"].billed.to_string(), "7");
    assert_eq!((summary.rows.read, summary.versions.len()), (1, 1));
    let rejected = serde_json::to_value(&summary.rejected).unwrap();
    let rejected = &rejected[0];
    assert!(
        rejected["file"]
            .as_str()
            .unwrap()
            .ends_with("2026-10/focus-2.csv")
    );
    assert_eq!(rejected["rule"], "thousands-separator");
    assert_eq!(
        (&rejected["row"], &rejected["line"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(rejected["column"], "BilledCost");
}

#[test]
fn a_delivery_that_is_not_whole_is_refused() {
    let data = format!("{OCTOBER_DATA}/focus-1.csv");
    let tree = Tree::new();
    tree.put(
        OCTOBER,
        export_manifest("2026-10", "e1", &["focus-1.csv"]),
        0,
    );
    assert_eq!(rules(&tree.read()), ["missing-file"]);
    tree.put(&data, bill("0001", "2026-11", "1"), 0);
    let summary = tree.read();
    assert_eq!(rules(&summary), ["other-billing-period"]);
    assert_eq!(summary.rejected[0].rejection.row, Some(1));
    let sized = |size: usize| {
        let uri = format!("s3://acme/{data}");
        json!({"executionId": "e", "dataFiles": [{"s3Uri": uri, "size": size}]}).to_string()
    };
    let good = bill("0001", "2026-10", "1");
    tree.put(&data, &good, 0)
        .put(OCTOBER, sized(good.len() + 1), 0);
    assert_eq!(rules(&tree.read()), ["other-size"]);
    tree.put(OCTOBER, sized(good.len()), 0);
    assert_eq!(rules(&tree.read()), [""; 0]);
    tree.put(&data, cur("1"), 0);
    let mixed = export_manifest("2026-10", "e1", &["focus-0.csv", "focus-1.csv"]);
    tree.put(OCTOBER, mixed, 0)
        .put(&format!("{OCTOBER_DATA}/focus-0.csv"), good, 0);
    assert_eq!(rules(&tree.read()), ["mixed-formats"]);
    assert_eq!(rules(&Tree::new().read()), ["no-manifest"]);
}

#[test]
fn a_copy_may_begin_at_any_folder_above_the_export() {
    // The folder's name is in the key twice, as in the Parquet layout of a legacy report.
    let keys = json!(["hourly/hourly/hourly/year=2026/month=10/hourly-1.csv"]);
    let manifest = json!({"assemblyId": "a", "billingPeriod": "2026-10", "reportKeys": keys});
    let tree = Tree::new();
    tree.put(
        "hourly/20261001-20261101/hourly-Manifest.json",
        manifest.to_string(),
        0,
    )
    .put("hourly/hourly/year=2026/month=10/hourly-1.csv", cur("4"), 0);
    let summary = tree.read();
    assert_eq!(rules(&summary), [""; 0]);
    assert_eq!(summary.totals["USD"].billed.to_string(), "4");
    // No folder above the export is left: by way of the working folder it is found all the same.
    let link = tree.path("link");
    std::os::unix::fs::symlink(tree.path("hourly/20261001-20261101"), &link).unwrap();
    assert_eq!(read(&link).totals, summary.totals);
    // Links are not followed, so nothing is read twice.
    assert_eq!(tree.read().versions.len(), 1);
}

#[test]
fn a_single_file_may_hold_many_bills() {
    let tree = Tree::new();
    let two = bill("0002", "2026-11", "2");
    let both = bill("0001", "2026-10", "1") + two.lines().nth(1).unwrap() + "\n";
    tree.put("bill.csv", both, 0);
    let summary = read(&tree.path("bill.csv"));
    assert_eq!(
        versions(&tree, &summary),
        ["bill.csv: 2026-10 1 1", "bill.csv: 2026-11 1 2"]
    );
    assert_eq!(summary.totals["USD"].billed.to_string(), "3");
    let payers: Vec<&str> = summary
        .by_invoice
        .iter()
        .map(|i| i.payer.as_str())
        .collect();
    assert_eq!(payers, ["0001", "0002"]);
}

#[test]
fn what_is_written_is_what_was_read() {
    let tree = Tree::new();
    let good = bill("a/../b", "2026-10", "1.5");
    tree.put("good.csv", &good, 0)
        .put("bad.csv", bill("0001", "2026-10", "x"), 0);
    let options = Options {
        out: Some(tree.path("out/deep")),
        tag_keys: vec!["team".into()],
    };
    let run = |file: &str| normalise(&tree.path(file), &options).unwrap();
    for _ in 0..2 {
        let summary = run("good.csv");
        let written = summary.versions[0].written.as_ref().unwrap();
        let dir = tree.path("out/deep/AWS/a-..-b/2026-10");
        assert_eq!(written.cost_and_usage, dir.join("cost-and-usage.parquet"));
        let rollup = crate::Rollup::decode(&fs::read(&written.rollup).unwrap()).unwrap();
        assert_eq!(rollup.totals().unwrap()[0].billed_cost.to_string(), "1.5");
        let details = fs::read_to_string(&written.invoice_detail).unwrap();
        assert!(
            details.starts_with("BilledCost,") && details.contains("\n1.5,"),
            "{details}"
        );
        let mut names: Vec<_> = fs::read_dir(&dir)
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(
            names,
            [
                "billing-period.csv",
                "contract-commitment.csv",
                "cost-and-usage.parquet",
                "daily.rollup",
                "invoice-detail.csv"
            ]
        );
    }
    assert_eq!(rules(&run("bad.csv")), ["bad-number"]);
    let left: Vec<_> = fs::read_dir(tree.path("out/deep"))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["AWS"]);
}

#[test]
fn a_disk_that_fails_is_no_rejection() {
    let error = normalise(Path::new("/nowhere/bill.csv"), &Options::default()).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    assert!(
        error.to_string().starts_with("/nowhere/bill.csv: "),
        "{error}"
    );
}

#[test]
fn the_answer_has_the_agreed_shape() {
    let tree = Tree::new();
    tree.put(
        "bill.csv",
        bill("0001", "2026-10", "1.0000000000000000005"),
        0,
    );
    let mut summary = read(&tree.path("bill.csv"));
    let warning = serde_json::to_value(&summary.warnings[0]).unwrap();
    let mut keys: Vec<&String> = warning.as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(
        keys,
        ["column", "count", "detail", "file", "line", "row", "rule"]
    );
    assert_eq!(invariants(&summary)[0], "2026-10 rows-and-sums Held");
    summary.warnings.clear();
    summary.invariants.clear();
    summary.versions[0].source = "bill.csv".into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&summary).unwrap(), @r#"
    {
      "format": "FOCUS 1.2",
      "versions": [
        {
          "provider": "AWS",
          "payer": "0001",
          "billingPeriod": "2026-10",
          "format": "FOCUS 1.2",
          "source": "bill.csv",
          "export": null,
          "versionId": null,
          "files": 1,
          "counted": true,
          "rows": 1,
          "totals": {
            "USD": {
              "BilledCost": "1",
              "EffectiveCost": "1",
              "ListCost": "0",
              "ContractedCost": "0"
            }
          }
        }
      ],
      "rows": {
        "read": 1,
        "written": 1,
        "synthetic": 0,
        "folded": 0,
        "leftOut": 0
      },
      "residues": [
        {
          "column": "BilledCost",
          "currency": "USD",
          "rows": 1,
          "residue": "0.0000000000000000005"
        },
        {
          "column": "EffectiveCost",
          "currency": "USD",
          "rows": 1,
          "residue": "0.0000000000000000005"
        }
      ],
      "totals": {
        "USD": {
          "BilledCost": "1",
          "EffectiveCost": "1",
          "ListCost": "0",
          "ContractedCost": "0"
        }
      },
      "byInvoice": [
        {
          "InvoiceId": "inv-1",
          "InvoiceIssuerName": null,
          "provider": "AWS",
          "payer": "0001",
          "billingPeriod": "2026-10",
          "currency": "USD",
          "rows": 1,
          "BilledCost": "1"
        }
      ],
      "invariants": [],
      "warnings": []
    }
    "#);
}
