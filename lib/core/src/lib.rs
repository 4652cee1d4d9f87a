//! The words every other room uses: ids, exact money, billing periods and the clock.
//!
//! Nothing here is async and nothing here knows AWS.

mod clock;
mod ids;
pub mod money;
mod period;
mod totals;
mod unique;

pub use clock::{Clock, now};
pub use ids::{
    AuditId, FamilyId, IdError, IdentityId, InquiryId, InviteId, OffboardingId, PayerId, SourceId,
    TenantId, TokenId, UploadId, UserId, VersionId,
};
pub use money::{Decimal, MoneyError};
pub use period::{BillingPeriod, PeriodError};
pub use totals::{ColumnResidue, Totals};
pub use unique::Unique;
