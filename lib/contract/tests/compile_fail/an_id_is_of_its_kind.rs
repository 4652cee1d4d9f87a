//! A person's id is no tenant's.
//! error[E0308]
use outlay_contract::house::{core::{TenantId, UploadId, UserId}, store::{Key, keys}};

pub fn key(tenant: &TenantId, upload: &UploadId, user: &UserId) -> Key {
    #[cfg(wrong)]
    return keys::upload(tenant, user);
    let _ = user;
    keys::upload(tenant, upload)
}
