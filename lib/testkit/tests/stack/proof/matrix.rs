//! Promise 1: every operation refuses every wrong actor, and does what it says for every right one.

use std::collections::{BTreeMap, BTreeSet};

use outlay_store::{Profile, Standing};

use outlay_testkit::{
    Operator,
    proof::{Case, Operation, Own, Who, cases, measured, operations},
};

use super::{
    actors::{Actor, Call, Wrong},
    entries::Before,
    forge::Forge,
    parties::Tenant,
    root::Root,
    things::{Noting, OfPlatform},
};
use crate::support::stack;

/// Operations that the matrix leaves out. There is none, and this list may only shrink.
const EXCEPTIONS: [&str; 0] = [];

/// A capability profile that lacks what permissions of a domain are for; written out, and not taken from the product.
const LACKING: [(&str, Profile); 4] = [
    ("audit", Profile::Analysis),
    ("costs", Profile::Intake),
    ("tokens", Profile::Analysis),
    ("uploads", Profile::Explorer),
];
/// Domains that every profile has.
const ALWAYS: [&str; 4] = ["account", "members", "tenant", "users"];

/// Two tenants and everybody else who calls.
struct World<'a> {
    root: &'a Root,
    forge: Forge<'a>,
    own: Tenant,
    other: Tenant,
    suspended: Tenant,
    /// A tenant of each profile in [`LACKING`].
    incapable: Vec<(Profile, Tenant)>,
    operator: Operator,
    /// API tokens of the first tenant: with one permission alone, and with every other, by permission.
    scoped: BTreeMap<&'static str, [String; 2]>,
}

#[derive(Default)]
struct Score {
    operations: usize,
    allowed: usize,
    audited: usize,
    refused: usize,
    faults: Vec<String>,
}

#[test]
fn every_operation_refuses_every_wrong_actor() {
    let stack = stack();
    let root = Root::of(&stack);
    let forge = Forge::of(&root);
    let world = World::of(&root, forge);
    let entries: BTreeMap<&str, Case> = cases().into_iter().map(|c| (c.operation, c)).collect();
    let mut score = Score::default();
    for operation in operations().unwrap() {
        let Some(case) = entries.get(operation.id.as_str()) else {
            score.faults.push(format!(
                "{}: no entry in lib/testkit/src/proof/cases.rs",
                operation.id
            ));
            continue;
        };
        score.operations += 1;
        world.refuse(&operation, case, &mut score);
        world.allow(&operation, case, &mut score);
    }
    let Score {
        operations,
        allowed,
        audited,
        refused,
        faults,
    } = score;
    measured(
        "1a",
        "changes leave their entry in the audit",
        "100 % of changes that succeed",
        format!("{audited} changes that succeeded, each looked for its entry"),
    );
    measured(
        "1",
        "operations refuse every wrong actor",
        "100 % of operations, 0 leaks, 0 exceptions",
        format!(
            "{operations} operations, {} cells ({allowed} allowed, {refused} refused), {} faults, {} exceptions",
            allowed + refused,
            faults.len(),
            EXCEPTIONS.len()
        ),
    );
    assert!(
        faults.is_empty(),
        "{} of {}:\n{}",
        faults.len(),
        allowed + refused,
        faults.join("\n")
    );
}

