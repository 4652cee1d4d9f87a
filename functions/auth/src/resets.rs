//! Ways to a new password that were mailed, and how they end.

use jiff::Timestamp;
use outlay_core::UserId;
use outlay_store::{Condition, PasswordReset, RegistryTable, StoreError, Writes};

/// More than live at a time: five are mailed in the life of one, so ten where two windows meet.
const MOST: usize = 12;

/// Those of a person that are still good.
pub(crate) async fn living(
    registry: &RegistryTable,
    user: &UserId,
    now: Timestamp,
) -> Result<Vec<PasswordReset>, StoreError> {
    let of_person = (user.clone(), String::new());
    let resets = registry.list_all::<PasswordReset>(&of_person).await?;
    Ok(still_good(resets, now))
}

/// DynamoDB deletes late: the time is checked.
fn still_good(mut resets: Vec<PasswordReset>, now: Timestamp) -> Vec<PasswordReset> {
    resets.retain(|reset| now < reset.expires_at);
    resets
}

/// Adds their end to a transaction: they were mailed for a password that is no more.
pub(crate) fn end(
    mut writes: Writes<()>,
    resets: &[PasswordReset],
) -> Result<Writes<()>, StoreError> {
    for reset in resets.iter().take(MOST) {
        let id = (reset.user_id.clone(), reset.secret_hash.clone());
        writes = writes.delete::<PasswordReset>(&id, Condition::Any)?;
    }
    Ok(writes)
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    /// Bad input 51: what is too old is no way to a new password, and takes no room from what has to end.
    #[test]
    fn what_is_too_old_counts_for_nothing() {
        let now = Timestamp::UNIX_EPOCH;
        let reset = |number: i64, expires_at| PasswordReset {
            user_id: UserId::derive(&["u"]),
            secret_hash: format!("{number:064x}"),
            expires_at,
        };
        let old = (0..30).map(|number| reset(number, now - number.seconds()));
        let good = (30..40).map(|number| reset(number, now + 1.second()));
        let left = still_good(old.chain(good.clone()).collect(), now);
        let hashes = |resets: &[PasswordReset]| -> Vec<String> {
            resets.iter().map(|r| r.secret_hash.clone()).collect()
        };
        assert_eq!(hashes(&left), hashes(&good.collect::<Vec<_>>()));
        assert!(left.len() <= MOST);
    }
}
