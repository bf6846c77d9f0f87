//! The folder that Windows keeps for the data of programs. It is asked for and not read from the
//! environment, which differs between people and services and which anyone may set.

use std::{ffi::OsString, os::windows::ffi::OsStringExt, path::PathBuf, ptr::null_mut};
use windows_sys::Win32::{
    System::Com::CoTaskMemFree,
    UI::Shell::{FOLDERID_ProgramData, KF_FLAG_DEFAULT, SHGetKnownFolderPath},
};

/// `C:\ProgramData` nearly everywhere.
#[expect(unsafe_code, reason = "Windows has this only as a call with pointers")]
pub(super) fn program_data() -> PathBuf {
    let mut text = null_mut();
    // SAFETY: `text` is a place for one pointer. What is put there ends with a zero, is ours to free, and
    // is null where the call fails.
    let path = unsafe {
        let code = SHGetKnownFolderPath(&FOLDERID_ProgramData, KF_FLAG_DEFAULT as u32, null_mut(), &raw mut text);
        let found = (code == 0 && !text.is_null()).then(|| {
            let len = (0..).take_while(|at| *text.add(*at) != 0).count();
            OsString::from_wide(std::slice::from_raw_parts(text, len))
        });
        CoTaskMemFree(text.cast());
        found
    };
    path.map_or_else(|| PathBuf::from(r"C:\ProgramData"), PathBuf::from)
}
