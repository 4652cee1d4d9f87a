//! What the proof of isolation knows of every operation: who may call it, and how a valid call is made.
//!
//! An operation of `frontend/openapi.json` without an entry in [`cases`] fails `lib/contract` and the matrix in
//! `tests/stack/proof`. docs/adding-a-route.md says how to write one.

mod attacker;
mod case;
mod cases;
mod document;
pub mod hostile;
mod measured;

pub use attacker::Attacker;
pub use case::{ADMINS, Case, EVERYBODY, Kind, OWNERS, Own, WORKERS, Who};
pub use cases::cases;
pub use document::{Operation, operations};
pub use measured::{Figure, is_measuring, measured};
