//! What a client sent is no id before it is parsed.
//! error[E0423]
use outlay_contract::house::core::TenantId;

pub fn id(text: String) -> Option<TenantId> {
    #[cfg(wrong)]
    return Some(TenantId(text));
    text.parse().ok()
}
