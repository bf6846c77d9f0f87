//! A certificate that one of any other content signed.
#![no_main]

use beforehand_agent::probes::connectivity::certificate;

libfuzzer_sys::fuzz_target!(|der: &[u8]| {
    let _ = certificate::read(&[der, der], "shop.example");
});
