//! The end of a company: asked for by an owner, done by a worker, told by a receipt. The worker also removes
//! what is left of a person whose account was deleted.

/// An owner asks for it.
pub mod begin;
mod erase;
/// How far it has come, and what was removed.
pub mod get;
mod left;
mod people;
mod receipt;
/// Step by step until nothing is left.
pub mod work;

pub use receipt::Receipt;
