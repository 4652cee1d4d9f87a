//! Keys are made of ids: no text of a client becomes a segment.
//! error[E0308]
use outlay_contract::house::{core::{TenantId, UploadId}, store::{Key, keys}};

pub fn key(tenant: &TenantId, upload: &UploadId, text: &str) -> Key {
    #[cfg(wrong)]
    return keys::upload(tenant, text);
    let _ = text;
    keys::upload(tenant, upload)
}
