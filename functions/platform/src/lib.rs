//! The platform itself: health, and the answer to unknown paths.

pub mod fallback;
pub mod health;
pub mod monitor;
mod watch;
