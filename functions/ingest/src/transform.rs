use std::time::SystemTime;

use jiff::Timestamp;
use outlay_billing::{Evidence, PartBill, PartError, ReadError, ReadReport, Rejection};
use outlay_core::{SourceId, TenantId, UploadId, VersionId};
use outlay_lake::ObjectsError;
use outlay_messages::PartMessage;
use outlay_runtime::{App, Message, MessageError, TenantData, Work};
use outlay_store::{
    Bill, Condition, Failure, Part, Rows, Source, Stage, StoreError, Tenant, Upload,
};

use crate::{
    reading::{self, HashedBill, Outcome},
    stages::{failure, is_left_alone, open_upload, refuse, send_commit, warning_of},
};

/// Works off the queue `parts`: reads one file of a delivery into bills that nobody sees yet.
pub fn handler(app: &'static App, message: Message) -> Work {
    Box::pin(async move {
        let part: PartMessage = serde_json::from_str(&message.body)?;
        transform(app, &part, message.deadline).await
    })
}

async fn transform(
    app: &App,
    message: &PartMessage,
    deadline: SystemTime,
) -> Result<(), MessageError> {
    let data = app.worker(&message.tenant_id).await?;
    let Some(upload) = open_upload(&data, &message.upload_id).await? else {
        return Ok(());
    };
    if is_left_alone(&data, &message.upload_id).await? {
        return Ok(());
    }
    let id = (message.upload_id.clone(), message.part);
    let Some(part) = data.table.get::<Part>(&id).await? else {
        return Ok(());
    };
    if upload.attempt != message.attempt || (part.attempt > message.attempt) {
        return Ok(());
    }
    if part.done && part.attempt == message.attempt {
        return send_commit(app, &data, &upload).await;
    }
    // Another worker reads this part now. If it dies, its own message comes back after its lease.
    // One that is done was read by an earlier attempt, whatever the clocks of two hosts say.
    if !part.done && part.leased_until > (app.clock)() {
        return Ok(());
    }
    let part = lease(&data, part, message.attempt, deadline).await?;
    let dir = tempfile::tempdir()?;
    match read(&data, &upload, dir.path()).await {
        Ok(outcome) => finish(app, &data, upload, part, outcome).await,
        Err(error) => match refusal(&upload, error) {
            Ok(failure) => refuse(app, &data, upload, failure).await,
            Err(error) => give_back(app, &data, part).await.and(Err(error)),
        },
    }
}

/// Takes the part until this invocation ends. Whoever took it before is fenced off by the epoch.
async fn lease(
    data: &TenantData,
    mut part: Part,
    attempt: u32,
    deadline: SystemTime,
) -> Result<Part, MessageError> {
    let held = Condition::number("epoch", part.epoch);
    part.epoch += 1;
    part.attempt = attempt;
    part.done = false;
    part.leased_until = Timestamp::try_from(deadline)?;
    data.table.writes().put(&part, held)?.commit().await?;
    Ok(part)
}

/// Ends the lease early, so that the next try need not wait for its end.
async fn give_back(app: &App, data: &TenantData, mut part: Part) -> Result<(), MessageError> {
    part.leased_until = (app.clock)();
    let held = Condition::number("epoch", part.epoch);
    match data.table.writes().put(&part, held)?.commit().await {
        Err(error) if !error.is_conflict() => Err(error.into()),
        _ => Ok(()),
    }
}

async fn read(
    data: &TenantData,
    upload: &Upload,
    dir: &std::path::Path,
) -> Result<Outcome, MessageError> {
    let tenant = data.table.get::<Tenant>(&()).await?;
    let tag_keys = tenant.map(|t| t.rollup_tag_keys).unwrap_or_default();
    let etag = upload
        .arrived
        .as_ref()
        .map(|a| a.etag.as_str())
        .unwrap_or_default();
    let file = data
        .objects
        .open_inbox(&upload.upload_id, &upload.file_name, etag)
        .await?;
    Ok(reading::read(file, upload.file_name.clone(), dir, tag_keys).await?)
}

/// The failure to show, where the file itself is at fault; otherwise the error, to try again.
fn refusal(upload: &Upload, error: MessageError) -> Result<Failure, MessageError> {
    if let Some(ObjectsError::Missing | ObjectsError::Changed) = error.downcast_ref() {
        let detail = "The file was removed or replaced after it arrived. Upload it again.";
        return Ok(failure(upload, "file-changed", detail));
    }
    match *error.downcast::<ReadError>()? {
        ReadError::Rejected(rejection) => Ok(refused(upload, rejection)),
        ReadError::Sink(error) => match error.downcast_ref().and_then(PartError::rejection) {
            Some(rejection) => Ok(refused(upload, rejection)),
            None => Err(error),
        },
        error @ ReadError::Io(_) => Err(error.into()),
    }
}

