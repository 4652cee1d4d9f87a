//! The table that Athena sees is what the writer writes.

use outlay_billing::Column;
use serde_json::Value;

use crate::{
    read, report,
    template::{TEMPLATES, text},
};

/// The one name of the data bucket.
const BUCKET: &str = "outlay-${Stage}-${AWS::AccountId}-${AWS::Region}";

fn table() -> &'static Value {
    let (_, table) = TEMPLATES[0]
        .resources("AWS::Glue::Table")
        .next()
        .expect("a Glue table");
    &table["Properties"]["TableInput"]
}

#[test]
fn glue_columns_are_the_stored_columns() {
    let declared: Vec<String> = table()["StorageDescriptor"]["Columns"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|c| format!("{} {}", text(&c["Name"]), text(&c["Type"])))
        .collect();
    let stored: Vec<String> = Column::ALL
        .iter()
        .map(|column| {
            let kind = match column {
                Column::Time(_) => "timestamp",
                Column::Text(_) => "string",
                Column::Amount(_) => "decimal(38,18)",
                Column::Tags => "map<string,string>",
            };
            format!("{} {kind}", column.name().to_lowercase())
        })
        .collect();
    assert_eq!(
        declared, stored,
        "bring the Columns of CostsTable in template.yaml in line with outlay_billing::Column"
    );
}

#[test]
fn a_query_must_name_its_tenant_and_its_versions() {
    let parameters = &table()["Parameters"];
    for partition in ["tenant", "version"] {
        let kind = &parameters[format!("projection.{partition}.type")];
        assert_eq!(
            kind, "injected",
            "projection.{partition}.type must be injected: Athena then refuses a query without it"
        );
    }
    let location = text(&parameters["storage.location.template"]);
    assert_eq!(
        location,
        format!("s3://{BUCKET}/lake/tenant=${{tenant}}/version=${{version}}/")
    );
}

/// The bucket's name is spelled out (a reference would close a circle), so a slip would be another bucket.
#[test]
fn the_bucket_has_one_name() {
    let template = read("template.yaml");
    let slips: Vec<String> = template
        .lines()
        .filter(|line| {
            line.contains(":s3:::") || line.contains("s3://") || line.contains("BUCKET_NAME")
        })
        .filter(|line| !line.contains(BUCKET))
        .map(|line| format!("`{}` must name {BUCKET}", line.trim()))
        .collect();
    report(&slips);
    assert_eq!(
        text(&TEMPLATES[0].resource("Bucket")["Properties"]["BucketName"]),
        BUCKET
    );
}
