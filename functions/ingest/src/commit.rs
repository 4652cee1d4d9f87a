use jiff::Timestamp;
use outlay_billing::{
    Evidence, Rollup, Warning,
    invariants::{self, Invariant, InvariantName, Known, Reading, Stored},
};
use outlay_core::{PayerId, SourceId};
use outlay_messages::CommitMessage;
use outlay_runtime::{App, Message, MessageError, TenantData, Trail, Work};
use outlay_store::{
    ActiveVersion, Bill, Condition, OnConflict, Part, Replaced, Source, Stage, Status, Upload,
    VersionRecord,
};
use serde_json::{Value, json};

use crate::stages::{
    failure, is_left_alone, open_upload, reached, refuse, save, send_part, warning_of,
};

/// Most bills that one delivery can switch in: two writes each, in a transaction of at most 100.
const MAX_BILLS: usize = 48;

/// Works off the queue `commits`: checks the bills of a delivery and switches them in, all at once.
pub fn handler(app: &'static App, message: Message) -> Work {
    Box::pin(async move {
        let message: CommitMessage = serde_json::from_str(&message.body)?;
        commit(app, &message).await
    })
}

async fn commit(app: &App, message: &CommitMessage) -> Result<(), MessageError> {
    let data = app.worker(&message.tenant_id).await?;
    let Some(mut upload) = open_upload(&data, &message.upload_id).await? else {
        return Ok(());
    };
    if is_left_alone(&data, &message.upload_id).await? {
        return Ok(());
    }
    let Some(part) = data
        .table
        .get::<Part>(&(message.upload_id.clone(), 1))
        .await?
    else {
        return Ok(());
    };
    if !part.done || part.attempt != upload.attempt {
        return Ok(());
    }
    if part.bills.len() > MAX_BILLS {
        let detail = format!(
            "The file holds {} bills (payer and month); split it so that each has at most {MAX_BILLS}.",
            part.bills.len()
        );
        let failure = failure(&upload, "too-many-bills", detail);
        return refuse(app, &data, upload, failure).await;
    }
    let broken = match check(&data, &part).await? {
        Ok(broken) => broken,
        Err(detail) => {
            let failure = failure(&upload, InvariantName::RowsAndSums.as_str(), detail);
            return refuse(app, &data, upload, failure).await;
        }
    };
    upload.warnings.clone_from(&part.warnings);
    let broken = broken.iter().map(|warning| warning_of(&upload, warning));
    let broken: Vec<_> = broken.collect();
    upload.warnings.extend(broken);
    switch(app, &data, upload, part.bills).await
}

/// Checks the invariants of each bill: a broken one warns, but rows or money lost on the way (the
/// inner error) refuse the delivery. The checked roll-up is stored where readers will find it.
async fn check(
    data: &TenantData,
    part: &Part,
) -> Result<Result<Vec<Warning>, String>, MessageError> {
    let active: Vec<ActiveVersion> = data.table.list_all().await?;
    let (mut rows, mut broken) = (0, Vec::new());
    for bill in &part.bills {
        let (id, number) = (&bill.version_id, part.part);
        let evidence = Evidence::decode(&data.objects.get_evidence(id, number).await?)?;
        let file = data.objects.get_part_rollup(id, number).await?;
        let rollup = Rollup::decode(&file)?;
        let stored = Stored {
            rows: bill.rows,
            totals: &bill.totals,
            residues: &bill.residues,
            rollup: Some(&rollup),
        };
        let known = Known {
            stored: Some(stored),
            invoices: &[],
        };
        let mut invariants = invariants::check(&evidence, &known);
        invariants.push(compare(data, bill, &rollup, &active).await?);
        if let Some(lost) = invariants.iter().find(|invariant| invariant.is_fatal()) {
            let (period, payer) = (bill.billing_period, &bill.payer);
            let violation = lost.violations.first().map(ToString::to_string);
            let violation = violation.unwrap_or_default();
            return Ok(Err(format!(
                "The stored rows of {period} of {payer} are not those read: {violation}."
            )));
        }
        broken.extend(invariants.iter().filter_map(Invariant::warning));
        rows += bill.rows;
        data.objects.put_rollup(id, file).await?;
    }
    let written = part.rows.map_or(0, |r| r.written);
    if rows != written {
        return Ok(Err(format!(
            "{written} rows were written, {rows} are in bills."
        )));
    }
    Ok(Ok(broken))
}

