//! A bill as an export delivers it: a tree of objects, some of them parts, some manifests.

mod files;
mod manifest;

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use outlay_core::BillingPeriod;

use super::{Bill, DiscountStyle, random::Random};

/// What an export writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// A legacy Cost and Usage Report: CSV with slashes, Parquet with underscores.
    LegacyCur,
    /// CUR 2.0.
    Cur2(DiscountStyle),
    /// FOCUS 1.2 with AWS columns.
    Focus,
}

/// How its files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileType {
    /// CSV in gzip.
    CsvGz,
    /// Parquet in snappy, with doubles.
    Parquet,
}

/// What happens to an earlier delivery of the same month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Its files are overwritten; where it had more of them, the rest stays behind.
    Latest,
    /// It stays in a folder of its own.
    All,
}

/// An export, as somebody set it up.
#[derive(Debug, Clone)]
pub struct Export {
    /// Bucket that it writes to.
    pub bucket: String,
    /// Folders above the export's own, without slashes at the ends.
    pub prefix: String,
    /// Name: the export's own folder.
    pub name: String,
    /// What it writes.
    pub table: Table,
    /// In which form.
    pub file_type: FileType,
    /// What it keeps.
    pub keep: Keep,
}

/// What lies in the bucket after some deliveries.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Key and bytes.
    pub objects: BTreeMap<String, Vec<u8>>,
    /// The manifest of the newest delivery of each month.
    pub manifests: BTreeMap<BillingPeriod, String>,
    deliveries: u64,
}

/// One delivery of one month.
struct Delivery<'a> {
    export: &'a Export,
    period: BillingPeriod,
    /// Assembly id or execution id.
    id: String,
    /// Names of the parts below the export's folder, in order, with their sizes.
    parts: Vec<(String, usize)>,
    /// Names and types.
    columns: Vec<(String, &'static str)>,
}

impl Export {
    /// An export into the bucket `bills`, below `exports`.
    pub fn new(name: &str, table: Table, file_type: FileType, keep: Keep) -> Self {
        Self {
            bucket: "bills".to_owned(),
            prefix: "exports".to_owned(),
            name: name.to_owned(),
            table,
            file_type,
            keep,
        }
    }

    /// Delivers every month of a bill in so many parts. The manifest comes last, and an earlier
    /// delivery of the month is overwritten or kept.
    pub fn deliver(&self, bill: &Bill, parts: usize, tree: &mut Tree) -> Result<()> {
        for &period in bill.expected().rows().keys() {
            tree.deliveries += 1;
            let written = files::write(self, bill, period, parts)?;
            let mut delivery = Delivery {
                export: self,
                period,
                id: self.id(tree.deliveries),
                parts: Vec::new(),
                columns: written.columns,
            };
            for (i, bytes) in written.parts.into_iter().enumerate() {
                let name = delivery.part(i + 1);
                delivery.parts.push((name.clone(), bytes.len()));
                tree.objects.insert(self.key(&name), bytes);
            }
            let manifest = delivery.manifest()?;
            for name in delivery.manifest_names() {
                tree.objects.insert(self.key(&name), manifest.clone());
            }
            let newest = delivery.manifest_names().pop().context("no manifest")?;
            tree.manifests.insert(period, self.key(&newest));
        }
        Ok(())
    }

    fn key(&self, below: &str) -> String {
        format!("{}/{}/{below}", self.prefix, self.name)
    }

    fn is_legacy(&self) -> bool {
        self.table == Table::LegacyCur
    }

    fn id(&self, number: u64) -> String {
        let mut random = Random::stream(&[number, 41]);
        let id = format!("{:016x}{:016x}", random.next(), random.next());
        if self.is_legacy() {
            let parts = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]];
            parts.join("-")
        } else {
            let second = number % 60;
            format!("20261103T1200{second:02}Z-{}", &id[..8])
        }
    }
}

impl Delivery<'_> {
    /// The folder of the delivery's month, and of the delivery itself where it has one.
    fn folder(&self, kind: &str) -> String {
        let month = self.month_folder(kind);
        match self.export.keep {
            Keep::Latest => month,
            Keep::All => format!("{month}{}/", self.id),
        }
    }

    fn month_folder(&self, kind: &str) -> String {
        if self.export.is_legacy() {
            let day = |day: jiff::civil::Date| day.to_string().replace('-', "");
            let (start, end) = (self.period.start(), self.period.end());
            format!("{}-{}/", day(start), day(end))
        } else {
            format!("{kind}/BILLING_PERIOD={}/", self.period)
        }
    }

    fn part(&self, number: usize) -> String {
        let name = &self.export.name;
        let folder = self.folder("data");
        let start = self.period.start();
        match (self.export.is_legacy(), self.export.file_type) {
            // What Athena reads lies in its own partitions, and is overwritten always.
            (true, FileType::Parquet) => format!(
                "{name}/year={}/month={}/{name}-{number:05}.snappy.parquet",
                start.year(),
                start.month()
            ),
            (true, FileType::CsvGz) => format!("{folder}{name}-{number}.csv.gz"),
            (false, FileType::Parquet) => format!("{folder}{name}-{number:05}.snappy.parquet"),
            (false, FileType::CsvGz) => format!("{folder}{name}-{number:05}.csv.gz"),
        }
    }

    /// Where the manifest lies; last, where the newest one always does. Data Exports that keep
    /// everything have it in the folder of the delivery only.
    fn manifest_names(&self) -> Vec<String> {
        let file = format!("{}-Manifest.json", self.export.name);
        let own = format!("{}{file}", self.folder("metadata"));
        let newest = format!("{}{file}", self.month_folder("metadata"));
        match self.export.keep {
            Keep::All if self.export.is_legacy() => vec![own, newest],
            Keep::All | Keep::Latest => vec![own],
        }
    }
}
