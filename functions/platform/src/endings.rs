//! What ends comes to its end, whatever became of its messages: ends of companies at which nobody works any more, and
//! people of whom something is left.

use jiff::{SignedDuration, Timestamp};
use outlay_core::{OffboardingId, UserId};
use outlay_messages::{EndingMessage, ErasureMessage, OffboardingMessage};
use outlay_runtime::{App, MessageError};
use outlay_store::{
    DirectoryErasure, DirectoryOffboarding, Offboarding, OffboardingStage, PlatformTable,
    StoreError,
};

/// Who removes what ends.
pub(crate) const WORKER: &str = "offboarding-work";
/// A step takes a quarter of an hour at most, and the wait for what is under way as long.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

/// Sends the messages of what should have moved; says how many. Each step may be done again.
pub(crate) async fn ask_again(
    app: &App,
    table: &PlatformTable,
    queue: &str,
    now: Timestamp,
) -> Result<usize, MessageError> {
    let mut messages = Vec::new();
    let companies: Vec<DirectoryOffboarding> = table.list_all(&OffboardingId::derive(&[])).await?;
    for entry in companies.iter().filter(|entry| is_stuck(entry, now)) {
        if mark(table, &entry.offboarding_id, now).await? {
            tracing::warn!(tenant.id = %entry.tenant_id, "the end of a company is asked for again");
            messages.push(EndingMessage::Company(OffboardingMessage {
                tenant_id: entry.tenant_id.clone(),
                offboarding_id: entry.offboarding_id.clone(),
            }));
        }
    }
    let people: Vec<DirectoryErasure> = table.list_all(&UserId::derive(&[])).await?;
    messages.extend(people.into_iter().map(|entry| {
        EndingMessage::Person(ErasureMessage {
            tenant_id: entry.tenant_id,
            user_id: entry.user_id,
        })
    }));
    for message in &messages {
        app.queues().send_offboarding(queue, message, 0).await?;
    }
    Ok(messages.len())
}

fn is_stuck(entry: &DirectoryOffboarding, now: Timestamp) -> bool {
    entry.stage != OffboardingStage::Finished && now.duration_since(entry.moved_at) > PATIENCE
}

/// Notes that it is asked for, so that the next run waits as long again. `false` where it moved meanwhile.
async fn mark(
    table: &PlatformTable,
    id: &OffboardingId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(mut offboarding) = table.get::<Offboarding>(id).await? else {
        return Ok(false);
    };
    if now.duration_since(offboarding.moved_at) <= PATIENCE {
        return Ok(false);
    }
    let unchanged = offboarding.revise(offboarding.stage, now);
    let writes = table.writes().put(&offboarding, unchanged)?;
    match writes.commit().await {
        Err(StoreError::Conflict) => Ok(false),
        outcome => outcome.map(|()| true),
    }
}

#[cfg(test)]
mod tests {
    use outlay_core::TenantId;

    use super::*;

    #[test]
    fn what_has_not_moved_for_an_hour_is_stuck() {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(10);
        let entry = |stage, minutes| DirectoryOffboarding {
            offboarding_id: OffboardingId::mint(),
            tenant_id: TenantId::mint(),
            stage,
            moved_at: now - SignedDuration::from_mins(minutes),
        };
        assert!(is_stuck(&entry(OffboardingStage::Settling, 61), now));
        assert!(!is_stuck(&entry(OffboardingStage::Settling, 59), now));
        assert!(!is_stuck(&entry(OffboardingStage::Finished, 61), now));
    }
}
