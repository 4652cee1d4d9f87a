use std::marker::PhantomData;

use outlay_core::{FamilyId, TenantId, UserId};
use outlay_store::Role;

use crate::{Permission, tokens::Claims};

/// Who is asking, and for which tenant. Comes out of a verified access token and nowhere else.
#[derive(Debug, Clone)]
pub struct TenantContext {
    tenant: TenantId,
    user: UserId,
    role: Role,
    session: FamilyId,
}

impl TenantContext {
    pub(crate) fn of(claims: Claims) -> Self {
        Self {
            tenant: claims.tenant_id,
            user: claims.sub,
            role: claims.role,
            session: claims.sid,
        }
    }

    /// Whose data the caller may reach.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// The person.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// What the person is in this tenant.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The sign-in that this token belongs to.
    pub fn session(&self) -> &FamilyId {
        &self.session
    }

    /// The caller with this permission, or `None` where the role lacks it.
    pub fn permitted<P: Permission>(self) -> Option<Caller<P>> {
        P::ROLES.contains(&self.role).then_some(Caller {
            context: self,
            permission: PhantomData,
        })
    }
}

/// A caller who has a permission. A handler that takes one cannot forget to ask.
#[derive(Debug, Clone)]
pub struct Caller<P: Permission> {
    context: TenantContext,
    permission: PhantomData<P>,
}

impl<P: Permission> std::ops::Deref for Caller<P> {
    type Target = TenantContext;
    fn deref(&self) -> &TenantContext {
        &self.context
    }
}
