//! The blocking half of a transform: bytes in, one Parquet file and one roll-up per bill out.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use outlay_billing::{
    Container, Input, PartBill, PartError, PartWriter, ReadError, ReadReport, read_bill,
};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncBufRead, AsyncBufReadExt};
use tokio_util::io::SyncIoBridge;

/// What came of a file.
pub(crate) struct Outcome {
    pub(crate) report: ReadReport,
    pub(crate) bills: Vec<HashedBill>,
}

/// A bill and the fingerprint of its rows.
pub(crate) struct HashedBill {
    pub(crate) bill: PartBill,
    pub(crate) sha256: String,
}

/// Reads a whole file into bills below `dir`, on a thread of its own. Stops soon after the future
/// is dropped.
pub(crate) async fn read(
    mut file: impl AsyncBufRead + Send + Unpin + 'static,
    file_name: String,
    dir: &Path,
    tag_keys: Vec<String>,
) -> Result<Outcome, ReadError> {
    let dir = dir.to_owned();
    let head = file.fill_buf().await.map_err(ReadError::Io)?;
    let on_disk = match Container::of(head) {
        Container::Parquet | Container::Zip => {
            Some(download(&mut file, &dir).await.map_err(ReadError::Io)?)
        }
        _ => None,
    };
    let stopped = Arc::new(AtomicBool::new(false));
    let _guard = StopOnDrop(Arc::clone(&stopped));
    let thread = tokio::task::spawn_blocking(move || {
        let input = match on_disk {
            Some(file) => Input::File(file),
            None => Input::Stream(Box::new(SyncIoBridge::new(file))),
        };
        into_bills(input, &file_name, &dir, tag_keys, &stopped)
    });
    thread
        .await
        .map_err(|panic| ReadError::Io(io::Error::other(panic)))?
}

/// Parquet and ZIP begin at their end: they are read from disk.
async fn download(file: &mut (impl AsyncBufRead + Unpin), dir: &Path) -> io::Result<File> {
    let path = dir.join("source");
    let mut copy = tokio::fs::File::create(&path).await?;
    tokio::io::copy_buf(file, &mut copy).await?;
    copy.sync_all().await?;
    File::open(path)
}

struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn into_bills(
    input: Input<'_>,
    file_name: &str,
    dir: &Path,
    tag_keys: Vec<String>,
    stopped: &AtomicBool,
) -> Result<Outcome, ReadError> {
    let mut writer = PartWriter::new(dir, tag_keys).map_err(sink)?;
    let report = read_bill(input, file_name, &mut |row| {
        if stopped.load(Ordering::Relaxed) {
            return Err(Box::new(io::Error::from(io::ErrorKind::TimedOut)));
        }
        Ok(writer.push(row)?)
    })?;
    let bills = writer.finish().map_err(sink)?;
    let bills = bills
        .into_iter()
        .map(hashed)
        .collect::<Result<_, _>>()
        .map_err(ReadError::Io)?;
    Ok(Outcome { report, bills })
}

fn sink(error: PartError) -> ReadError {
    ReadError::Sink(Box::new(error))
}

fn hashed(bill: PartBill) -> io::Result<HashedBill> {
    let mut file = File::open(&bill.parquet)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
    }
    let sha256 = hex::encode(hash.finalize());
    Ok(HashedBill { bill, sha256 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BILL: &str = "\
BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,\
ChargePeriodStart,ChargePeriodEnd,BillingAccountId,ProviderName,PublisherName,InvoiceIssuerName,ServiceName,\
ServiceCategory,ChargeCategory,ChargeFrequency,ChargeDescription
1.5,1.25,2,1.5,USD,2026-09-01T00:00:00Z,2026-10-01T00:00:00Z,2026-09-03T00:00:00Z,2026-09-04T00:00:00Z,0001,AWS,AWS,AWS,Amazon S3,Storage,Usage,Usage-Based,x
2.5,2.25,3,2.5,USD,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-03T00:00:00Z,2026-10-04T00:00:00Z,0001,AWS,AWS,AWS,Amazon S3,Storage,Usage,Usage-Based,x
";

    async fn read_text(text: &'static str) -> Result<Outcome, ReadError> {
        let dir = tempfile::tempdir().unwrap();
        read(
            text.as_bytes(),
            "bill.csv".into(),
            dir.path(),
            vec!["team".into()],
        )
        .await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_file_becomes_a_bill_per_month_and_the_same_file_the_same_bills() {
        let (first, second) = (
            read_text(BILL).await.unwrap(),
            read_text(BILL).await.unwrap(),
        );
        let shown = |outcome: &Outcome| -> Vec<(String, String, String)> {
            let bills = outcome.bills.iter();
            bills
                .map(|b| {
                    let billed = b.bill.totals[0].billed_cost.to_string();
                    (b.bill.period.to_string(), billed, b.sha256.clone())
                })
                .collect()
        };
        assert_eq!(first.report.rows_written, 2);
        assert_eq!(shown(&first)[0].1, "1.5");
        assert_eq!(shown(&first)[1].0, "2026-10");
        assert_eq!(shown(&first), shown(&second));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_no_bill_is_rejected() {
        let outcome = read_text("hello,world\n1,2\n").await;
        assert!(matches!(outcome, Err(ReadError::Rejected(_))));
    }
}
