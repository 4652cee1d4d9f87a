//! The audit: who did what, when, from where.

/// Entries of the company's log.
pub mod list;
