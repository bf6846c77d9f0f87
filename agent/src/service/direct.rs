//! Calls of Windows that the library for services does not have.
#![expect(unsafe_code, reason = "Windows has these only as calls with pointers")]

use crate::platform::access::{checked, described};
use std::{
    io,
    os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle},
    time::Duration,
};
use windows_service::service::Service;
use windows_sys::Win32::{
    Foundation::WAIT_OBJECT_0,
    Security::DACL_SECURITY_INFORMATION,
    System::{
        Services::SetServiceObjectSecurity,
        Threading::{
            OpenProcess, PROCESS_ACCESS_RIGHTS, PROCESS_SYNCHRONIZE, PROCESS_TERMINATE, TerminateProcess,
            WaitForSingleObject,
        },
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
    let process = open(process, PROCESS_TERMINATE)?;
    // SAFETY: the handle is open until the end of this function.
    checked(unsafe { TerminateProcess(process.as_raw_handle(), CODE) })
}

/// A process that can be waited for, also when another takes its number meanwhile.
#[derive(Debug)]
pub(super) struct Running(OwnedHandle);

impl Running {
    pub(super) fn of(process: u32) -> io::Result<Self> {
        open(process, PROCESS_SYNCHRONIZE).map(Self)
    }

    /// Whether it ended, at the latest after `patience`.
    pub(super) fn ended(&self, patience: Duration) -> bool {
        let patience = u32::try_from(patience.as_millis()).unwrap_or(u32::MAX - 1);
        // SAFETY: the handle is open as long as `self` lives.
        unsafe { WaitForSingleObject(self.0.as_raw_handle(), patience) == WAIT_OBJECT_0 }
    }
}

fn open(process: u32, rights: PROCESS_ACCESS_RIGHTS) -> io::Result<OwnedHandle> {
    // SAFETY: it takes numbers alone.
    let handle = unsafe { OpenProcess(rights, 0, process) };
    if handle.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle is open, and nobody else has it.
    Ok(unsafe { OwnedHandle::from_raw_handle(handle) })
}
