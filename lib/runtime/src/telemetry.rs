use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use crate::config::{Config, Variable};

/// JSON lines to standard output, as Lambda's JSON log format expects them.
pub(crate) fn start(config: &Config) {
    let level = config
        .get(Variable::LogLevel)
        .unwrap_or("info")
        .to_lowercase();
    let filter = EnvFilter::new(filter(&level));
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

/// The level is for our own crates, which log no secrets at any level. Of others it is warnings, and of the runtime of
/// Lambda the span that names the invocation: below, they trace whole events and requests, with passwords and tokens.
fn filter(level: &str) -> String {
    let [others, runtime] = match level {
        "error" => ["error", "error"],
        "warn" => ["warn", "warn"],
        _ => ["warn", "info"],
    };
    format!("{others},lambda_runtime={runtime},outlay={level}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_is_for_our_own_crates() {
        for (level, whole) in [
            ("trace", "warn,lambda_runtime=info,outlay=trace"),
            ("info", "warn,lambda_runtime=info,outlay=info"),
            ("warn", "warn,lambda_runtime=warn,outlay=warn"),
            ("error", "error,lambda_runtime=error,outlay=error"),
        ] {
            assert_eq!(filter(level), whole);
        }
        assert!(module_path!().starts_with("outlay"));
    }
}
