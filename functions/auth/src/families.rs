//! The sign-ins of a person, and how they end.

use jiff::Timestamp;
use outlay_core::{FamilyId, UserId};
use outlay_http::Problem;
use outlay_store::{Condition, RegistryTable, Session, StoreError, TRIES, Writes};

/// More devices than a person has. The oldest sign-in gives way, so that all of them fit into one
/// transaction when they must end together.
const MOST: usize = 50;
/// Deletions beside which a transaction has room for everything else that belongs to it.
const AT_ONCE: usize = 80;

/// The living sign-ins of a person, oldest first.
pub(crate) async fn of(
    registry: &RegistryTable,
    user: &UserId,
    now: Timestamp,
) -> Result<Vec<Session>, StoreError> {
    let all = Session::any_of(user);
    let mut sessions = registry.list_all::<Session>(&all).await?;
    sessions.retain(|session| now < session.expires_at);
    Ok(sessions)
}

/// As [`of`], but the one that is meant to stay.
pub(crate) async fn others(
    registry: &RegistryTable,
    user: &UserId,
    but: Option<&FamilyId>,
    now: Timestamp,
) -> Result<Vec<Session>, StoreError> {
    let mut sessions = of(registry, user, now).await?;
    sessions.retain(|session| Some(&session.family_id) != but);
    Ok(sessions)
}

/// Those that give way to one more.
pub(crate) fn surplus(mut sessions: Vec<Session>) -> Vec<Session> {
    let keep = MOST - 1;
    sessions.truncate(sessions.len().saturating_sub(keep));
    sessions
}

/// Adds the end of these sign-ins to a transaction, as many as fit.
pub(crate) fn end(mut writes: Writes<()>, sessions: &[Session]) -> Result<Writes<()>, StoreError> {
    for session in sessions.iter().take(AT_ONCE) {
        let id = (session.user_id.clone(), session.family_id.clone());
        writes = writes.delete::<Session>(&id, Condition::Any)?;
    }
    Ok(writes)
}

/// Ends every sign-in of a person, but one where one is meant to stay, also those that were begun a moment ago.
pub(crate) async fn end_others(
    registry: &RegistryTable,
    user: &UserId,
    but: Option<&FamilyId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut rounds = 0;
    loop {
        let others = others(registry, user, but, now).await?;
        if others.is_empty() {
            return Ok(());
        }
        rounds += 1;
        match end(registry.writes(), &others)?.commit().await {
            Err(StoreError::Conflict) if rounds < TRIES => {}
            outcome => outcome?,
        }
    }
}

/// The sign-in that a request belongs to. An API token belongs to none, and has no account to change.
pub(crate) fn current(session: Option<&FamilyId>) -> Result<&FamilyId, Problem> {
    session.ok_or_else(Problem::unauthorized)
}

#[cfg(test)]
mod tests {
    use outlay_core::TenantId;

    use super::*;

    #[test]
    fn the_oldest_gives_way() {
        let session = |number: u32| Session {
            user_id: UserId::derive(&[]),
            family_id: FamilyId::derive(&[&number.to_string()]),
            tenant_id: Some(TenantId::derive(&[])),
            generation: 1,
            rotated_at: Timestamp::UNIX_EPOCH,
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH,
            device: None,
            address: None,
        };
        let many: Vec<Session> = (0..52).map(session).collect();
        let gone = surplus(many.clone());
        let ids = |sessions: &[Session]| -> Vec<FamilyId> {
            sessions.iter().map(|s| s.family_id.clone()).collect()
        };
        assert_eq!(ids(&gone), ids(&many[..3]));
        assert!(surplus(many[..49].to_vec()).is_empty());
    }
}
