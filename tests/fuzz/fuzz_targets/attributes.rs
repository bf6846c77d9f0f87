//! What a printer answers by IPP.
#![no_main]

use beforehand_agent::probes::printer::parse;

libfuzzer_sys::fuzz_target!(|answer: &[u8]| {
    let _ = parse::printer(answer, "ipp://192.0.2.9/ipp/print");
});
