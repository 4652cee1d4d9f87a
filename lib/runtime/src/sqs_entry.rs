use std::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    process::ExitCode,
    time::{Duration, Instant, SystemTime},
};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures::FutureExt;
use lambda_runtime::{LambdaEvent, service_fn};

use outlay_messages::PROBE;
use tokio::runtime::Builder;

use crate::{
    App, Variable,
    heartbeat::Heart,
    start::{self, millis_since, panic_text},
    telemetry,
};

/// Why a message is to be tried again. What can never work is not an error: the handler says so
/// where the customer sees it, and the message is done.
pub type MessageError = Box<dyn std::error::Error + Send + Sync>;
/// What a message handler promises.
pub type Work = Pin<Box<dyn Future<Output = Result<(), MessageError>> + Send>>;
/// A stage: what template.yaml points at, as a plain function.
pub type MessageHandler = fn(&'static App, Message) -> Work;

/// Work still running this long before the function's end is given back to the queue.
const RESERVE: Duration = Duration::from_secs(2);
/// The longest wait before another try; SQS allows 12 hours.
const MAX_BACKOFF_SECONDS: u64 = 900;

/// A message as a stage sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its text.
    pub body: String,
    /// How often it was received, this time included.
    pub received: u32,
    /// When the work is given back to the queue if it is not done.
    pub deadline: SystemTime,
}

/// Works off a queue until the container ends: each message for itself, failures given back with a
/// growing wait, panics caught, with a sign of life at most once a minute. Not generic: every Lambda
/// links the same code.
pub fn sqs(worker: &'static str, handler: MessageHandler) -> ExitCode {
    // Stages hand blocking work to threads, so that the clock and the lease go on.
    let mut threads = Builder::new_multi_thread();
    threads.worker_threads(2);
    start::serve(threads, async |app| {
        let heart: &'static Heart = Box::leak(Box::new(Heart::of(worker)));
        lambda_runtime::run(service_fn(move |event: LambdaEvent<SqsEvent>| {
            batch(app, heart, handler, event)
        }))
        .await
    })
}

async fn batch(
    app: &'static App,
    heart: &Heart,
    handler: MessageHandler,
    event: LambdaEvent<SqsEvent>,
) -> Result<SqsBatchResponse, std::convert::Infallible> {
    let deadline = event.context.deadline() - RESERVE;
    let mut failed = SqsBatchResponse::default();
    for record in event.payload.records {
        // What asks for a sign of life is answered by the beat below.
        if record.body.as_deref() == Some(PROBE) {
            continue;
        }
        let work = one(app, handler, &record, deadline);
        if heart.beating(app, work).await.is_err() {
            back_off(app, &record).await;
            failed.add_failure(record.message_id.unwrap_or_default());
        }
    }
    heart.beat(app).await;
    Ok(failed)
}

async fn one(
    app: &'static App,
    handler: MessageHandler,
    record: &SqsMessage,
    deadline: SystemTime,
) -> Result<(), ()> {
    let (started, received) = (Instant::now(), receive_count(record));
    let body = record.body.clone().unwrap_or_default();
    let left = deadline
        .duration_since(SystemTime::now())
        .unwrap_or_default();
    let work = AssertUnwindSafe(async {
        handler(
            app,
            Message {
                body,
                received,
                deadline,
            },
        )
        .await
    });
    let outcome = tokio::time::timeout(left, work.catch_unwind()).await;
    let failure = match outcome {
        Ok(Ok(Ok(()))) => None,
        Ok(Ok(Err(error))) => Some(telemetry::chain(&*error)),
        Ok(Err(panic)) => Some(panic_text(&*panic)),
        Err(_) => Some("out of time".to_owned()),
    };
    let id = record.message_id.as_deref().unwrap_or_default();
    let millis = millis_since(started);
    if let Some(cause) = failure {
        tracing::error!(
            message.id = id,
            message.received = received,
            duration.ms = millis,
            cause,
            "message failed"
        );
        return Err(());
    }
    tracing::info!(
        message.id = id,
        message.received = received,
        duration.ms = millis,
        "message done"
    );
    Ok(())
}

fn receive_count(record: &SqsMessage) -> u32 {
    let count = record.attributes.get("ApproximateReceiveCount");
    count.and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// Waits 5 s x 2^n before the next try, where 5 s is configured. A queue that cannot be told so
/// tries again after its own visibility timeout.
async fn back_off(app: &App, record: &SqsMessage) {
    let (Ok(url), Ok(base)) = (
        app.config.get(Variable::SourceQueueUrl),
        app.config.seconds(Variable::RetryBaseSeconds),
    ) else {
        return;
    };
    let told = app
        .sqs()
        .change_message_visibility()
        .queue_url(url)
        .set_receipt_handle(record.receipt_handle.clone())
        .visibility_timeout(backoff_seconds(base.as_secs(), receive_count(record)))
        .send()
        .await;
    if let Err(error) = told {
        tracing::warn!(cause = telemetry::chain(&error), "backoff could not be set");
    }
}

fn backoff_seconds(base: u64, received: u32) -> i32 {
    let factor = 1_u64
        .checked_shl(received.saturating_sub(1).min(32))
        .unwrap_or(u64::MAX);
    let seconds = base.saturating_mul(factor).min(MAX_BACKOFF_SECONDS);
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i32> = [1, 2, 3, 4, 10, u32::MAX]
            .map(|n| backoff_seconds(5, n))
            .into();
        assert_eq!(waits, [5, 10, 20, 40, 900, 900]);
    }
}
