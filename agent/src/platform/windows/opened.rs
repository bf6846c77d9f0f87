//! What a file that is open really is, wherever the names that led to it point by now.
#![expect(unsafe_code, reason = "Windows has these only as calls with handles")]

use super::access::checked;
use std::{
    ffi::OsString,
    fs::File,
    io,
    os::windows::{ffi::OsStringExt, io::AsRawHandle},
    path::PathBuf,
    ptr::from_ref,
};
use windows_sys::Win32::Storage::FileSystem::{
    BY_HANDLE_FILE_INFORMATION, FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_REPARSE_POINT, FILE_DISPOSITION_INFO,
    FileDispositionInfo, GetFileInformationByHandle, GetFinalPathNameByHandleW, SetFileInformationByHandle,
};

/// Longer paths exist, but not where we keep files.
const PATH_UNITS: usize = 4_096;

/// Where it lies, in the form of [`std::fs::canonicalize`].
pub fn path(file: &File) -> io::Result<PathBuf> {
    let mut place = [0; PATH_UNITS];
    // SAFETY: the handle is open, and the place has room for as many units as is said.
    let len = unsafe { GetFinalPathNameByHandleW(file.as_raw_handle(), place.as_mut_ptr(), PATH_UNITS as u32, 0) };
    match place.get(..len as usize) {
        Some([]) => Err(io::Error::last_os_error()),
        Some(text) => Ok(OsString::from_wide(text).into()),
        None => Err(io::Error::other("its path is too long")),
    }
}

/// Whether it is a file, no link of any kind, and has no second name elsewhere.
pub fn is_plain(file: &File) -> io::Result<bool> {
    let mut about = BY_HANDLE_FILE_INFORMATION::default();
    // SAFETY: the handle is open, and the place is ours.
    checked(unsafe { GetFileInformationByHandle(file.as_raw_handle(), &raw mut about) })?;
    let is_other = about.dwFileAttributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    Ok(!is_other && about.nNumberOfLinks == 1)
}

/// Removes it, and nothing that took its name meanwhile. It must be open with the right to.
pub fn remove(file: &File) -> io::Result<()> {
    let wish = FILE_DISPOSITION_INFO { DeleteFile: true };
    let len = size_of::<FILE_DISPOSITION_INFO>() as u32;
    // SAFETY: the handle is open, and the wish is as long as is said.
    checked(unsafe {
        SetFileInformationByHandle(file.as_raw_handle(), FileDispositionInfo, from_ref(&wish).cast(), len)
    })
}
