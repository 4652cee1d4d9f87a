#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| outlay_billing_fuzz::evidence(data));
