//! Manifests, in the forms that were seen.

use anyhow::Result;
use serde_json::{Value, json};

use super::Delivery;

impl Delivery<'_> {
    pub(super) fn manifest(&self) -> Result<Vec<u8>> {
        let manifest = if self.export.is_legacy() {
            self.legacy()
        } else {
            self.of_data_exports()
        };
        Ok(serde_json::to_vec_pretty(&manifest)?)
    }

    fn legacy(&self) -> Value {
        let columns = self.columns.iter().map(|(name, _)| {
            // The underscored names of a Parquet report have no category of their own.
            let (category, name) = name.split_once('/').unwrap_or(("", name));
            json!({ "category": category, "name": name })
        });
        let compact = |day: jiff::civil::Date| day.to_string().replace('-', "");
        json!({
            "assemblyId": self.id,
            "account": "123456789012",
            "columns": columns.collect::<Vec<_>>(),
            "charset": "UTF-8",
            "compression": "GZIP",
            "contentType": "text/csv",
            "reportId": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "reportName": self.export.name,
            "billingPeriod": {
                "start": format!("{}T000000.000Z", compact(self.period.start())),
                "end": format!("{}T000000.000Z", compact(self.period.end())),
            },
            "bucket": self.export.bucket,
            "reportKeys": self.parts.iter().map(|(name, _)| self.export.key(name)).collect::<Vec<_>>(),
            "additionalArtifactKeys": [],
        })
    }

    /// Nobody documents it: one month in two is told in the other form.
    fn of_data_exports(&self) -> Value {
        let plain = self.period.start().month() % 2 == 0;
        let uri = |name: &str| format!("s3://{}/{}", self.export.bucket, self.export.key(name));
        let files = self.parts.iter().map(|(name, size)| {
            if plain {
                Value::from(uri(name))
            } else {
                json!({ "s3Uri": uri(name), "size": size })
            }
        });
        let period = if plain {
            json!(self.period.to_string())
        } else {
            json!({ "start": self.period.start().to_string(), "end": self.period.end().to_string() })
        };
        let columns = self.columns.iter();
        let columns = columns.map(|(name, kind)| json!({ "name": name, "type": kind }));
        json!({
            "exportName": self.export.name,
            "exportArn": format!(
                "arn:aws:bcm-data-exports:us-east-1:123456789012:export/{}-0f9e8d7c",
                self.export.name
            ),
            "executionId": self.id,
            "billingPeriod": period,
            "dataFiles": files.collect::<Vec<_>>(),
            "columns": columns.collect::<Vec<_>>(),
            "additionalOutputFiles": [],
        })
    }
}
