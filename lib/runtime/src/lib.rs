//! What every function starts with: configuration, clients once per cold start, telemetry, and one
//! entry point per kind of event. None of it is generic, so that a further Lambda links quickly.

mod app;
mod authorised;
mod callers;
mod config;
mod edge;
mod event_entry;
mod fallback;
mod heartbeat;
mod http_entry;
mod kept;
mod limits;
mod operating;
mod sqs_entry;
mod start;
mod stream_entry;
mod telemetry;
mod trail;

pub use app::{App, AppError, COUNTING, TenantData};
pub use authorised::{authorised, caller_if_any, public, signed_in};
pub use callers::{demand_active, demand_room_for_company};
pub use config::{Config, MissingVariable, Variable};
pub use event_entry::{EventHandler, Outcome, invoked, scheduled};
pub use fallback::fallback;
pub use http_entry::{Handler, http};
pub use operating::operating;
pub use sqs_entry::{Message, MessageError, MessageHandler, Work, sqs};
pub use stream_entry::{ChangeHandler, stream};
pub use trail::Trail;
