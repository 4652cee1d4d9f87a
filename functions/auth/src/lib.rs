//! Accounts: register, verify, sign in, refresh, sign out, passwords, sessions. One file per route;
//! the other files are what several routes share.

mod cookies;
mod families;
mod founding;
mod notices;
mod opening;
mod origin;
mod passwords;
mod registrations;
mod resets;
mod rotation;
#[cfg(test)]
mod rotation_model;
mod session;

pub mod audit;
pub mod identities_list;
pub mod identities_unlink;
pub mod jwks;
pub mod login;
pub mod logout;
pub mod me;
pub mod me_update;
pub mod oidc;
pub mod oidc_exchange;
pub mod password_change;
pub mod password_forgot;
pub mod password_reset;
pub mod refresh;
pub mod register;
pub mod sessions_list;
pub mod sessions_revoke;
pub mod switch;
pub mod verify;
pub mod verify_resend;

pub use session::{Person, SessionBody, TenantBody};
