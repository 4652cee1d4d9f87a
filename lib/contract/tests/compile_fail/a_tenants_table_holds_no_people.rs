//! People are the registry's: a tenant's session cannot even ask for them.
//! error[E0271]
use outlay_contract::house::{core::UserId, store::{Member, TenantTable, User}};

pub async fn look(table: &TenantTable, user: &UserId) {
    #[cfg(wrong)]
    let _ = table.get::<User>(user).await;
    let _ = table.get::<Member>(user).await;
}
