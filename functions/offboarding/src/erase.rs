//! Items and objects of a company that ends.

use outlay_runtime::{App, MessageError};
use outlay_store::{AuditLog, Offboarding, keys};

/// Everything in the bucket.
pub(crate) async fn objects(app: &App, offboarding: &mut Offboarding) -> Result<u64, MessageError> {
    let (_, objects) = app.erasing(&offboarding.tenant_id, None).await?;
    let removed = objects.delete_everything().await?;
    offboarding.count("objects", removed);
    Ok(removed)
}

/// Everything in the table: what hangs on deliveries first, because the deliveries name it; the
/// company itself last, because it says that nobody is let in.
pub(crate) async fn items(app: &App, offboarding: &mut Offboarding) -> Result<u64, MessageError> {
    let tenant = offboarding.tenant_id.clone();
    let (table, _) = app.erasing(&tenant, None).await?;
    let mut removed = 0;
    for partition in table.partitions(&tenant).await? {
        removed += table.erase(&partition, None).await?;
    }
    let own = keys::tenant_partition(&tenant);
    removed += table.erase(&own, Some(&keys::tenant(&tenant).sk)).await?;
    let log = AuditLog::Tenant(tenant);
    let until = (app.clock)();
    let entries = table.erase_log(&log, offboarding.founded_at, until).await?;
    removed += table.erase(&own, None).await?;
    offboarding.count("items", removed);
    offboarding.count("auditEntries", entries);
    Ok(removed + entries)
}
