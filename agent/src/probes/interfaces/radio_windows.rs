//! Windows: the radio, by the service for wireless networks (wlanapi). Servers have no such library, so it is loaded when
//! it is asked for first.
#![expect(unsafe_code, reason = "Windows has these only as calls with pointers")]

use super::parse;
use std::{
    ffi::c_void,
    mem::{offset_of, transmute},
    ptr::{null, null_mut},
    slice::from_raw_parts,
    sync::OnceLock,
};
use windows_sys::{
    Win32::{
        Foundation::HANDLE,
        NetworkManagement::WiFi::{
            WLAN_CONNECTION_ATTRIBUTES, WLAN_PHY_FRAME_STATISTICS, WLAN_STATISTICS,
            wlan_intf_opcode_current_connection, wlan_intf_opcode_statistics,
        },
        System::LibraryLoader::{GetProcAddress, LOAD_LIBRARY_SEARCH_SYSTEM32, LoadLibraryExW},
    },
    core::{GUID, s, w},
};

/// What a radio says of its connection.
pub(super) struct Radio {
    pub(super) signal_dbm: i32,
    pub(super) access_point: Option<String>,
    /// Frames that it gave up after many tries.
    pub(super) failed_frames: Option<u64>,
}

type Open = unsafe extern "system" fn(u32, *const c_void, *mut u32, *mut HANDLE) -> u32;
type Close = unsafe extern "system" fn(HANDLE, *const c_void) -> u32;
type Query =
    unsafe extern "system" fn(HANDLE, *const GUID, i32, *const c_void, *mut u32, *mut *mut c_void, *mut i32) -> u32;
type Free = unsafe extern "system" fn(*const c_void);

struct Library {
    open: Open,
    close: Close,
    query: Query,
    free: Free,
}

/// Of the calls since Windows Vista.
const VERSION: u32 = 2;

impl Library {
    fn load() -> Option<Self> {
        // SAFETY: the names end with a zero; the library is never unloaded, and the types are those of its calls.
        unsafe {
            let library = LoadLibraryExW(w!("wlanapi.dll"), null_mut(), LOAD_LIBRARY_SEARCH_SYSTEM32);
            if library.is_null() {
                return None;
            }
            Some(Self {
                open: transmute::<unsafe extern "system" fn() -> isize, Open>(GetProcAddress(
                    library,
                    s!("WlanOpenHandle"),
                )?),
                close: transmute::<unsafe extern "system" fn() -> isize, Close>(GetProcAddress(
                    library,
                    s!("WlanCloseHandle"),
                )?),
                query: transmute::<unsafe extern "system" fn() -> isize, Query>(GetProcAddress(
                    library,
                    s!("WlanQueryInterface"),
                )?),
                free: transmute::<unsafe extern "system" fn() -> isize, Free>(GetProcAddress(
                    library,
                    s!("WlanFreeMemory"),
                )?),
            })
        }
    }

    /// The answer to one question about an interface; nothing where there is none.
    fn ask(&self, interface: &GUID, opcode: i32) -> Vec<u8> {
        let (mut version, mut handle) = (0, null_mut());
        // SAFETY: both places live until the call returns.
        if unsafe { (self.open)(VERSION, null(), &raw mut version, &raw mut handle) } != 0 {
            return Vec::new();
        }
        let (mut size, mut data) = (0, null_mut());
        // SAFETY: what comes back is of the size that is told, is copied before it is freed, and freed once, as the
        // handle is closed once.
        unsafe {
            let failed = (self.query)(handle, interface, opcode, null(), &raw mut size, &raw mut data, null_mut());
            let is_there = failed == 0 && !data.is_null();
            let answer = if is_there { from_raw_parts(data.cast::<u8>(), size as usize).to_vec() } else { Vec::new() };
            if !data.is_null() {
                (self.free)(data);
            }
            (self.close)(handle, null());
            answer
        }
    }
}

/// Nothing where the interface is no radio, is not connected, or Windows does not let this service see it: since Windows 11
/// 24H2 that needs the permission for locations.
pub(super) fn radio(interface: &GUID) -> Option<Radio> {
    static LIBRARY: OnceLock<Option<Library>> = OnceLock::new();
    let library = LIBRARY.get_or_init(Library::load).as_ref()?;
    let connection = library.ask(interface, wlan_intf_opcode_current_connection);
    if connection.len() < size_of::<WLAN_CONNECTION_ATTRIBUTES>() {
        return None;
    }
    // SAFETY: the answer is as long as the structure, which may hold any bytes.
    let connection = unsafe { connection.as_ptr().cast::<WLAN_CONNECTION_ATTRIBUTES>().read_unaligned() };
    let association = connection.wlanAssociationAttributes;
    Some(Radio {
        // 0 to 100 stand for -100 to -50 dBm (WLAN_ASSOCIATION_ATTRIBUTES).
        signal_dbm: i32::try_from(association.wlanSignalQuality.min(100)).ok()? / 2 - 100,
        access_point: parse::access_point(association.dot11Bssid),
        failed_frames: failed_frames(&library.ask(interface, wlan_intf_opcode_statistics)),
    })
}

/// Of all its ways of sending, each of which it counts by itself (`WLAN_STATISTICS`).
fn failed_frames(statistics: &[u8]) -> Option<u64> {
    let count = statistics.get(offset_of!(WLAN_STATISTICS, dwNumberOfPhys)..)?.first_chunk()?;
    let ways = statistics.get(offset_of!(WLAN_STATISTICS, PhyCounters)..)?;
    let ways = ways.chunks_exact(size_of::<WLAN_PHY_FRAME_STATISTICS>()).take(u32::from_le_bytes(*count) as usize);
    let failed = |way: &[u8]| {
        let count = way.get(offset_of!(WLAN_PHY_FRAME_STATISTICS, ullFailedCount)..)?.first_chunk()?;
        Some(u64::from_le_bytes(*count))
    };
    ways.map(failed).reduce(|sum, of_way| Some(sum?.saturating_add(of_way?)))?
}
