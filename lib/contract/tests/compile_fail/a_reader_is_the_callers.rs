//! A tenant's data is opened for a caller, not for an id that came in a request.
//! error[E0308]
use outlay_contract::house::{core::TenantId, identity::TenantContext, runtime::App};

pub async fn read(app: &App, caller: &TenantContext, from_the_body: &TenantId) {
    #[cfg(wrong)]
    let _ = app.reader(from_the_body).await;
    let _ = (app.reader(caller).await, from_the_body);
}
