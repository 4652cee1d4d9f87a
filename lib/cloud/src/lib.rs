//! Sessions in AWS accounts: role sessions tagged with their tenant, and their cache.

mod sessions;

pub use sessions::{CloudError, SessionTags, Sessions, Unkept};
