//! A person is not written in a tenant's transaction by mistake.
//! error[E0271]
use outlay_contract::house::store::{Member, TenantTable, User};

pub fn write(table: &TenantTable, member: &Member, user: &User) {
    #[cfg(wrong)]
    let _ = table.writes().create(user);
    let _ = (table.writes().create(member).is_ok(), user);
}
