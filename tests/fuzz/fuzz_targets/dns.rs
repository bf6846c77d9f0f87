//! What a name server answers.
#![no_main]

use beforehand_agent::probes::connectivity::dns;

libfuzzer_sys::fuzz_target!(|answer: &[u8]| {
    if let Some(question) = dns::question(0x1234, "example.com") {
        let _ = dns::judge(&question, answer);
    }
});
