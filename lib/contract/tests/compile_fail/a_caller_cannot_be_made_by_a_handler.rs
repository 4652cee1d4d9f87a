//! Only the check of the token hands out a caller with a permission.
//! error[E0451]
use outlay_contract::house::identity::{Caller, CostsRead, TenantContext};

pub fn forged(context: TenantContext) -> Option<Caller<CostsRead>> {
    #[cfg(wrong)]
    return Some(Caller { context, permission: std::marker::PhantomData });
    context.permitted()
}
