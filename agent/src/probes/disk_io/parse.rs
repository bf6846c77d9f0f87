//! From counters to what a run came to.

use beforehand_shared::block_device::BlockDevice;
use std::collections::BTreeMap;

/// The unit of `/proc/diskstats`, whatever the sectors of the device.
const SECTOR_BYTES: u64 = 512;

/// What a device has done since the machine started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Reads and writes that were answered.
    pub requests: u64,
    pub read_bytes: u64,
    pub written_bytes: u64,
    /// Time that requests spent waiting and being served, summed over requests.
    pub waited_us: u64,
    /// Time in which something was under way; none where the system does not count it.
    pub busy_us: Option<u64>,
}

/// The devices of `/proc/diskstats`, by name. The fields after the name are: reads, reads merged, sectors
/// read, milliseconds reading, the same four of writes, requests under way, milliseconds busy, and more.
pub fn diskstats(text: &str) -> BTreeMap<String, Counters> {
    text.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<(String, Counters)> {
    let mut words = line.split_ascii_whitespace().skip(2);
    let name = words.next()?.to_owned();
    let fields: Vec<u64> = words.map_while(|word| word.parse().ok()).collect();
    let [reads, _, read, reading, writes, _, written, writing, _, busy] = *fields.get(..10)? else { return None };
    let counters = Counters {
        requests: reads.saturating_add(writes),
        read_bytes: read.saturating_mul(SECTOR_BYTES),
        written_bytes: written.saturating_mul(SECTOR_BYTES),
        waited_us: reading.saturating_add(writing).saturating_mul(1_000),
        busy_us: Some(busy.saturating_mul(1_000)),
    };
    Some((name, counters))
}

/// `iotmo_cnt` and its like: a hexadecimal number.
pub fn hexadecimal(text: &str) -> Option<u64> {
    u64::from_str_radix(text.trim().strip_prefix("0x")?, 16).ok()
}

/// What happened between the first and the last of `seen`, which took `took_ms`.
pub fn summary(device: String, seen: &[Counters], took_ms: u32) -> BlockDevice {
    let slices: Vec<Counters> = seen.windows(2).filter_map(|pair| between(&pair[0], &pair[1])).collect();
    let sum = |of: fn(&Counters) -> u64| slices.iter().map(of).fold(0, u64::saturating_add);
    let mut awaits: Vec<u32> = slices.iter().filter_map(mean_await).collect();
    awaits.sort_unstable();
    let busy_us = slices.iter().filter_map(|slice| slice.busy_us).reduce(u64::saturating_add);
    BlockDevice {
        device,
        requests: sum(|slice| slice.requests),
        read_bytes: sum(|slice| slice.read_bytes),
        written_bytes: sum(|slice| slice.written_bytes),
        await_us: awaits.get(awaits.len() / 2).copied(),
        worst_await_us: awaits.last().copied(),
        // Counters are ahead of the clock by a little: more than all of the time is all of it.
        busy_pct: busy_us.map(|us| u8::try_from(us / 10 / u64::from(took_ms).max(1)).unwrap_or(100).min(100)),
        timeouts: None,
    }
}

/// Nothing where a counter ran backwards: the device is another one, or a 32-bit counter began anew.
fn between(before: &Counters, after: &Counters) -> Option<Counters> {
    let busy_us = match (before.busy_us, after.busy_us) {
        (Some(before), Some(after)) => Some(after.checked_sub(before)?),
        _ => None,
    };
    Some(Counters {
        requests: after.requests.checked_sub(before.requests)?,
        read_bytes: after.read_bytes.checked_sub(before.read_bytes)?,
        written_bytes: after.written_bytes.checked_sub(before.written_bytes)?,
        waited_us: after.waited_us.checked_sub(before.waited_us)?,
        busy_us,
    })
}

fn mean_await(slice: &Counters) -> Option<u32> {
    slice.waited_us.checked_div(slice.requests).map(|us| u32::try_from(us).unwrap_or(u32::MAX))
}