/// The bill beside what other sources say of the same payer and month.
async fn compare(
    data: &TenantData,
    bill: &Bill,
    rollup: &Rollup,
    active: &[ActiveVersion],
) -> Result<Invariant, MessageError> {
    let payer = PayerId::derive(&[&bill.provider, &bill.payer]);
    let other = |seen: &&ActiveVersion| {
        let month = (&seen.payer_id, seen.billing_period) == (&payer, bill.billing_period);
        month && seen.source_id != bill.source_id
    };
    let mut others = Vec::new();
    for seen in active.iter().filter(other) {
        others.push((
            name(data, &seen.source_id).await?,
            data.objects.get_rollup(&seen.version_id).await?,
        ));
    }
    let mine = name(data, &bill.source_id).await?;
    let readings = std::iter::once((&mine, rollup)).chain(others.iter().map(|(n, r)| (n, r)));
    let readings: Vec<Reading> = readings
        .map(|(name, rollup)| Reading { name, rollup })
        .collect();
    Ok(invariants::same_month(&readings))
}

/// The format that a source delivers.
async fn name(data: &TenantData, source: &SourceId) -> Result<String, MessageError> {
    let source = data.table.get::<Source>(source).await?;
    Ok(source.map(|s| s.format_family).unwrap_or_default())
}

/// What a bill meets when it is switched in.
#[derive(Debug, PartialEq, Eq)]
enum Meeting<'a> {
    /// Nothing is seen for its source and period.
    Nothing,
    /// The same content is seen already.
    Same(&'a ActiveVersion),
    /// Other content is seen.
    Other(&'a ActiveVersion),
}

fn meet<'a>(bill: &Bill, active: &'a [ActiveVersion]) -> Meeting<'a> {
    let place = (&bill.source_id, bill.billing_period);
    match active
        .iter()
        .find(|a| (&a.source_id, a.billing_period) == place)
    {
        None => Meeting::Nothing,
        Some(seen) if seen.content_sha256 == bill.content_sha256 => Meeting::Same(seen),
        Some(seen) => Meeting::Other(seen),
    }
}

/// Decides by what readers see now. Whoever changes that at the same moment makes this try fail,
/// and the next one decides anew.
async fn switch(
    app: &App,
    data: &TenantData,
    mut upload: Upload,
    bills: Vec<Bill>,
) -> Result<(), MessageError> {
    let active: Vec<ActiveVersion> = data.table.list_all().await?;
    let asked = std::mem::replace(&mut upload.bills, bills);
    for bill in &mut upload.bills {
        bill.replaces = replaced(&meet(bill, &active));
    }
    if reached(&upload, Stage::Switching) && !as_asked(&asked, &upload.bills) {
        upload.on_conflict = None;
    }
    let conflicts = upload.bills.iter().any(|bill| bill.replaces.is_some());
    match (conflicts, upload.on_conflict) {
        (true, None) => ask(app, data, upload).await,
        (true, Some(OnConflict::Separate)) if !upload.separated => {
            upload.read_apart();
            save(app, data, &mut upload).await?;
            send_part(app, data, &upload).await
        }
        _ => make_seen(app, data, upload, &active).await,
    }
}

/// Whether a decision covers what would be replaced now: a bill that somebody else switched in since
/// was not in the question.
fn as_asked(asked: &[Bill], now: &[Bill]) -> bool {
    let shown = |replaces: &Replaced| {
        let mut shown = asked.iter().filter_map(|bill| bill.replaces.as_ref());
        shown.any(|other| other.version_id == replaces.version_id)
    };
    now.iter().filter_map(|b| b.replaces.as_ref()).all(shown)
}

fn replaced(meeting: &Meeting<'_>) -> Option<Replaced> {
    match meeting {
        Meeting::Other(seen) => Some(Replaced {
            version_id: seen.version_id.clone(),
            totals: seen.totals.clone(),
        }),
        Meeting::Nothing | Meeting::Same(_) => None,
    }
}

async fn ask(app: &App, data: &TenantData, mut upload: Upload) -> Result<(), MessageError> {
    upload.stage = Some(Stage::NeedsConfirmation);
    save(app, data, &mut upload).await
}

