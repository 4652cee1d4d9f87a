//! The end of a company: asked for by an owner, done by a worker, told by a receipt.

/// An owner asks for it.
pub mod begin;
mod erase;
/// How far it has come, and what was removed.
pub mod get;
mod people;
mod receipt;
/// Step by step until nothing is left.
pub mod work;

pub use receipt::Receipt;
