//! What `smartctl --json` says of a drive.
#![no_main]

use beforehand_agent::probes::drives::parse::{self, Candidate};

libfuzzer_sys::fuzz_target!(|answer: &[u8]| {
    let candidate = Candidate { name: "/dev/sda".to_owned(), kind: "sat".to_owned(), closed: None };
    let _ = parse::drive(answer, &candidate);
});
