//! `DISK_PERFORMANCE`, the answer of Windows to `IOCTL_DISK_PERFORMANCE`.

use super::parse::Counters;

/// Windows counts time in units of 100 ns.
const UNITS_PER_US: u64 = 10;

/// The counters in `answer`: bytes read and written, time reading, writing and idle, all of 8 bytes, then the
/// numbers of reads and writes, of 4. Requests after more than 2^32 begin anew at 0.
pub fn counters(answer: &[u8]) -> Option<Counters> {
    let long = |at: usize| Some(u64::from_le_bytes(answer.get(at..at + 8)?.try_into().ok()?));
    let word = |at: usize| Some(u64::from(u32::from_le_bytes(answer.get(at..at + 4)?.try_into().ok()?)));
    let (reading, writing) = (long(16)?, long(24)?);
    Some(Counters {
        requests: word(40)? + word(44)?,
        read_bytes: long(0)?,
        written_bytes: long(8)?,
        waited_us: reading.saturating_add(writing) / UNITS_PER_US,
        busy_us: None,
    })
}
