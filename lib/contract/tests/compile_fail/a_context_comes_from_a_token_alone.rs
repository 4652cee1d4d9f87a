//! A tenant context is not made of ids: a handler cannot name another tenant.
//! error[E0451]
use outlay_contract::house::{core::*, identity::TenantContext};

pub fn forged(context: TenantContext, another: TenantId) -> TenantContext {
    #[cfg(wrong)]
    return TenantContext { tenant: another, ..context };
    let _ = another;
    context
}
