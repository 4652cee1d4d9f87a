//! No S3 key is handed to a tenant's objects: it is built of the tenant and an id.
//! error[E0308]
use outlay_contract::house::{core::VersionId, lake::TenantObjects};

pub async fn read(objects: &TenantObjects, version: &VersionId, key: &str) {
    #[cfg(wrong)]
    let _ = objects.get_rollup(key).await;
    let _ = (objects.get_rollup(version).await, key);
}
