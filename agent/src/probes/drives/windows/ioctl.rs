//! Questions to the storage driver about one drive. A handle without any access is enough for them, and
//! needs no rights.
#![expect(unsafe_code, reason = "the calls of Windows")]

use super::super::storage::Answers;
use std::{ffi::c_void, ptr};
use windows_sys::Win32::{
    Foundation::{CloseHandle, HANDLE, INVALID_HANDLE_VALUE},
    Storage::FileSystem::{CreateFileW, FILE_SHARE_READ, FILE_SHARE_WRITE, OPEN_EXISTING},
    System::IO::DeviceIoControl,
};

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

struct Handle(HANDLE);

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the handle was opened by `open` and is closed here alone.
        unsafe { CloseHandle(self.0) };
    }
}

/// What the driver tells about drive `number`; nothing where there is no such drive.
pub(super) fn ask(number: u32) -> Option<Answers> {
    let device = format!(r"\\.\PhysicalDrive{number}");
    let handle = open(&device)?;
    let property = |id| query(&handle, QUERY_PROPERTY, &question(id, &[]), 4_096);
    let protocol = |id, kind, value, bytes| {
        let data = [NVME, kind, value, 0, 40, bytes, 0, 0, 0, 0];
        query(&handle, QUERY_PROPERTY, &question(id, &data), 48 + bytes as usize)
    };
    Some(Answers {
        descriptor: property(DEVICE),
        identifiers: property(IDENTIFIERS),
        seek_penalty: property(SEEK_PENALTY),
        geometry: query(&handle, GEOMETRY, &[], 256),
        identity: protocol(ADAPTER_PROTOCOL, IDENTIFY, CONTROLLER, 4_096),
        health: protocol(DEVICE_PROTOCOL, LOG_PAGE, HEALTH, 512),
        prediction: query(&handle, PREDICT_FAILURE, &[], 516),
        device,
    })
}

/// `STORAGE_PROPERTY_QUERY`: a standard query for `id`, and what belongs to it.
fn question(id: u32, more: &[u32]) -> Vec<u8> {
    [id, 0].iter().chain(if more.is_empty() { &[0] } else { more }).flat_map(|word| word.to_le_bytes()).collect()
}

fn open(device: &str) -> Option<Handle> {
    let wide: Vec<u16> = device.encode_utf16().chain([0]).collect();
    let share = FILE_SHARE_READ | FILE_SHARE_WRITE;
    // SAFETY: `wide` ends with 0 and outlives the call.
    let handle = unsafe { CreateFileW(wide.as_ptr(), 0, share, ptr::null(), OPEN_EXISTING, 0, ptr::null_mut()) };
    (handle != INVALID_HANDLE_VALUE).then_some(Handle(handle))
}

/// At most `bytes` of the answer; nothing where the drive does not know the question.
fn query(handle: &Handle, code: u32, question: &[u8], bytes: usize) -> Vec<u8> {
    let mut answer = vec![0_u8; bytes];
    let (asked, room) = (u32::try_from(question.len()), u32::try_from(answer.len()));
    let (Ok(asked), Ok(room), mut given) = (asked, room, 0) else { return Vec::new() };
    let (from, to) = (question.as_ptr().cast::<c_void>(), answer.as_mut_ptr().cast::<c_void>());
    // SAFETY: both buffers outlive the call and are as long as is said; the handle is open.
    let told = unsafe { DeviceIoControl(handle.0, code, from, asked, to, room, &raw mut given, ptr::null_mut()) };
    answer.truncate(if told == 0 { 0 } else { usize::try_from(given).unwrap_or(0) });
    answer
}
