//! The company that the caller works in: itself, what it has, what it uses.

/// What it has of the product.
pub mod capabilities;
mod company;
/// The company.
pub mod get;
/// Its name and settings.
pub mod update;
/// What it uses.
pub mod usage;

pub use company::Company;
