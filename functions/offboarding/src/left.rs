//! What is left of a person whose account a company deleted: the own log, throttles, ways to a new password.

use outlay_messages::ErasureMessage;
use outlay_runtime::{App, MessageError, Variable};
use outlay_store::{AuditLog, Erasure, keys};

/// Removes what it finds; what says that something is left goes last. Access tokens live for a quarter of
/// an hour and may leave something: before, it stays, and `platform-monitor` asks again.
pub(crate) async fn remove(app: &App, about: &ErasureMessage) -> Result<(), MessageError> {
    let user = &about.user_id;
    let (table, _) = app.erasing(&about.tenant_id, Some(user)).await?;
    let Some(erasure) = table.get::<Erasure>(user).await? else {
        return Ok(());
    };
    let now = (app.clock)();
    let log = AuditLog::Person(user.clone());
    table.erase_log(&log, erasure.since, now).await?;
    let own = keys::user_partition(user);
    table.erase(&own, Some(&keys::erasure(user).sk)).await?;
    let grace = app.config.seconds(Variable::OffboardingGraceSeconds)?;
    if erasure.asked_at.checked_add(grace)? <= now {
        table.erase(&own, None).await?;
        tracing::info!(user.id = %user, "nothing of the person is left");
    }
    Ok(())
}
