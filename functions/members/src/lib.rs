//! The people of a company. *Members* is the team as everybody in it sees it: who is here and as
//! what; roles, leaving. *Users* is the same people as those who look after them see them: standing,
//! last sign-in, the account itself. *Invites* is who may join.

mod conditions;
mod invite;
pub mod invites_accept;
/// Somebody is invited.
pub mod invites_create;
/// Who is invited.
pub mod invites_list;
/// An invitation is taken back.
pub mod invites_revoke;
/// Who is here.
pub mod list;
mod person;
mod removal;
/// Somebody leaves or is taken out.
pub mod remove;
/// Somebody gets another role.
pub mod update;
/// An account is deleted.
pub mod users_delete;
/// One account.
pub mod users_get;
/// All accounts.
pub mod users_list;
/// An account is renamed, suspended or restored.
pub mod users_update;

pub use invite::Invitation;
pub use person::{Account, Person};