async fn make_seen(
    app: &App,
    data: &TenantData,
    mut upload: Upload,
    active: &[ActiveVersion],
) -> Result<(), MessageError> {
    let now = (app.clock)();
    let mut writes = data.table.writes();
    for bill in &mut upload.bills {
        let (condition, since) = match meet(bill, active) {
            Meeting::Same(seen) => {
                bill.unchanged = seen.version_id != bill.version_id;
                continue;
            }
            Meeting::Other(seen) => (Condition::text("versionId", &seen.version_id), seen.since),
            Meeting::Nothing => (Condition::Absent, now),
        };
        let version = version(bill, &upload.upload_id, now, since);
        writes = writes.put(&version, condition)?;
        writes = writes.put(
            &VersionRecord {
                version,
                deleted_at: None,
            },
            Condition::Any,
        )?;
    }
    upload.status = Status::Completed;
    upload.stage = None;
    let condition = upload.revise(now);
    let bills = upload.bills.iter().filter(|bill| !bill.unchanged);
    let switched = Trail::worker(app, "ingest")
        .entry("uploads.switch", "upload", &upload.upload_id)
        .after(json!({"bills": bills.map(bill_fields).collect::<Vec<_>>()}));
    writes
        .put(&upload, condition)?
        .audit(&switched)?
        .commit()
        .await?;
    let (tenant, id) = (data.table.tenant().as_str(), upload.upload_id.as_str());
    tracing::info!(
        tenant.id = tenant,
        upload.id = id,
        upload.bills = upload.bills.len(),
        "delivery switched in"
    );
    Ok(())
}

/// What the audit says of a bill that readers see from now on.
fn bill_fields(bill: &Bill) -> Value {
    let replaced = bill.replaces.as_ref().map(|replaced| &replaced.version_id);
    json!({"sourceId": bill.source_id, "billingPeriod": bill.billing_period,
        "versionId": bill.version_id, "replaces": replaced})
}

fn version(
    bill: &Bill,
    upload: &outlay_core::UploadId,
    now: Timestamp,
    since: Timestamp,
) -> ActiveVersion {
    ActiveVersion {
        source_id: bill.source_id.clone(),
        billing_period: bill.billing_period,
        version_id: bill.version_id.clone(),
        upload_id: upload.clone(),
        payer_id: PayerId::derive(&[&bill.provider, &bill.payer]),
        rows: bill.rows,
        totals: bill.totals.clone(),
        content_sha256: bill.content_sha256.clone(),
        switched_at: now,
        since,
    }
}

#[cfg(test)]
mod tests {
    use outlay_core::{BillingPeriod, Decimal, Totals, UploadId, VersionId};

    use super::*;

    fn bill(source: &str, period: &str, content: &str) -> Bill {
        Bill {
            version_id: VersionId::derive(&[source, period, content]),
            source_id: SourceId::derive(&[source]),
            provider: "AWS".into(),
            payer: "1".into(),
            billing_period: period.parse::<BillingPeriod>().unwrap(),
            rows: 1,
            totals: vec![Totals::new("USD", [Decimal::ONE; 4])],
            residues: Vec::new(),
            content_sha256: content.into(),
            unchanged: false,
            replaces: None,
        }
    }

    #[test]
    fn a_bill_meets_only_its_own_source_and_period() {
        let at = Timestamp::UNIX_EPOCH;
        let seen = [version(
            &bill("focus", "2026-10", "x"),
            &UploadId::mint(),
            at,
            at,
        )];
        assert_eq!(
            meet(&bill("focus", "2026-11", "x"), &seen),
            Meeting::Nothing
        );
        assert_eq!(meet(&bill("cur", "2026-10", "x"), &seen), Meeting::Nothing);
        assert_eq!(
            meet(&bill("focus", "2026-10", "x"), &seen),
            Meeting::Same(&seen[0])
        );
        assert_eq!(
            meet(&bill("focus", "2026-10", "y"), &seen),
            Meeting::Other(&seen[0])
        );
    }

    #[test]
    fn a_decision_is_about_what_was_asked() {
        let replacing = |content: Option<&str>| {
            let mut bill = bill("focus", "2026-10", "mine");
            bill.replaces = content.map(|content| Replaced {
                version_id: VersionId::derive(&[content]),
                totals: Vec::new(),
            });
            bill
        };
        let asked = [replacing(Some("x"))];
        assert!(as_asked(&asked, &[replacing(Some("x"))]));
        assert!(as_asked(&asked, &[replacing(None)]), "deleted since");
        assert!(!as_asked(&asked, &[replacing(Some("y"))]), "another since");
        assert!(!as_asked(&[replacing(None)], &[replacing(Some("y"))]));
    }
}
