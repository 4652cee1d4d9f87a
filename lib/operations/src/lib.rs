//! What only those who operate the platform need of AWS: its logs, and starting a function now.

mod functions;
mod logs;

pub use functions::{Functions, StartError};
pub use logs::{LogEvent, LogSpan, Logs, LogsError};
