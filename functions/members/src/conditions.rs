//! What must hold among the people of a company, whoever acts at the same moment.

use std::collections::BTreeMap;

use lambda_http::http::StatusCode;
use outlay_core::{TenantId, UserId};
use outlay_http::Problem;
use outlay_identity::{MembersWrite, Permission, TenantContext, may_govern};
use outlay_store::{Member, Role, StoreError, TenantTable, Writes};

/// Refuses who would give or take a role above one's own.
pub(crate) fn demand_rank(caller: &TenantContext, role: Role) -> Result<(), Problem> {
    if may_govern(caller.role(), role) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "role-above-yours",
        "That role is above yours",
        format!(
            "You are {}; only an owner gives or takes the role {role}.",
            caller.role()
        ),
    ))
}

/// Adds what must still hold when a person is changed from the one to the other, or taken out (`None`):
///
/// - The caller is what the change was decided by. What is known of a caller may be a minute old, and must not undo
///   the end of the caller's own rights.
/// - Another owner stays where this one will no longer be an active one. Two owners who leave at the same moment
///   demand each other: one of them fails, and then finds nobody.
pub(crate) async fn guarded(
    table: &TenantTable,
    caller: &TenantContext,
    (before, after): (&Member, Option<&Member>),
    writes: Writes<TenantId>,
) -> Result<Writes<TenantId>, Problem> {
    let staying = if is_active_owner(before) && !after.is_some_and(is_active_owner) {
        let members: Vec<Member> = table.list_all().await?;
        Some(
            stays(&members, &before.user_id)
                .ok_or_else(last_owner)?
                .clone(),
        )
    } else {
        None
    };
    // A transaction looks at an item once.
    let mut held = BTreeMap::new();
    if caller.user() == &before.user_id {
        demand_as_decided(caller, before, after)?;
    } else {
        held.insert(caller.user().clone(), caller.role());
    }
    if let Some(staying) = staying {
        held.insert(staying, Role::Owner);
    }
    let check = |writes: Writes<TenantId>, (user, role)| {
        writes.check::<Member>(&user, Member::active_as(role))
    };
    Ok(held.into_iter().try_fold(writes, check)?)
}

/// Of oneself what was read just now counts. Leaving is everybody's right.
fn demand_as_decided(
    caller: &TenantContext,
    before: &Member,
    after: Option<&Member>,
) -> Result<(), Problem> {
    if before.is_active_as(caller.role()) || after.is_none() {
        return Ok(());
    }
    Err(Problem::forbidden(MembersWrite::DEMAND.name))
}

/// Refuses who is no longer what the caller was let in by.
pub(crate) fn demand_held(
    caller: &TenantContext,
    membership: Option<&Member>,
) -> Result<(), Problem> {
    if membership.is_some_and(|member| member.is_active_as(caller.role())) {
        return Ok(());
    }
    Err(Problem::forbidden(MembersWrite::DEMAND.name))
}

fn is_active_owner(member: &Member) -> bool {
    member.is_active_as(Role::Owner)
}

fn stays<'a>(members: &'a [Member], leaving: &UserId) -> Option<&'a UserId> {
    let mut others = members.iter().filter(|m| m.user_id != *leaving);
    others.find(|m| is_active_owner(m)).map(|m| &m.user_id)
}

fn last_owner() -> Problem {
    Problem::conflict(
        "last-owner",
        "A company keeps at least one active owner. Make somebody else an owner first.",
    )
}

/// 409: changes of the same moment kept getting in the way.
pub(crate) fn too_busy() -> Problem {
    Problem::from(StoreError::Conflict)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use outlay_store::Standing;

    use super::*;

    fn member(name: &str, role: Role, standing: Standing) -> Member {
        Member {
            user_id: UserId::derive(&[name]),
            role,
            standing,
            name: name.to_owned(),
            email: String::new(),
            joined_at: Timestamp::UNIX_EPOCH,
            revision: 1,
        }
    }

    #[test]
    fn only_another_active_owner_stays() {
        let ann = member("ann", Role::Owner, Standing::Active);
        let others = [
            ann.clone(),
            member("bob", Role::Owner, Standing::Suspended),
            member("cyd", Role::Admin, Standing::Active),
        ];
        assert_eq!(stays(&others, &ann.user_id), None);
        let dan = member("dan", Role::Owner, Standing::Active);
        let others = [others.to_vec(), vec![dan.clone()]].concat();
        assert_eq!(stays(&others, &ann.user_id), Some(&dan.user_id));
        assert_eq!(stays(&others, &dan.user_id), Some(&ann.user_id));
    }

    #[test]
    fn who_is_suspended_is_no_owner_to_count_on() {
        assert!(is_active_owner(&member("a", Role::Owner, Standing::Active)));
        assert!(!is_active_owner(&member(
            "a",
            Role::Owner,
            Standing::Suspended
        )));
        assert!(!is_active_owner(&member(
            "a",
            Role::Admin,
            Standing::Active
        )));
    }
}
