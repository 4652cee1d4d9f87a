use std::{panic::AssertUnwindSafe, process::ExitCode};

use futures::FutureExt;
use lambda_runtime::{LambdaEvent, service_fn};
use outlay_store::Change;
use serde::Deserialize;
use tokio::runtime::Builder;

use crate::{
    App, MessageError, Work,
    heartbeat::Heart,
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

/// Follows the table's stream until the container ends, with a sign of life at most once a minute: the monitor writes
/// a canary into the table, so that there is always something to follow. Not generic: every Lambda links the same code.
pub fn stream(follower: &'static str, handler: ChangeHandler) -> ExitCode {
    start::serve(Builder::new_current_thread(), async |app| {
        let heart: &'static Heart = Box::leak(Box::new(Heart::of(follower)));
        lambda_runtime::run(service_fn(move |event: LambdaEvent<Batch>| {
            batch(app, heart, handler, event.payload)
        }))
        .await
    })
}

/// One after the other. A failure fails the invocation, and Lambda brings the batch again, halved
/// (`BisectBatchOnFunctionError`): order is kept, and what was done before is done again in vain. Who is stuck gives no
/// sign of life: the canary waits behind what fails.
async fn batch(
    app: &'static App,
    heart: &Heart,
    handler: ChangeHandler,
    batch: Batch,
) -> Result<(), MessageError> {
    let count = batch.records.len();
    for record in batch.records {
        let change: Change = serde_json::from_value(record)?;
        if change.is_canary() {
            continue;
        }
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
    heart.beat(app).await;
    tracing::info!(changes = count, "changes done");
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::Config;

    fn batch_of(event: &str) -> Batch {
        serde_json::from_str(event).unwrap()
    }

    fn refusing(_: &'static App, _: Change) -> Work {
        Box::pin(async { Err("worked on".into()) })
    }

    #[tokio::test]
    async fn a_canary_is_seen_and_not_worked_on() {
        let app: &'static App = Box::leak(Box::new(App::start(Config::default()).await));
        let heart = Heart::of("follower");
        let canary = include_str!("../../../events/platform-directory.canary.json");
        let done = batch(app, &heart, refusing, batch_of(canary)).await;
        assert!(done.is_ok(), "{done:?}");
        let change = include_str!("../../../events/platform-directory.tenant-renamed.json");
        assert!(
            batch(app, &heart, refusing, batch_of(change))
                .await
                .is_err()
        );
        let mut both: Value = serde_json::from_str(change).unwrap();
        let canary: Value = serde_json::from_str(canary).unwrap();
        both["Records"]
            .as_array_mut()
            .unwrap()
            .push(canary["Records"][0].clone());
        let behind = batch_of(&both.to_string());
        assert!(batch(app, &heart, refusing, behind).await.is_err());
    }
}
