//! Messages of SNMP as bytes (X.690), which a library decodes for the agent.
#![no_main]

use async_snmp::{DecodeConfig, message::Message};

libfuzzer_sys::fuzz_target!(|message: &[u8]| {
    let _ = Message::decode(message.to_vec().into(), DecodeConfig::default());
});
