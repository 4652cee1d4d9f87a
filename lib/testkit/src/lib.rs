//! Bills with an oracle and a handle on the running local stack. A dev-dependency only.
//!
//! The oracle is computed apart: of the product's crates this one knows `outlay-core` alone.

pub mod account;
pub mod bill;
pub mod demo;
pub mod http;
pub mod operator;
pub mod resum;
pub mod sample;
pub mod stack;
mod wide;

pub use account::Account;
pub use http::{Answer, Request};
pub use operator::Operator;
pub use stack::Stack;
pub use wide::write_wide_cur;