impl<'a> World<'a> {
    fn of(root: &'a Root, forge: Forge<'a>) -> Self {
        let found = |name: &str| Tenant::found(root, &forge, name);
        let (own, other, suspended) = (found("own"), found("other"), found("suspended"));
        suspended.becomes(root, Standing::Suspended, Profile::Full);
        let profiles: BTreeMap<String, Profile> =
            LACKING.map(|(_, p)| (format!("{p:?}"), p)).into();
        let lacking = |profile: Profile| {
            let tenant = found("incapable");
            tenant.becomes(root, Standing::Active, profile);
            (profile, tenant)
        };
        let incapable = profiles.into_values().map(lacking).collect();
        let demands: BTreeSet<&str> = cases()
            .iter()
            .map(|case| case.permission)
            .filter(|p| !p.is_empty())
            .collect();
        let permissions: BTreeSet<&str> = demands
            .iter()
            .flat_map(|demand| demand.split('+'))
            .collect();
        let scoped = demands.iter().map(|demand| {
            let scopes = |with: bool| {
                let named =
                    |permission: &&&str| demand.split('+').any(|d| d == **permission) == with;
                own.api_token(
                    root,
                    permissions
                        .iter()
                        .filter(named)
                        .map(ToString::to_string)
                        .collect(),
                )
            };
            (*demand, [scopes(true), scopes(false)])
        });
        Self {
            root,
            scoped: scoped.collect(),
            forge,
            own,
            other,
            suspended,
            incapable,
            operator: Operator::make(&root.stack, "matrix").unwrap(),
        }
    }
}

