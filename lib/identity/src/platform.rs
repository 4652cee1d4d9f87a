use std::marker::PhantomData;

use outlay_core::{FamilyId, UserId};
use outlay_store::Actor;

use crate::PlatformPermission;

/// A global owner: operates the platform, belongs to no tenant. Comes out of a verified access token
/// and nowhere else.
#[derive(Debug, Clone)]
pub struct PlatformContext {
    user: UserId,
    session: FamilyId,
}

impl PlatformContext {
    pub(crate) fn of(user: UserId, session: FamilyId) -> Self {
        Self { user, session }
    }

    /// The person.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// The sign-in that this token belongs to.
    pub fn session(&self) -> &FamilyId {
        &self.session
    }

    /// Whom the audit names for what this caller does.
    pub fn actor(&self) -> Actor {
        Actor::platform_user(&self.user)
    }

    /// The caller with this permission: a global owner has them all.
    pub fn permitted<P: PlatformPermission>(self) -> PlatformCaller<P> {
        PlatformCaller {
            context: self,
            permission: PhantomData,
        }
    }
}

/// A global owner who has a permission of the platform. A handler under `/v1/admin` takes one, as others
/// take a [`crate::Caller`]; neither can be made of the other.
#[derive(Debug, Clone)]
pub struct PlatformCaller<P: PlatformPermission> {
    context: PlatformContext,
    permission: PhantomData<P>,
}

impl<P: PlatformPermission> std::ops::Deref for PlatformCaller<P> {
    type Target = PlatformContext;
    fn deref(&self) -> &PlatformContext {
        &self.context
    }
}
