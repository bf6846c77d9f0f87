//! Questions to the storage driver about one drive.

use super::super::storage::Answers;
use crate::platform::device::Device;

const QUERY_PROPERTY: u32 = 0x002D_1400;
const PREDICT_FAILURE: u32 = 0x002D_1100;
const GEOMETRY: u32 = 0x0007_00A0;
/// `STORAGE_PROPERTY_ID`.
const DEVICE: u32 = 0;
const IDENTIFIERS: u32 = 2;
const SEEK_PENALTY: u32 = 7;
const ADAPTER_PROTOCOL: u32 = 49;
const DEVICE_PROTOCOL: u32 = 50;
/// `STORAGE_PROTOCOL_TYPE` of NVMe and its two data types.
const NVME: u32 = 3;
const IDENTIFY: u32 = 1;
const LOG_PAGE: u32 = 2;
/// Identify Controller, and the log of health.
const CONTROLLER: u32 = 1;
const HEALTH: u32 = 2;

/// What the driver tells about a drive.
pub(super) fn ask(disk: &Device) -> Answers {
    let property = |id| disk.ask(QUERY_PROPERTY, &question(id, &[]), 4_096);
    let protocol = |id, kind, value, bytes| {
        let data = [NVME, kind, value, 0, 40, bytes, 0, 0, 0, 0];
        disk.ask(QUERY_PROPERTY, &question(id, &data), 48 + bytes as usize)
    };
    Answers {
        descriptor: property(DEVICE),
        identifiers: property(IDENTIFIERS),
        seek_penalty: property(SEEK_PENALTY),
        geometry: disk.ask(GEOMETRY, &[], 256),
        identity: protocol(ADAPTER_PROTOCOL, IDENTIFY, CONTROLLER, 4_096),
        health: protocol(DEVICE_PROTOCOL, LOG_PAGE, HEALTH, 512),
        prediction: disk.ask(PREDICT_FAILURE, &[], 516),
        device: disk.name().to_owned(),
    }
}

/// `STORAGE_PROPERTY_QUERY`: a standard query for `id`, and what belongs to it.
fn question(id: u32, more: &[u32]) -> Vec<u8> {
    [id, 0].iter().chain(if more.is_empty() { &[0] } else { more }).flat_map(|word| word.to_le_bytes()).collect()
}
