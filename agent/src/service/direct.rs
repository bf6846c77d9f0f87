//! Two calls of Windows that the library for services does not have.
#![expect(unsafe_code, reason = "Windows has these only as calls with pointers")]

use crate::platform::access::{checked, described};
use std::io;
use windows_service::service::Service;
use windows_sys::Win32::{
    Foundation::CloseHandle,
    Security::DACL_SECURITY_INFORMATION,
    System::{
        Services::SetServiceObjectSecurity,
        Threading::{OpenProcess, PROCESS_TERMINATE, TerminateProcess},
    },
};

/// What is said to have ended a process.
const CODE: u32 = 1;

/// Gives `service` the access list `rules`, in the words of SDDL. It must be open with the right to.
pub(super) fn restrict(service: &Service, rules: &str) -> io::Result<()> {
    let descriptor = described(rules)?;
    // SAFETY: the service is open, and the descriptor whole, until the end of this function.
    checked(unsafe { SetServiceObjectSecurity(service.raw_handle(), DACL_SECURITY_INFORMATION, descriptor.pointer()) })
}

/// Ends a process at once.
pub(super) fn end(process: u32) -> io::Result<()> {
    // SAFETY: it takes numbers alone; what it gives is closed below, once.
    let handle = unsafe { OpenProcess(PROCESS_TERMINATE, 0, process) };
    if handle.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle is open, and nobody else has it.
    unsafe {
        let ended = checked(TerminateProcess(handle, CODE));
        CloseHandle(handle);
        ended
    }
}
