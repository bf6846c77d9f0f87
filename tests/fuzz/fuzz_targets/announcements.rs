//! What printers answer to questions by multicast DNS: two packets.
#![no_main]

use beforehand_agent::probes::printer::{announcements::Announcements, found};

libfuzzer_sys::fuzz_target!(|packets: (Vec<u8>, Vec<u8>)| {
    let mut heard = Announcements::default();
    for packet in [packets.0, packets.1] {
        heard.read(&packet);
        let _ = heard.missing();
    }
    heard.announced().iter().for_each(|announced| drop(found::announced(announced)));
});
