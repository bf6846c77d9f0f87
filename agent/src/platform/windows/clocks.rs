//! The clocks of Windows.

use crate::time::Reading;
use beforehand_shared::time::Timestamp;
use windows_sys::Win32::System::{SystemInformation::GetTickCount64, WindowsProgramming::QueryUnbiasedInterruptTime};

/// The unbiased interrupt time counts in units of 100 ns.
const UNITS_PER_MS: u64 = 10_000;

/// The three clocks: the tick count goes on while the machine sleeps, the unbiased interrupt time stands
/// still. The former moves in steps of up to 16 ms, and so may stand a little behind.
#[expect(unsafe_code, reason = "two calls that give a number")]
pub fn read_clocks(wall: Timestamp) -> Reading {
    let mut awake = 0;
    // SAFETY: it writes one u64 to a place that is ours for the length of the call.
    unsafe { QueryUnbiasedInterruptTime(&raw mut awake) };
    // SAFETY: it takes nothing and always succeeds.
    let mono_ms = unsafe { GetTickCount64() };
    let awake_ms = awake / UNITS_PER_MS;
    Reading { wall, mono_ms: mono_ms.max(awake_ms), awake_ms }
}
