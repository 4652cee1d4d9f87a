//! The global owner's area. One file per route; the other files are what several routes share.

mod action;
mod config;
mod pages;
mod schedules;
mod sla;
mod tenants;
mod users;

pub mod audit_list;
pub mod bootstrap;
pub mod config_get;
pub mod config_put;
pub mod health;
pub mod import;
pub mod logs;
pub mod owners_accept;
pub mod stats;
pub mod sync_list;
pub mod sync_start;
pub mod tenants_get;
pub mod tenants_list;
pub mod tenants_restore;
pub mod tenants_suspend;
pub mod tenants_update;
pub mod users_get;
pub mod users_list;
pub mod users_restore;
pub mod users_suspend;

pub use config::{ConfigBody, ConfigPut};
pub use tenants::{CompanyDetail, CompanySummary, StandingChange};
pub use users::{AccountDetail, AccountSummary};
