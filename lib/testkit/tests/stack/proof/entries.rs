//! The entry that a change must leave in the audit (docs/adr/0016).

use std::collections::BTreeSet;

use outlay_testkit::proof::{Case, Operation, Who};

use super::{
    forge::parts,
    root::{Entry, Root},
};

/// What stood in every log before a change.
pub(super) struct Before<'a> {
    root: &'a Root,
    seen: BTreeSet<Entry>,
}

impl<'a> Before<'a> {
    /// Where the operation must leave an entry.
    pub(super) fn of(root: &'a Root, operation: &Operation, case: &Case) -> Option<Self> {
        let wanted = operation.method != "GET" && case.is_audited();
        wanted.then(|| Self {
            root,
            seen: root.entries(),
        })
    }

    /// What is wrong with what came of the change that this token asked for; nothing, where its entry stands in the
    /// right log and names who asked.
    pub(super) fn fault(&self, case: &Case, tenant: &str, token: &str) -> Option<String> {
        let (log, actor) = (log(case, tenant), actor(token));
        let new: Vec<Entry> = self
            .root
            .entries()
            .difference(&self.seen)
            .cloned()
            .collect();
        let told =
            |entry: &&Entry| log.is_none_or(|log| entry.log == log) && entry.actor.contains(&actor);
        new.iter()
            .find(told)
            .is_none()
            .then(|| format!("left no entry of {actor} in the log {log:?}; new entries: {new:?}"))
    }
}

/// Whose log tells of it. What concerns the caller's own account stands with the session's company or with the person.
fn log<'a>(case: &Case, tenant: &'a str) -> Option<&'a str> {
    match case.who {
        Who::GlobalOwner => Some("PLATFORM"),
        _ if case.domain() == "account" => None,
        _ => Some(tenant),
    }
}

/// Whom an entry names: the person of an access token, or the API token.
fn actor(token: &str) -> String {
    match token.strip_prefix("out_") {
        Some(rest) => format!("tok_{}", rest.split('_').nth(1).unwrap()),
        None => parts(token).1["sub"].as_str().unwrap().to_owned(),
    }
}
