use std::marker::PhantomData;

use jiff::Timestamp;
use outlay_core::{FamilyId, TenantId, TokenId, UserId};
use outlay_store::{Actor, ApiToken, Member, Role};

use crate::{AddressedSecret, Demand, Permission, PlatformContext};

/// Whom an access token proves: somebody in a tenant, or a global owner, who is in none.
#[derive(Debug, Clone)]
pub enum Principal {
    /// Somebody in a tenant.
    Tenant(TenantContext),
    /// A global owner.
    Platform(PlatformContext),
}

impl Principal {
    /// The person.
    pub fn user(&self) -> &UserId {
        match self {
            Self::Tenant(context) => context.user(),
            Self::Platform(context) => context.user(),
        }
    }

    /// The sign-in that an access token belongs to; an API token has none.
    pub fn session(&self) -> Option<&FamilyId> {
        match self {
            Self::Tenant(context) => context.session(),
            Self::Platform(context) => Some(context.session()),
        }
    }

    /// Whom the audit names for what this caller does.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Tenant(context) => context.actor(),
            Self::Platform(context) => context.actor(),
        }
    }
}

/// Who is asking, and for which tenant. Comes out of a verified access token or of an API token
/// whose hash was found, and of nothing else.
#[derive(Debug, Clone)]
pub struct TenantContext {
    tenant: TenantId,
    user: UserId,
    role: Role,
    by: By,
}

/// What proved who is asking.
#[derive(Debug, Clone)]
enum By {
    Session { family: FamilyId, until: Timestamp },
    Token { id: TokenId, scopes: Vec<String> },
}

impl TenantContext {
    pub(crate) fn of(
        tenant: TenantId,
        user: UserId,
        role: Role,
        family: FamilyId,
        until: Timestamp,
    ) -> Self {
        Self {
            tenant,
            user,
            role,
            by: By::Session { family, until },
        }
    }

    /// Who an API token acts for: its maker, as what the maker is now, narrowed to its scopes.
    /// `None` where the secret is not this token's, or the membership not its maker's.
    pub fn of_token(
        secret: &AddressedSecret<TokenId>,
        stored: &ApiToken,
        maker: &Member,
    ) -> Option<Self> {
        let own = secret.opens(&stored.secret_hash)
            && *secret.id() == stored.token_id
            && stored.created_by == maker.user_id;
        own.then(|| Self {
            tenant: secret.tenant().clone(),
            user: maker.user_id.clone(),
            role: maker.role,
            by: By::Token {
                id: stored.token_id.clone(),
                scopes: stored.scopes.clone(),
            },
        })
    }

    /// The same caller as what the person is now, whatever the access token says. `None` where the
    /// membership is another's.
    pub fn as_now(self, member: &Member) -> Option<Self> {
        (member.user_id == self.user).then_some(Self {
            role: member.role,
            ..self
        })
    }

    /// Whose data the caller may reach.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// The person.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// Whom the audit names for what this caller does.
    pub fn actor(&self) -> Actor {
        match &self.by {
            By::Session { .. } => Actor::user(&self.user),
            By::Token { id, .. } => Actor::token(id),
        }
    }

    /// What the person is in this tenant.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The sign-in that an access token belongs to; an API token has none.
    pub fn session(&self) -> Option<&FamilyId> {
        match &self.by {
            By::Session { family, .. } => Some(family),
            By::Token { .. } => None,
        }
    }

    /// When the access token ends; an API token has its end in the table.
    pub fn until(&self) -> Option<Timestamp> {
        match self.by {
            By::Session { until, .. } => Some(until),
            By::Token { .. } => None,
        }
    }

    /// The API token that acts for the person, if one does.
    pub fn token(&self) -> Option<&TokenId> {
        match &self.by {
            By::Session { .. } => None,
            By::Token { id, .. } => Some(id),
        }
    }

    /// Whether the caller has a permission: by the role, and within the scopes of an API token.
    pub fn may(&self, demand: &Demand) -> bool {
        let in_scope = match &self.by {
            By::Session { .. } => true,
            By::Token { scopes, .. } => {
                demand.is_for_tokens() && scopes.iter().any(|scope| scope == demand.name)
            }
        };
        in_scope && demand.is_of(self.role)
    }

    /// The caller with this permission, or `None` where the caller lacks it.
    pub fn permitted<P: Permission>(self) -> Option<Caller<P>> {
        self.may(&P::DEMAND).then_some(Caller {
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

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use outlay_store::Standing;

    use super::*;
    use crate::{AccountRead, CostsRead, PERMISSIONS, TokensWrite, UploadsWrite};

    fn member(role: Role) -> Member {
        Member {
            user_id: UserId::derive(&["maker"]),
            role,
            standing: Standing::Active,
            name: String::new(),
            email: String::new(),
            joined_at: Timestamp::UNIX_EPOCH,
            revision: 1,
        }
    }

    fn token(secret: &AddressedSecret<TokenId>, scopes: &[&str]) -> ApiToken {
        ApiToken {
            token_id: secret.id().clone(),
            name: String::new(),
            scopes: scopes.iter().map(ToString::to_string).collect(),
            secret_hash: secret.hash(),
            created_by: UserId::derive(&["maker"]),
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn secret() -> AddressedSecret<TokenId> {
        AddressedSecret::mint(&TenantId::mint(), &TokenId::mint()).unwrap()
    }

    #[test]
    fn a_token_may_what_its_scopes_and_its_maker_both_may() {
        let secret = secret();
        let stored = token(&secret, &["costs:read", "uploads:write"]);
        let of = |role| TenantContext::of_token(&secret, &stored, &member(role)).unwrap();
        let owner = of(Role::Owner);
        assert!(owner.may(&CostsRead::DEMAND) && owner.may(&UploadsWrite::DEMAND));
        assert_eq!(PERMISSIONS.iter().filter(|d| owner.may(d)).count(), 2);
        let viewer = of(Role::Viewer);
        assert!(viewer.may(&CostsRead::DEMAND) && !viewer.may(&UploadsWrite::DEMAND));
        assert!(viewer.session().is_none() && viewer.token() == Some(secret.id()));
    }

    #[test]
    fn a_scope_that_no_token_may_have_gives_nothing() {
        let secret = secret();
        let stored = token(&secret, &["account:read", "tokens:write"]);
        let context = TenantContext::of_token(&secret, &stored, &member(Role::Owner)).unwrap();
        assert!(!context.may(&AccountRead::DEMAND) && !context.may(&TokensWrite::DEMAND));
    }

    #[test]
    fn another_secret_or_another_maker_is_nobody() {
        let (right, wrong) = (secret(), secret());
        let stored = token(&right, &["costs:read"]);
        assert!(TenantContext::of_token(&wrong, &stored, &member(Role::Owner)).is_none());
        let mut other = member(Role::Owner);
        other.user_id = UserId::derive(&["other"]);
        assert!(TenantContext::of_token(&right, &stored, &other).is_none());
        let context = TenantContext::of_token(&right, &stored, &member(Role::Owner)).unwrap();
        assert!(context.as_now(&other).is_none());
    }
}
