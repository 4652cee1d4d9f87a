//! The first wing: inquiries from the public pages, stored and mailed.

pub mod create;
pub mod fallback;