fn refused(upload: &Upload, rejection: Rejection) -> Failure {
    Failure {
        rule: rejection.rule.to_owned(),
        detail: rejection.detail,
        file: upload.file_name.clone(),
        row: rejection.row,
        column: rejection.column,
    }
}

/// Stores the bills aside, then writes that this part is done, in the same transaction as the
/// delivery's next stage. A worker that lost its lease meanwhile changes nothing.
async fn finish(
    app: &App,
    data: &TenantData,
    mut upload: Upload,
    mut part: Part,
    outcome: Outcome,
) -> Result<(), MessageError> {
    let now = (app.clock)();
    let mut sources = Vec::with_capacity(outcome.bills.len());
    let (mut bills, family) = (
        Vec::with_capacity(outcome.bills.len()),
        outcome.report.format.family(),
    );
    for hashed in outcome.bills {
        let (source, bill) = name(data.table.tenant(), &upload, hashed, family, now);
        sources.push(source);
        bills.push(bill);
    }
    let versions: Vec<VersionId> = bills
        .iter()
        .map(|(bill, _)| bill.version_id.clone())
        .collect();
    for (bill, files) in &bills {
        let rollup = tokio::fs::read(&files.rollup).await?;
        data.objects
            .put_lake_part(&bill.version_id, part.part, &files.parquet)
            .await?;
        data.objects
            .put_part_rollup(&bill.version_id, part.part, rollup)
            .await?;
        let evidence = evidence(&outcome.report, files)?.encode()?;
        data.objects
            .put_evidence(&bill.version_id, part.part, evidence)
            .await?;
    }
    remember(data, sources).await?;
    let leased = part.clone();
    part.done = true;
    part.leased_until = now;
    part.format = Some(outcome.report.format.to_string());
    part.rows = Some(Rows {
        read: outcome.report.rows_read,
        written: outcome.report.rows_written,
    });
    part.bills = bills.into_iter().map(|(bill, _)| bill).collect();
    let told = |warning| warning_of(&upload, warning);
    part.warnings = outcome.report.warnings.iter().map(told).collect();
    upload.stage = Some(Stage::Checking);
    upload.format.clone_from(&part.format);
    upload.rows = part.rows;
    let (held, condition) = (Condition::number("epoch", part.epoch), upload.revise(now));
    let writes = data
        .table
        .writes()
        .put(&part, held)?
        .put(&upload, condition)?;
    match writes.commit().await {
        Ok(()) => {}
        Err(StoreError::Conflict) => {
            give_back(app, data, leased).await?;
            return lost(data, &upload.upload_id, &versions).await;
        }
        Err(error) => return Err(error.into()),
    }
    send_commit(app, data, &upload).await
}

/// Somebody else went on with this delivery. If it was deleted, what was just stored goes too.
async fn lost(
    data: &TenantData,
    upload: &UploadId,
    versions: &[VersionId],
) -> Result<(), MessageError> {
    let current = data.table.get::<Upload>(upload).await?;
    if current.is_none_or(|u| u.deleted_at.is_some()) {
        for version in versions {
            data.objects.delete_version(version).await?;
        }
        return Ok(());
    }
    Err(StoreError::Conflict.into())
}

/// A source is written once, when its first bill is seen.
async fn remember(data: &TenantData, sources: Vec<Source>) -> Result<(), MessageError> {
    for source in sources {
        match data.table.writes().create(&source)?.commit().await {
            Err(error) if !error.is_conflict() => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Ids follow from what a bill is, so that a repeated stage writes the same keys.
fn name(
    tenant: &TenantId,
    upload: &Upload,
    hashed: HashedBill,
    family: &str,
    now: Timestamp,
) -> (Source, (Bill, PartBill)) {
    let HashedBill {
        bill: files,
        sha256,
    } = hashed;
    let apart = if upload.separated {
        upload.upload_id.as_str()
    } else {
        ""
    };
    let source_id = SourceId::derive(&[
        tenant.as_str(),
        &files.provider,
        &files.payer,
        family,
        apart,
    ]);
    let period = files.period.to_string();
    let bill = Bill {
        version_id: VersionId::derive(&[upload.upload_id.as_str(), source_id.as_str(), &period]),
        source_id: source_id.clone(),
        provider: files.provider.clone(),
        payer: files.payer.clone(),
        billing_period: files.period,
        rows: files.rows,
        totals: files.totals.clone(),
        residues: files.residues.clone(),
        content_sha256: sha256,
        unchanged: false,
        replaces: None,
    };
    let source = Source {
        source_id,
        provider: files.provider.clone(),
        payer: files.payer.clone(),
        format_family: family.to_owned(),
        created_at: now,
    };
    (source, (bill, files))
}

fn evidence<'r>(report: &'r ReadReport, bill: &PartBill) -> Result<&'r Evidence, MessageError> {
    let of_bill = |e: &&Evidence| e.is_of(&bill.provider, &bill.payer, bill.period);
    let found = report.evidence.iter().find(of_bill);
    found.ok_or_else(|| "a bill was written that nobody read".into())
}
