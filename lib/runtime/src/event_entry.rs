use std::{future::Future, panic::AssertUnwindSafe, pin::Pin, process::ExitCode, time::Instant};

use futures::FutureExt;
use lambda_runtime::{LambdaEvent, service_fn};
use outlay_store::{RunOutcome, ScheduleRun};
use serde_json::Value;
use tokio::runtime::Builder;

use crate::{
    App, MessageError, heartbeat,
    start::{self, millis_since, panic_text},
    telemetry,
};

/// What a function promises that no request and no queue calls.
pub type Outcome = Pin<Box<dyn Future<Output = Result<Value, MessageError>> + Send>>;
/// Such a function: it is given the event as it came.
pub type EventHandler = fn(&'static App, Value) -> Outcome;

/// Serves direct invocations until the container ends: an operator of the AWS account calls it, whom IAM
/// lets. An error is the caller's to see, without its causes; those are in the log.
pub fn invoked(handler: EventHandler) -> ExitCode {
    serve(None, handler)
}

/// Serves a schedule until the container ends, and tells the platform of each run: when it began, how long
/// it took, what came of it. A failure is Lambda's to try again.
pub fn scheduled(name: &'static str, handler: EventHandler) -> ExitCode {
    serve(Some(name), handler)
}

fn serve(schedule: Option<&'static str>, handler: EventHandler) -> ExitCode {
    start::serve(Builder::new_current_thread(), async |app| {
        lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| {
            one(app, schedule, handler, event.payload)
        }))
        .await
    })
}

/// What the caller of a failed function is told.
const FAILED: &str = "the function failed; its log says why";

async fn one(
    app: &'static App,
    schedule: Option<&'static str>,
    handler: EventHandler,
    event: Value,
) -> Result<Value, &'static str> {
    let (began, started) = ((app.clock)(), Instant::now());
    let work = AssertUnwindSafe(async { handler(app, event).await });
    let outcome = match work.catch_unwind().await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(telemetry::chain(&*error)),
        Err(panic) => Err(panic_text(&*panic)),
    };
    let millis = millis_since(started);
    if let Some(name) = schedule {
        let run = ScheduleRun {
            schedule: name.to_owned(),
            began_at: began,
            ended_at: (app.clock)(),
            outcome: if outcome.is_ok() {
                RunOutcome::Done
            } else {
                RunOutcome::Failed
            },
        };
        heartbeat::tell(app, &run).await;
    }
    match outcome {
        Ok(answer) => {
            tracing::info!(duration.ms = millis, "event done");
            Ok(answer)
        }
        Err(cause) => {
            tracing::error!(duration.ms = millis, cause, "event failed");
            Err(FAILED)
        }
    }
}
