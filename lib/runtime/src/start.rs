//! What every Lambda does first, and how it ends.

use std::{any::Any, future::Future, process::ExitCode, time::Instant};

use tokio::runtime::Builder;

use crate::{App, Config, telemetry};

/// Starts the function and serves until the container ends.
pub(crate) fn serve<F, Fut>(mut threads: Builder, run: F) -> ExitCode
where
    F: FnOnce(&'static App) -> Fut,
    Fut: Future<Output = Result<(), lambda_runtime::Error>>,
{
    let config = Config::from_env();
    telemetry::start(&config);
    let Ok(runtime) = threads.enable_all().build() else {
        return ExitCode::FAILURE;
    };
    let served = runtime.block_on(async {
        // One per process, until the process ends.
        run(Box::leak(Box::new(App::start(config).await))).await
    });
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let cause = telemetry::chain(&*error);
            tracing::error!(cause, "the runtime API was lost: this container ends");
            ExitCode::FAILURE
        }
    }
}

/// Milliseconds since then, for the log.
pub(crate) fn millis_since(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panic: {}", text.unwrap_or_default())
}
