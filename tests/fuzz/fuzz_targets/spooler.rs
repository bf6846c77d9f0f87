//! The queues of Windows' print spooler.
#![no_main]

use beforehand_agent::probes::printer::spooler::{self, RawQueue};
use beforehand_shared::time::Timestamp;

libfuzzer_sys::fuzz_target!(|queues: &[u8]| {
    if let Ok(queues) = serde_json::from_slice::<Vec<RawQueue>>(queues) {
        let _ = spooler::queues(&queues, Timestamp(1_790_000_000_000));
    }
});
