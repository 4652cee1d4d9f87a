//! The single table: its keys, its entities, and the handles through which alone they are reached.
//!
//! A [`TenantTable`] is bound to one tenant: no key of another can be expressed through it, and the
//! session credentials inside its client refuse one that could (DESIGN section 9).

mod elsewhere;
mod entities;
mod error;
mod founding;
pub mod keys;
mod offboarding;
mod stream;
mod table;
mod writes;

pub use elsewhere::Elsewhere;
pub use entities::*;
pub use error::StoreError;
pub use keys::{EmailHash, Key, SubjectHash};
pub use offboarding::ErasingTable;
pub use stream::Change;
pub use table::{AuditPortion, Listing, OperatorTable, PlatformTable, RegistryTable, TenantTable};
pub use writes::{Condition, TRIES, Writes};
