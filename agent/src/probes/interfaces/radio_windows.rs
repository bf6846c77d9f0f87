//! Windows: the radio, by the service for wireless networks (wlanapi). Servers have no such library, so it is loaded when
//! it is asked for first.
#![expect(unsafe_code, reason = "Windows has these only as calls with pointers")]

use std::{ffi::c_void, mem::transmute, ptr::null, ptr::null_mut, sync::OnceLock};
use windows_sys::{
    Win32::{
        Foundation::HANDLE,
        NetworkManagement::WiFi::{WLAN_CONNECTION_ATTRIBUTES, wlan_intf_opcode_current_connection},
        System::LibraryLoader::{GetProcAddress, LOAD_LIBRARY_SEARCH_SYSTEM32, LoadLibraryExW},
    },
    core::{GUID, s, w},
};

/// What a radio says of its connection.
pub(super) struct Radio {
    pub(super) signal_dbm: i32,
    pub(super) access_point: String,
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

    fn connection(&self, interface: &GUID) -> Option<WLAN_CONNECTION_ATTRIBUTES> {
        let (mut version, mut handle) = (0, null_mut());
        // SAFETY: both places live until the call returns.
        if unsafe { (self.open)(VERSION, null(), &raw mut version, &raw mut handle) } != 0 {
            return None;
        }
        let (mut size, mut data) = (0, null_mut());
        let opcode = wlan_intf_opcode_current_connection;
        // SAFETY: what comes back is of the size that is told, is copied before it is freed, and freed once, as the
        // handle is closed once.
        unsafe {
            let failed = (self.query)(handle, interface, opcode, null(), &raw mut size, &raw mut data, null_mut());
            let fits = failed == 0 && !data.is_null() && size as usize >= size_of::<WLAN_CONNECTION_ATTRIBUTES>();
            let connection = fits.then(|| data.cast::<WLAN_CONNECTION_ATTRIBUTES>().read_unaligned());
            if !data.is_null() {
                (self.free)(data);
            }
            (self.close)(handle, null());
            connection
        }
    }
}

/// Nothing where the interface is no radio, is not connected, or Windows does not let this service see it: since Windows 11
/// 24H2 that needs the permission for locations.
pub(super) fn radio(interface: &GUID) -> Option<Radio> {
    static LIBRARY: OnceLock<Option<Library>> = OnceLock::new();
    let association = LIBRARY.get_or_init(Library::load).as_ref()?.connection(interface)?.wlanAssociationAttributes;
    // 0 to 100 stand for -100 to -50 dBm (WLAN_ASSOCIATION_ATTRIBUTES).
    let signal_dbm = i32::try_from(association.wlanSignalQuality.min(100)).ok()? / 2 - 100;
    let access_point = association.dot11Bssid.map(|byte| format!("{byte:02x}")).join(":");
    Some(Radio { signal_dbm, access_point })
}
