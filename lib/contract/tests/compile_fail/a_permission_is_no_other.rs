//! Whoever may read deliveries may not take them out.
//! error[E0308]
use outlay_contract::house::identity::{Caller, UploadsRead, UploadsWrite};

fn take_out(_: Caller<UploadsWrite>) {}

pub fn handler(reader: Caller<UploadsRead>, writer: Caller<UploadsWrite>) {
    #[cfg(wrong)]
    take_out(reader);
    #[cfg(not(wrong))]
    let _ = reader;
    take_out(writer);
}
