//! Files on disk: `DIR/<provider>/<payer>/<month>/`, and nothing of what was refused.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use super::summary::Written;
use crate::{
    datasets::{self, Datasets},
    parquet_out::{PartBill, PartError, PartWriter},
};

/// The folder that a run writes.
pub(super) struct Output {
    dir: PathBuf,
    /// Folders that belong to a version of this run.
    taken: HashSet<PathBuf>,
}

impl Output {
    /// Makes the folder, if there is none.
    pub(super) fn create(dir: &Path) -> io::Result<Self> {
        let output = Self {
            dir: dir.to_owned(),
            taken: HashSet::new(),
        };
        fs::create_dir_all(output.unfinished())?;
        Ok(output)
    }

    /// A writer of the rows of one delivery. What it leaves unfinished, the next one overwrites.
    pub(super) fn writer(&self, tag_keys: &[String]) -> Result<PartWriter, PartError> {
        PartWriter::new(&self.unfinished(), tag_keys.iter().cloned())
    }

    /// Gives a bill that was read whole its place. An earlier run's files are replaced.
    pub(super) fn keep(&mut self, bill: &PartBill, datasets: &Datasets) -> io::Result<Written> {
        let dir = self.folder(bill);
        fs::create_dir_all(&dir)?;
        let written = Written {
            cost_and_usage: dir.join("cost-and-usage.parquet"),
            rollup: dir.join("daily.rollup"),
            billing_period: dir.join("billing-period.csv"),
            invoice_detail: dir.join("invoice-detail.csv"),
            contract_commitment: dir.join("contract-commitment.csv"),
        };
        fs::rename(&bill.parquet, &written.cost_and_usage)?;
        fs::rename(&bill.rollup, &written.rollup)?;
        let csv = [
            (
                &written.billing_period,
                datasets::csv(&datasets.billing_periods),
            ),
            (
                &written.invoice_detail,
                datasets::csv(&datasets.invoice_details),
            ),
            (
                &written.contract_commitment,
                datasets::csv(&datasets.contract_commitments),
            ),
        ];
        for (path, csv) in csv {
            fs::write(path, csv)?;
        }
        Ok(written)
    }

    /// Removes what no version needs.
    pub(super) fn close(self) -> io::Result<()> {
        fs::remove_dir_all(self.unfinished())
    }

    fn unfinished(&self) -> PathBuf {
        self.dir.join(".unfinished")
    }

    /// Versions of one bill from several exports stand beside each other.
    fn folder(&mut self, bill: &PartBill) -> PathBuf {
        let period = bill.period.to_string();
        let above = self
            .dir
            .join(plain(&bill.provider))
            .join(plain(&bill.payer));
        let mut dir = above.join(&period);
        let mut copy = 1;
        while !self.taken.insert(dir.clone()) {
            copy += 1;
            dir = above.join(format!("{period}-{copy}"));
        }
        dir
    }
}

/// A name without separators, dots at its ends and what else a file system may mind.
fn plain(name: &str) -> String {
    const MOST: usize = 100;
    let legal = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let replaced = |c: char| if legal(c) { c } else { '-' };
    let name: String = name.chars().take(MOST).map(replaced).collect();
    match name.trim_matches(['-', '.']) {
        "" => "unnamed".to_owned(),
        name => name.to_owned(),
    }
}
