//! Questions to the driver of a drive or of a network card. A handle without any access is enough for them, and needs no
//! rights.
#![expect(unsafe_code, reason = "the calls of Windows")]

use std::{ffi::c_void, ptr};
use windows_sys::Win32::{
    Foundation::{CloseHandle, HANDLE, INVALID_HANDLE_VALUE},
    Storage::FileSystem::{CreateFileW, FILE_SHARE_READ, FILE_SHARE_WRITE, OPEN_EXISTING},
    System::IO::DeviceIoControl,
};

/// Drives are numbered without large holes.
const NUMBERS: u32 = 64;

/// A device, open.
pub(crate) struct Device {
    name: String,
    handle: HANDLE,
}

impl Drop for Device {
    fn drop(&mut self) {
        // SAFETY: the handle was opened by `open` and is closed here alone.
        unsafe { CloseHandle(self.handle) };
    }
}

/// Every physical drive that Windows knows.
pub(crate) fn disks() -> Vec<Device> {
    (0..NUMBERS).filter_map(|number| Device::open(format!(r"\\.\PhysicalDrive{number}"))).collect()
}

impl Device {
    pub(crate) fn open(name: String) -> Option<Self> {
        let wide: Vec<u16> = name.encode_utf16().chain([0]).collect();
        let share = FILE_SHARE_READ | FILE_SHARE_WRITE;
        // SAFETY: `wide` ends with 0 and outlives the call.
        let handle = unsafe { CreateFileW(wide.as_ptr(), 0, share, ptr::null(), OPEN_EXISTING, 0, ptr::null_mut()) };
        (handle != INVALID_HANDLE_VALUE).then_some(Self { name, handle })
    }

    /// Such as `\\.\PhysicalDrive0`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// At most `bytes` of the answer; nothing where the driver does not know the question.
    pub(crate) fn ask(&self, code: u32, question: &[u8], bytes: usize) -> Vec<u8> {
        let mut answer = vec![0_u8; bytes];
        let (asked, room) = (u32::try_from(question.len()), u32::try_from(answer.len()));
        let (Ok(asked), Ok(room), mut given) = (asked, room, 0) else { return Vec::new() };
        let (from, to) = (question.as_ptr().cast::<c_void>(), answer.as_mut_ptr().cast::<c_void>());
        // SAFETY: both buffers outlive the call and are as long as is said; the handle is open.
        let told =
            unsafe { DeviceIoControl(self.handle, code, from, asked, to, room, &raw mut given, ptr::null_mut()) };
        answer.truncate(if told == 0 { 0 } else { usize::try_from(given).unwrap_or(0) });
        answer
    }
}
