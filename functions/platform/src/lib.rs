//! The platform itself: health, the answer to unknown paths, and what follows the table's stream.

pub mod audit_copy;
pub mod directory;
mod endings;
pub mod fallback;
pub mod health;
pub mod monitor;
mod watch;
