use std::{panic::AssertUnwindSafe, process::ExitCode};

use futures::FutureExt;
use lambda_runtime::{LambdaEvent, service_fn};
use outlay_store::Change;
use serde::Deserialize;
use tokio::runtime::Builder;

use crate::{
    App, MessageError, Work,
    start::{self, panic_text},
    telemetry,
};

/// What follows the table: what template.yaml points at, as a plain function.
pub type ChangeHandler = fn(&'static App, Change) -> Work;

/// Changes as Lambda hands them over. Each is read for itself.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Batch {
    records: Vec<serde_json::Value>,
}

/// Follows the table's stream until the container ends. Not generic: every Lambda links the same code.
pub fn stream(handler: ChangeHandler) -> ExitCode {
    start::serve(Builder::new_current_thread(), async |app| {
        lambda_runtime::run(service_fn(move |event: LambdaEvent<Batch>| {
            batch(app, handler, event.payload)
        }))
        .await
    })
}

/// One after the other. A failure fails the invocation, and Lambda brings the batch again, halved
/// (`BisectBatchOnFunctionError`): order is kept, and what was done before is done again in vain.
async fn batch(
    app: &'static App,
    handler: ChangeHandler,
    batch: Batch,
) -> Result<(), MessageError> {
    let count = batch.records.len();
    for record in batch.records {
        let change: Change = serde_json::from_value(record)?;
        let number = change.sequence_number().to_owned();
        let work = AssertUnwindSafe(async { handler(app, change).await });
        let outcome = work.catch_unwind().await;
        let outcome = outcome.unwrap_or_else(|panic| Err(panic_text(&*panic).into()));
        if let Err(error) = outcome {
            let cause = telemetry::chain(&*error);
            tracing::error!(change.sequence = number, cause, "change failed");
            return Err(error);
        }
    }
    tracing::info!(changes = count, "changes done");
    Ok(())
}
