//! A tenant's things are reached through its own table.
//! error[E0271]
use outlay_contract::house::{core::{UploadId, UserId}, store::{RegistryTable, Upload, User}};

pub async fn look(table: &RegistryTable, user: &UserId, upload: &UploadId) {
    #[cfg(wrong)]
    let _ = table.get::<Upload>(upload).await;
    let _ = (table.get::<User>(user).await, upload);
}
