use outlay_store::Role;

/// What a handler demands of its caller, as the type of an argument: it cannot be forgotten.
pub trait Permission: Send + Sync + 'static {
    /// `<domain>:<verb>`.
    const NAME: &'static str;
    /// The roles that have it.
    const ROLES: &'static [Role];
}

const EVERYBODY: &[Role] = &[Role::Owner, Role::Admin, Role::Member, Role::Viewer];
const WORKERS: &[Role] = &[Role::Owner, Role::Admin, Role::Member];

macro_rules! permissions {
    ($($(#[$doc:meta])* $kind:ident = $name:literal to $roles:expr;)*) => {
        $($(#[$doc])* #[derive(Debug, Clone, Copy)] pub struct $kind;
        impl Permission for $kind {
            const NAME: &'static str = $name;
            const ROLES: &'static [Role] = $roles;
        })*

        /// The names of all permissions of a role.
        pub fn permissions_of(role: Role) -> Vec<&'static str> {
            [$(($kind::NAME, $kind::ROLES)),*]
                .into_iter()
                .filter(|(_, roles)| roles.contains(&role))
                .map(|(name, _)| name)
                .collect()
        }
    };
}

permissions! {
    /// See one's own account.
    AccountRead = "account:read" to EVERYBODY;
    /// Ask what was spent.
    CostsRead = "costs:read" to EVERYBODY;
    /// See deliveries.
    UploadsRead = "uploads:read" to EVERYBODY;
    /// Bring bills in, decide conflicts, take bills out.
    UploadsWrite = "uploads:write" to WORKERS;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_changes_nothing() {
        assert_eq!(
            permissions_of(Role::Viewer),
            ["account:read", "costs:read", "uploads:read"]
        );
        assert_eq!(permissions_of(Role::Owner).len(), 4);
    }
}
