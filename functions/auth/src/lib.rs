//! Accounts: register, verify, sign in, refresh, sign out. One file per route; the other files are
//! what several routes share.

mod cookies;
mod origin;
mod rotation;
mod session;
mod throttle;

pub mod jwks;
pub mod login;
pub mod logout;
pub mod me;
pub mod refresh;
pub mod register;
pub mod verify;

pub use session::{Person, SessionBody, TenantBody};