impl World<'_> {
    /// Everybody who may gets the success that the document promises, and a change is told in the audit.
    fn allow(&self, operation: &Operation, case: &Case, score: &mut Score) {
        let founded;
        let tenant = if case.ends_tenant {
            founded = Tenant::found(self.root, &self.forge, "ending");
            &founded
        } else {
            &self.own
        };
        for (who, token) in self.right_actors(case, tenant) {
            let of_platform = OfPlatform {
                tenant,
                operator: &self.operator,
            };
            let own: &dyn Own = match case.who {
                Who::GlobalOwner => &of_platform,
                _ => tenant,
            };
            let call = Call::of(operation, case, own);
            let before = Before::of(self.root, operation, case);
            let answer = call.make(&self.root.stack, token.as_deref());
            score.allowed += 1;
            let fault = if answer.status == operation.success {
                before.and_then(|before| {
                    score.audited += 1;
                    before.fault(case, tenant.id(), token.as_deref().unwrap_or_default())
                })
            } else {
                Some(format!("expected {}, got {answer}", operation.success))
            };
            let fault = fault.map(|fault| format!("{} as {who}: {fault}", operation.id));
            score.faults.extend(fault);
        }
    }

    /// Nobody else does, learns anything, or changes anything.
    fn refuse(&self, operation: &Operation, case: &Case, score: &mut Score) {
        let actors = self.wrong_actors(case);
        if actors.is_empty() {
            return;
        }
        let noting = Noting::of(&self.own);
        let call = Call::of(operation, case, &noting);
        let before = self.root.settled(&self.own.ids());
        for actor in &actors {
            let answer = call.make(&self.root.stack, actor.token.as_deref());
            score.refused += 1;
            let mut fault = actor.fault(case, &call, &answer);
            let text = format!("{:?} {answer}", answer.headers);
            for secret in [self.own.canary.as_str(), self.own.id()] {
                if text.contains(secret) && !call.mentions(secret) && !Self::may_see_itself(actor) {
                    fault = Some(format!("{secret} of another tenant in {text}"));
                }
            }
            score
                .faults
                .extend(fault.map(|fault| format!("{} as {}: {fault}", operation.id, actor.name)));
        }
        let after = self.root.stored(&self.own.ids());
        if before != after {
            let changed: Vec<&String> = before
                .iter()
                .filter(|(key, value)| after.get(*key) != Some(value))
                .chain(after.iter().filter(|(key, _)| !before.contains_key(*key)))
                .map(|(key, _)| key)
                .collect();
            score.faults.push(format!(
                "{}: a refused call changed {changed:?}",
                operation.id
            ));
        }
    }

    /// A person of the tenant may be told its own tenant's name, also in a refusal.
    fn may_see_itself(actor: &Actor) -> bool {
        matches!(
            actor.is,
            Wrong::Lower | Wrong::Unscoped | Wrong::NotPlatform
        )
    }

    fn right_actors(&self, case: &Case, tenant: &Tenant) -> Vec<(String, Option<String>)> {
        match case.who {
            Who::Public => vec![("anybody".to_owned(), None)],
            Who::Roles(roles) => {
                let token = |role: &&str| ((*role).to_owned(), Some(tenant.tokens[role].clone()));
                let own = |role: &&&str| !case.personal || **role == "owner";
                let people = roles.iter().filter(own).map(token);
                let program = (!case.people_only).then(|| {
                    (
                        "an API token".to_owned(),
                        Some(self.scoped[case.permission][0].clone()),
                    )
                });
                people.chain(program).collect()
            }
            Who::GlobalOwner => vec![(
                "a global owner".to_owned(),
                Some(self.operator.token.clone()),
            )],
        }
    }

    /// The global owner, and owners of a suspended tenant and of one that lacks the module. One's own account is there
    /// for all of them.
    fn of_other_tenants(&self, case: &Case) -> Vec<Actor> {
        let mut actors = Vec::new();
        if case.domain() != "account" {
            let global = self.forge.token(&self.own.owner.token, |claims| {
                claims["role"] = "global_owner".into();
                claims.as_object_mut().unwrap().remove("tenant_id");
            });
            actors.push(Actor::new(
                "the global owner",
                Some(&global),
                Wrong::GlobalOwner,
            ));
            let owner = &self.suspended.owner.token;
            actors.push(Actor::new(
                "a suspended tenant's owner",
                Some(owner),
                Wrong::Suspended,
            ));
        }
        match LACKING.iter().find(|(domain, _)| *domain == case.domain()) {
            Some((_, profile)) => {
                let (_, tenant) = self.incapable.iter().find(|(p, _)| p == profile).unwrap();
                actors.push(Actor::new(
                    "an owner without the module",
                    Some(&tenant.owner.token),
                    Wrong::Incapable,
                ));
            }
            None => assert!(
                ALWAYS.contains(&case.domain()),
                "{}: no profile is known to lack it: add it to LACKING or ALWAYS",
                case.domain()
            ),
        }
        actors
    }

    fn wrong_actors(&self, case: &Case) -> Vec<Actor> {
        match case.who {
            Who::Public => Vec::new(),
            Who::Roles(roles) => [
                self.unknown(),
                self.people(case, roles),
                self.programs(case),
                self.of_other_tenants(case),
            ]
            .concat(),
            Who::GlobalOwner => {
                let not_platform = |(role, token): (&&str, &String)| {
                    Actor::new(
                        format!("a tenant's {role}"),
                        Some(token),
                        Wrong::NotPlatform,
                    )
                };
                self.unknown()
                    .into_iter()
                    .chain(self.own.tokens.iter().map(not_platform))
                    .collect()
            }
        }
    }

    fn unknown(&self) -> Vec<Actor> {
        let expired = self.forge.token(&self.own.owner.token, |claims| {
            let exp = claims["exp"].as_i64().unwrap();
            claims["iat"] = (exp - 2000).into();
            claims["exp"] = (exp - 1100).into();
        });
        vec![
            Actor::new("nobody", None, Wrong::Unknown),
            Actor::new("garbage", Some("garbage"), Wrong::Unknown),
            Actor::new("an expired token", Some(&expired), Wrong::Unknown),
        ]
    }

    fn people(&self, case: &Case, allowed: &[&str]) -> Vec<Actor> {
        let others = self.other.tokens.iter().map(|(role, token)| {
            let name = format!("another tenant's {role}");
            Actor::new(name, Some(token), Wrong::Foreign(role))
        });
        let colleagues = self.own.tokens.iter().filter_map(|(role, token)| {
            let is = match (case.personal, allowed.contains(role)) {
                (true, true) if *role != "owner" => Wrong::Foreign(role),
                (_, true) => return None,
                (_, false) => Wrong::Lower,
            };
            Some(Actor::new(format!("the tenant's {role}"), Some(token), is))
        });
        others.chain(colleagues).collect()
    }

    fn programs(&self, case: &Case) -> Vec<Actor> {
        let [only, others] = &self.scoped[case.permission];
        let unscoped = if case.people_only { only } else { others };
        vec![Actor::new(
            "an API token without the scope",
            Some(unscoped),
            Wrong::Unscoped,
        )]
    }
}
