//! One operation's entry in the proof.

use serde_json::Value;

/// What a valid call names: things of the tenant that is called for.
pub trait Own {
    /// The id of a fresh thing of this tenant, by the name of a path parameter such as `uploadId`, or of
    /// something about the tenant, such as `email`.
    fn the(&self, what: &str) -> String;

    /// The ETag of what stands at a path, for `If-Match`.
    fn etag(&self, path: &str) -> String;
}

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody, without a token.
    Public,
    /// Those of a tenant who have one of these roles.
    Roles(&'static [&'static str]),
    /// The global owner, whose token names no tenant.
    GlobalOwner,
}

/// What an operation does to the tenant: it decides how fresh the knowledge about its caller must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Reads; a token is believed for its 15 minutes.
    Read,
    /// Changes or administers; session, membership and tenant are looked up.
    Change,
}

type Body = fn(&dyn Own) -> Value;

/// An operation, its callers and a valid call.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own, asked with a method of its own"
)]
pub struct Case {
    /// `operationId`.
    pub operation: &'static str,
    /// What it does.
    pub kind: Kind,
    /// Who may.
    pub who: Who,
    /// The permission it takes, as API tokens name it in their scopes, several joined by `+`; empty for public operations.
    pub permission: &'static str,
    /// What follows the `?`.
    pub query: &'static str,
    /// The JSON that is sent.
    pub body: Option<Body>,
    /// What stands for path parameters that are not fresh things of their own name.
    pub names: &'static [(&'static str, &'static str)],
    /// Whether it wants the ETag of what it changes.
    pub if_match: bool,
    /// The thing that the Cookie header holds.
    pub cookie: Option<&'static str>,
    /// Whether a valid call ends the tenant: it is made in one that was founded for it.
    pub ends_tenant: bool,
    /// Why a success leaves no entry in the audit; none: it leaves one.
    pub unaudited: Option<&'static str>,
    /// Why API tokens cannot call it, however they are scoped: what belongs to a person's sign-in.
    pub people_only: bool,
    /// Whether what it names is the owner's alone, as a sign-in is: to colleagues it is like missing.
    pub personal: bool,
}

/// Every role of a tenant.
pub const EVERYBODY: &[&str] = &["owner", "admin", "member", "viewer"];
/// Who works with bills.
pub const WORKERS: &[&str] = &["owner", "admin", "member"];
/// Who runs the tenant.
pub const ADMINS: &[&str] = &["owner", "admin"];
/// Who founded it, or was given it.
pub const OWNERS: &[&str] = &["owner"];

impl Case {
    const fn new(operation: &'static str, kind: Kind, who: Who, permission: &'static str) -> Self {
        Self {
            operation,
            kind,
            who,
            permission,
            query: "",
            body: None,
            names: &[],
            if_match: false,
            cookie: None,
            ends_tenant: false,
            unaudited: None,
            people_only: false,
            personal: false,
        }
    }

    /// Anybody may.
    pub const fn public(operation: &'static str) -> Self {
        Self::new(operation, Kind::Read, Who::Public, "")
    }

    /// A read that these roles may make with this permission.
    pub const fn reads(
        operation: &'static str,
        permission: &'static str,
        roles: &'static [&'static str],
    ) -> Self {
        Self::new(operation, Kind::Read, Who::Roles(roles), permission)
    }

    /// A change, or a look at who may what, that these roles may make with this permission.
    pub const fn changes(
        operation: &'static str,
        permission: &'static str,
        roles: &'static [&'static str],
    ) -> Self {
        Self::new(operation, Kind::Change, Who::Roles(roles), permission)
    }

    /// The platform's own: the global owner may.
    pub const fn platform(operation: &'static str) -> Self {
        Self::new(operation, Kind::Change, Who::GlobalOwner, "")
    }

    /// With this query.
    #[must_use]
    pub const fn query(mut self, query: &'static str) -> Self {
        self.query = query;
        self
    }

    /// With this JSON, made of things of the tenant.
    #[must_use]
    pub const fn body(mut self, body: Body) -> Self {
        self.body = Some(body);
        self
    }

    /// A path parameter is this thing, and not a fresh one of its own name.
    #[must_use]
    pub const fn names(mut self, names: &'static [(&'static str, &'static str)]) -> Self {
        self.names = names;
        self
    }

    /// With the ETag of what it changes, which a GET of the same path tells.
    #[must_use]
    pub const fn if_match(mut self) -> Self {
        self.if_match = true;
        self
    }

    /// With this thing as its Cookie header.
    #[must_use]
    pub const fn cookie(mut self, thing: &'static str) -> Self {
        self.cookie = Some(thing);
        self
    }

    /// A valid call ends the tenant.
    #[must_use]
    pub const fn ends_the_tenant(mut self) -> Self {
        self.ends_tenant = true;
        self
    }

    /// A success leaves no entry in the audit, for this reason.
    #[must_use]
    pub const fn unaudited(mut self, reason: &'static str) -> Self {
        self.unaudited = Some(reason);
        self
    }

    /// Whether a success must leave an entry in the audit: it changes something, and nobody said why not.
    pub fn is_audited(&self) -> bool {
        self.kind == Kind::Change && self.unaudited.is_none()
    }

    /// No API token may, however it is scoped.
    #[must_use]
    pub const fn people_only(mut self) -> Self {
        self.people_only = true;
        self
    }

    /// What it names is one person's.
    #[must_use]
    pub const fn personal(mut self) -> Self {
        self.personal = true;
        self
    }

    /// `costs` of `costs:read`.
    pub fn domain(&self) -> &'static str {
        self.permission.split(':').next().unwrap_or_default()
    }

    /// Whether a tenant's member with this role may.
    pub fn allows(&self, role: &str) -> bool {
        matches!(self.who, Who::Roles(roles) if roles.contains(&role))
    }

    /// The path of a valid call: parameters filled in, the query behind.
    pub fn path(&self, template: &str, own: &dyn Own) -> String {
        let mut path = String::new();
        let mut rest = template;
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, inside)| Some((before, inside.split_once('}')?)))
        {
            let named = self.names.iter().find(|(parameter, _)| *parameter == name);
            path += before;
            path += &own.the(named.map_or(name, |(_, thing)| thing));
            rest = after;
        }
        path += rest;
        if self.query.is_empty() {
            path
        } else {
            format!("{path}?{}", self.query)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Names;

    impl Own for Names {
        fn the(&self, what: &str) -> String {
            format!("<{what}>")
        }

        fn etag(&self, path: &str) -> String {
            path.to_owned()
        }
    }

    #[test]
    fn parameters_are_fresh_things_unless_named() {
        let case = Case::reads("x", "x:read", OWNERS)
            .names(&[("b", "waiting")])
            .query("q=1");
        assert_eq!(
            case.path("/v1/{a}/x/{b}/y", &Names),
            "/v1/<a>/x/<waiting>/y?q=1"
        );
        assert!(case.allows("owner") && !case.allows("viewer"));
        assert!(!Case::public("y").allows("owner"));
    }
}
