//! What the table holds, an entity a file.

mod access;
mod accounts;
mod audit;
mod bills;
mod directory;
mod identities;
mod inquiry;
mod limits;
mod offboarding;
mod operations;
mod owners;
mod tenants;
mod uploads;

pub use access::{ApiToken, Invite, SignIn, TokenUse};
pub use accounts::{
    Counted, EmailGuard, MailedCode, PasswordReset, PendingRegistration, REGISTRATION_WAITS,
    Session, Throttle, User, UserTenant,
};
pub use audit::{Actor, ActorKind, AuditEntry, AuditLog, Origin, Target};
pub use bills::{ActiveVersion, Source, VersionRecord};
pub use directory::{DirectoryTenant, DirectoryUser};
pub use identities::{IdentityGuard, SpentToken, UserIdentity};
pub use inquiry::Inquiry;
pub use limits::RequestLimits;
pub use offboarding::{AuditKey, Offboarding, OffboardingStage};
pub use operations::{
    Downtime, Heartbeat, PlatformConfig, QueueDepth, RunOutcome, ScheduleRun, ServiceState,
};
pub use owners::{FirstOwner, GlobalOwner, PendingOwner, UserPlatform};
pub use tenants::{Member, Profile, Role, Standing, Tenant};
pub use uploads::{
    Arrived, Bill, Failure, OnConflict, Part, Place, Replaced, Rows, Stage, Status, Upload, Warning,
};

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use crate::Key;

/// A kind of item: how it is keyed and whose it is.
pub trait Entity: Serialize + DeserializeOwned + Send + Sync {
    /// Value of the `entity` attribute.
    const ENTITY: &'static str;
    /// What the sort keys of this kind begin with.
    const PREFIX: &'static str;
    /// `TenantId` for a tenant's things, `()` for the registry's and the platform's.
    type Owner;
    /// What tells one from another.
    type Id;

    /// This item's id.
    fn id(&self) -> Self::Id;
    /// The key of an id.
    fn key(owner: &Self::Owner, id: &Self::Id) -> Key;
    /// When DynamoDB may delete it; readers must still check, deletion is late.
    fn expires_at(&self) -> Option<Timestamp> {
        None
    }
}
