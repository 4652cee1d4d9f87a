//! API tokens: a program that acts for the person who made the token, within its scopes.

/// A token is made.
pub mod create;
/// The tokens that work.
pub mod list;
/// A token is taken back.
pub mod revoke;
mod token;

pub use token::Token;
