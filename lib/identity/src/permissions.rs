use outlay_store::Role;

use crate::Module;

/// What a handler demands of its caller, as the type of an argument: it cannot be forgotten.
pub trait Permission: Send + Sync + 'static {
    /// The permission as a value.
    const DEMAND: Demand;
}

/// A permission as a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    /// `<domain>:<verb>`.
    pub name: &'static str,
    /// The part of the product that it belongs to.
    pub module: Module,
    /// What is done with it.
    pub access: Access,
    /// The roles that have it.
    pub roles: &'static [Role],
}

/// What is done with a permission; it decides how closely the caller is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Data are read: what the access token says of its person holds, for a quarter of an hour.
    Read,
    /// Something is changed: session, person, membership and company are looked up.
    Change,
    /// People are looked after: looked up as for a change, though nothing may change.
    Administer,
}

impl Demand {
    /// Whether session, person and membership are looked up, instead of relying on the access token.
    pub fn is_checked(&self) -> bool {
        self.access != Access::Read
    }

    /// Whether this role has it.
    pub fn is_of(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether an API token may have it. A person's own account is for the person, and a token that
    /// makes tokens would outlive its own revocation.
    pub fn is_for_tokens(&self) -> bool {
        self.module != Module::Account && *self != TokensWrite::DEMAND
    }
}

const EVERYBODY: &[Role] = &[Role::Owner, Role::Admin, Role::Member, Role::Viewer];
const WORKERS: &[Role] = &[Role::Owner, Role::Admin, Role::Member];
const ADMINS: &[Role] = &[Role::Owner, Role::Admin];

macro_rules! permissions {
    ($($(#[$doc:meta])* $kind:ident = $name:literal of $module:ident, $access:ident, to $roles:expr;)*) => {
        $($(#[$doc])* #[derive(Debug, Clone, Copy)] pub struct $kind;
        impl Permission for $kind {
            const DEMAND: Demand = Demand {
                name: $name,
                module: Module::$module,
                access: Access::$access,
                roles: $roles,
            };
        })*

        /// Every permission, in alphabetical order of the names.
        pub const PERMISSIONS: &[Demand] = &[$($kind::DEMAND),*];
    };
}

permissions! {
    /// See one's own account.
    AccountRead = "account:read" of Account, Read, to EVERYBODY;
    /// Change one's own account: password, sessions, the company one works in.
    AccountWrite = "account:write" of Account, Change, to EVERYBODY;
    /// See who did what.
    AuditRead = "audit:read" of Audit, Administer, to ADMINS;
    /// Ask what was spent.
    CostsRead = "costs:read" of Costs, Read, to EVERYBODY;
    /// Leave the company.
    MembersLeave = "members:leave" of Company, Change, to EVERYBODY;
    /// See who is in the company, and as what.
    MembersRead = "members:read" of Company, Read, to EVERYBODY;
    /// Invite people, change their roles, take them out.
    MembersWrite = "members:write" of Company, Change, to ADMINS;
    /// End the company.
    TenantDelete = "tenant:delete" of Company, Change, to &[Role::Owner];
    /// See the company, what it has and what it uses.
    TenantRead = "tenant:read" of Company, Read, to EVERYBODY;
    /// Change the company's name and settings.
    TenantWrite = "tenant:write" of Company, Change, to ADMINS;
    /// See the company's API tokens.
    TokensRead = "tokens:read" of Tokens, Administer, to WORKERS;
    /// Make and revoke API tokens.
    TokensWrite = "tokens:write" of Tokens, Change, to WORKERS;
    /// See deliveries.
    UploadsRead = "uploads:read" of Uploads, Read, to EVERYBODY;
    /// Bring bills in, decide conflicts, take bills out.
    UploadsWrite = "uploads:write" of Uploads, Change, to WORKERS;
    /// See the accounts of the company's people.
    UsersRead = "users:read" of Company, Administer, to ADMINS;
    /// Rename, suspend, restore and delete the accounts of the company's people.
    UsersWrite = "users:write" of Company, Change, to ADMINS;
}

/// The names of all permissions of a role.
pub fn permissions_of(role: Role) -> Vec<&'static str> {
    let of_role = PERMISSIONS.iter().filter(|demand| demand.is_of(role));
    of_role.map(|demand| demand.name).collect()
}

/// Whether one of `role` may make somebody one of `other`, or stop somebody being one: nobody
/// gives or takes what is above oneself.
pub fn may_govern(role: Role, other: Role) -> bool {
    rank(role) >= rank(other)
}

fn rank(role: Role) -> u8 {
    match role {
        Role::Owner => 3,
        Role::Admin => 2,
        Role::Member => 1,
        Role::Viewer => 0,
    }
}

/// What a handler under `/v1/admin` demands of its caller, as the type of an argument.
pub trait PlatformPermission: Send + Sync + 'static {
    /// `platform:<verb>`.
    const NAME: &'static str;
}

/// Look at tenants, people, logs and the state of the platform.
#[derive(Debug, Clone, Copy)]
pub struct PlatformRead;

/// Suspend and restore, configure, start schedules.
#[derive(Debug, Clone, Copy)]
pub struct PlatformManage;

impl PlatformPermission for PlatformRead {
    const NAME: &'static str = "platform:read";
}

impl PlatformPermission for PlatformManage {
    const NAME: &'static str = "platform:manage";
}

/// What a global owner may do.
pub fn platform_permissions() -> Vec<&'static str> {
    vec![PlatformRead::NAME, PlatformManage::NAME]
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 4] = [Role::Viewer, Role::Member, Role::Admin, Role::Owner];

    #[test]
    fn a_viewer_changes_nothing_but_itself() {
        assert_eq!(
            permissions_of(Role::Viewer),
            [
                "account:read",
                "account:write",
                "costs:read",
                "members:leave",
                "members:read",
                "tenant:read",
                "uploads:read"
            ]
        );
        assert_eq!(permissions_of(Role::Owner).len(), PERMISSIONS.len());
    }

    #[test]
    fn a_higher_role_has_what_a_lower_one_has() {
        for pair in ROLES.windows(2) {
            let higher = permissions_of(pair[1]);
            assert!(
                permissions_of(pair[0])
                    .iter()
                    .all(|name| higher.contains(name))
            );
            assert!(may_govern(pair[1], pair[0]) && !may_govern(pair[0], pair[1]));
        }
        assert!(ROLES.into_iter().all(|role| may_govern(role, role)));
    }

    #[test]
    fn names_are_in_order_and_say_what_is_done() {
        assert!(PERMISSIONS.is_sorted_by_key(|demand| demand.name));
        for demand in PERMISSIONS {
            let reads = demand.name.ends_with(":read");
            assert_eq!(reads, demand.access != Access::Change, "{}", demand.name);
        }
    }

    #[test]
    fn a_token_makes_no_tokens_and_has_no_account() {
        for name in ["account:read", "account:write", "tokens:write"] {
            let demand = PERMISSIONS.iter().find(|demand| demand.name == name);
            assert!(!demand.unwrap().is_for_tokens(), "{name}");
        }
        assert!(TokensRead::DEMAND.is_for_tokens() && CostsRead::DEMAND.is_for_tokens());
    }
}
