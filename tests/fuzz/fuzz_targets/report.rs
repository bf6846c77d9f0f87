//! What an agent sends to the collector.
#![no_main]

use beforehand_shared::{report::Report, wire};

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    let _ = wire::decode(body);
    let _ = serde_json::from_slice::<Report>(body);
});
