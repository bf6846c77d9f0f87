//! The structures of Windows' storage driver.
#![no_main]

use beforehand_agent::probes::drives::storage::{self, Answers};

libfuzzer_sys::fuzz_target!(|answers: [Vec<u8>; 7]| {
    let [descriptor, identifiers, geometry, seek_penalty, identity, health, prediction] = answers;
    let device = r"\\.\PhysicalDrive0".to_owned();
    let _ = storage::drive(&Answers {
        device,
        descriptor,
        identifiers,
        geometry,
        seek_penalty,
        identity,
        health,
        prediction,
    });
});
