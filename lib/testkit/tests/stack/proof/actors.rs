//! Who calls: everybody who may not, and what is to come of it.

use outlay_testkit::{
    Answer, Request, Stack,
    proof::{Case, Operation, Own, Who},
};
use serde_json::Value;

use crate::support::problem;

/// A call, ready to be made by anybody.
pub(super) struct Call {
    method: String,
    path: String,
    body: Option<Value>,
    headers: Vec<(&'static str, String)>,
    /// Whether its path names things.
    pub(super) names_things: bool,
}

impl Call {
    pub(super) fn of(operation: &Operation, case: &Case, own: &dyn Own) -> Self {
        let path = case.path(&operation.path, own);
        // The cookie of a registration comes before the code that is mailed for it.
        let cookie = case.cookie.map(|thing| ("cookie", own.the(thing)));
        let body = case.body.map(|body| body(own));
        let if_match = case.if_match.then(|| ("if-match", own.etag(&path)));
        Self {
            method: operation.method.clone(),
            path,
            body,
            headers: cookie.into_iter().chain(if_match).collect(),
            names_things: operation.path.contains('{'),
        }
    }

    pub(super) fn request(&self, stack: &Stack) -> Request {
        let mut request = stack.request(&self.method, &self.path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        match &self.body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    pub(super) fn make(&self, stack: &Stack, token: Option<&str>) -> Answer {
        let request = self.request(stack);
        let request = match token {
            Some(token) => request.bearer(token),
            None => request,
        };
        request.send().unwrap()
    }

    /// Whether the call itself says this.
    pub(super) fn mentions(&self, text: &str) -> bool {
        self.path.contains(text)
            || self
                .body
                .as_ref()
                .is_some_and(|b| b.to_string().contains(text))
    }
}

/// Somebody who may not.
#[derive(Debug, Clone)]
pub(super) struct Actor {
    pub(super) name: String,
    pub(super) token: Option<String>,
    pub(super) is: Wrong,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Nobody that we know.
    Unknown,
    /// Somebody of another tenant, with this role there.
    Foreign(&'static str),
    /// Of the tenant, with a role that may not.
    Lower,
    /// Of a tenant that is suspended; the call names its own things.
    Suspended,
    /// Of a tenant whose profile lacks the module.
    Incapable,
    /// An API token without the scope.
    Unscoped,
    /// The global owner, who belongs to no tenant.
    GlobalOwner,
    /// Of a tenant, where only the global owner may.
    NotPlatform,
}

impl Actor {
    pub(super) fn new(name: impl Into<String>, token: Option<&str>, is: Wrong) -> Self {
        Self {
            name: name.into(),
            token: token.map(str::to_owned),
            is,
        }
    }

    /// What was wrong with the answer to this actor; nothing, where it was refused as it must be.
    pub(super) fn fault(&self, case: &Case, call: &Call, answer: &Answer) -> Option<String> {
        let expected: &[u16] = match self.is {
            Wrong::Unknown => &[401],
            Wrong::Lower
            | Wrong::Suspended
            | Wrong::Incapable
            | Wrong::Unscoped
            | Wrong::NotPlatform => &[403],
            Wrong::GlobalOwner => &[401, 403],
            Wrong::Foreign(role) if !case.allows(role) && case.who != Who::Public => &[403, 404],
            Wrong::Foreign(_) if call.names_things => &[404],
            Wrong::Foreign(_) => return (answer.status >= 500).then(|| format!("{answer}")),
        };
        if !expected.contains(&answer.status) {
            return Some(format!("expected {expected:?}, got {answer}"));
        }
        if answer.status >= 400 {
            problem(answer, answer.status);
        }
        None
    }
}
