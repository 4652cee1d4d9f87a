//! Companies: a further one, and the one that the caller works in: itself, what it has, what it uses.

/// What it has of the product.
pub mod capabilities;
mod company;
/// A further company.
pub mod create;
/// The company.
pub mod get;
/// Its name and settings.
pub mod update;
/// What it uses.
pub mod usage;

pub use company::Company;
