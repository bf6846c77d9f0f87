//! What a printer answers by IPP, behind the header of a success.
#![no_main]

use beforehand_agent::probes::printer::{parse, queue};
use beforehand_shared::time::Timestamp;

libfuzzer_sys::fuzz_target!(|groups: (Vec<u8>, Vec<u8>)| {
    let answer = |groups: &[u8]| [&[1, 1, 0, 0, 0, 0, 0, 1][..], groups].concat();
    let _ = parse::printer(&answer(&groups.0), "ipp://192.0.2.9/ipp/print");
    let _ = queue::queues(&answer(&groups.0), &answer(&groups.1), Timestamp(1_790_000_000_000));
});
