use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use crate::config::{Config, Variable};

/// JSON lines to standard output, as Lambda's JSON log format expects them.
pub(crate) fn start(config: &Config) {
    let level = config
        .get(Variable::LogLevel)
        .unwrap_or("info")
        .to_lowercase();
    let filter = EnvFilter::new(format!("{level},aws_config=warn,hyper=warn,rustls=warn"));
    let json = fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_target(false);
    let _ = tracing_subscriber::registry()
        .with(filter)
        .with(json)
        .try_init();
}

/// The error and all its causes, in one line.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
