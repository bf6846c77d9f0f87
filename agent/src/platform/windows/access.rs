//! Access rules of folders, and who we are: the calls of Windows that take pointers.
#![expect(unsafe_code, reason = "Windows has these only as calls with pointers")]

use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io,
    os::windows::{
        ffi::OsStrExt,
        fs::{MetadataExt, OpenOptionsExt},
        io::AsRawHandle,
    },
    path::Path,
    ptr::{null, null_mut},
};
use windows_sys::Win32::{
    Foundation::{CloseHandle, ERROR_ALREADY_EXISTS, LocalFree},
    Security::{
        ACL,
        Authorization::{
            ConvertStringSecurityDescriptorToSecurityDescriptorW, GetSecurityInfo, SDDL_REVISION_1, SE_FILE_OBJECT,
            SetSecurityInfo,
        },
        CheckTokenMembership, CreateWellKnownSid, DACL_SECURITY_INFORMATION, EqualSid, GetSecurityDescriptorDacl,
        GetTokenInformation, IsWellKnownSid, OWNER_SECURITY_INFORMATION, PROTECTED_DACL_SECURITY_INFORMATION,
        PSECURITY_DESCRIPTOR, PSID, SECURITY_ATTRIBUTES, SECURITY_MAX_SID_SIZE, TOKEN_QUERY, TOKEN_USER, TokenUser,
        WinBuiltinAdministratorsSid, WinLocalSystemSid,
    },
    Storage::FileSystem::{
        CreateDirectoryW, FILE_ATTRIBUTE_REPARSE_POINT, FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT,
        FILE_READ_ATTRIBUTES, READ_CONTROL, WRITE_DAC,
    },
    System::Threading::{GetCurrentProcess, OpenProcessToken},
};

fn wide(text: &OsStr) -> Vec<u16> {
    text.encode_wide().chain([0]).collect()
}

/// What Windows gave us to free.
pub(crate) struct Given(PSECURITY_DESCRIPTOR);

impl Given {
    /// It is there as long as `self` is.
    pub(crate) fn pointer(&self) -> PSECURITY_DESCRIPTOR {
        self.0
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        // SAFETY: it came from a call that says to free it so, and nobody else holds it.
        unsafe { LocalFree(self.0) };
    }
}

/// `rules` in the words of SDDL as Windows takes them.
///
/// # Errors
/// When they are no rules.
pub(crate) fn described(rules: &str) -> io::Result<Given> {
    let (text, mut descriptor) = (wide(rules.as_ref()), null_mut());
    // SAFETY: `text` ends with a zero; `descriptor` is a place for one pointer.
    let read = unsafe {
        ConvertStringSecurityDescriptorToSecurityDescriptorW(
            text.as_ptr(),
            SDDL_REVISION_1,
            &raw mut descriptor,
            null_mut(),
        )
    };
    checked(read)?;
    Ok(Given(descriptor))
}

/// Makes the folder at `path` with `rules` in the words of SDDL, or gives them to the one that is there,
/// and to what lies below it.
///
/// # Errors
/// What Windows says; a folder that belongs to a stranger is refused.
pub(super) fn protect(path: &Path, rules: &str) -> io::Result<()> {
    let (name, descriptor) = (wide(path.as_os_str()), described(rules)?);
    let attributes = SECURITY_ATTRIBUTES {
        nLength: size_of::<SECURITY_ATTRIBUTES>() as u32,
        lpSecurityDescriptor: descriptor.0,
        bInheritHandle: 0,
    };
    // SAFETY: `name` ends with a zero, and the descriptor lives until the end of this function.
    match checked(unsafe { CreateDirectoryW(name.as_ptr(), &raw const attributes) }) {
        Err(error) if error.raw_os_error() == Some(ERROR_ALREADY_EXISTS as i32) => {}
        made => return made,
    }
    let folder = opened(path)?;
    let is_plain = folder.metadata()?.file_attributes() & FILE_ATTRIBUTE_REPARSE_POINT == 0;
    if is_plain && is_ours(&folder)? {
        return apply(&folder, &descriptor);
    }
    let why = format!(
        "{} was made by somebody who is no administrator, so what lies in it cannot be trusted. Look at it, remove it, \
         and try again",
        path.display()
    );
    Err(io::Error::new(io::ErrorKind::PermissionDenied, why))
}

/// What has that name itself: a junction is not followed, and nobody can put another thing in its place
/// between looking at it and changing it.
fn opened(path: &Path) -> io::Result<File> {
    let rights = READ_CONTROL | WRITE_DAC | FILE_READ_ATTRIBUTES;
    let flags = FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT;
    OpenOptions::new().access_mode(rights).custom_flags(flags).open(path)
}

/// Replaces the rules of `folder` by those of `descriptor`.
fn apply(folder: &File, descriptor: &Given) -> io::Result<()> {
    let (mut present, mut defaulted, mut list) = (0, 0, null_mut::<ACL>());
    let what = DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;
    // SAFETY: the descriptor is whole and lives on; the list points into it; the handle is open.
    let code = unsafe {
        checked(GetSecurityDescriptorDacl(descriptor.0, &raw mut present, &raw mut list, &raw mut defaulted))?;
        SetSecurityInfo(folder.as_raw_handle(), SE_FILE_OBJECT, what, null_mut(), null_mut(), list, null())
    };
    coded(code)
}

/// Whether `folder` belongs to the system, the administrators or ourselves.
fn is_ours(folder: &File) -> io::Result<bool> {
    let (mut owner, mut descriptor): (PSID, PSECURITY_DESCRIPTOR) = (null_mut(), null_mut());
    let (file, what, none, no_list) = (SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, null_mut(), null_mut());
    let handle = folder.as_raw_handle();
    // SAFETY: the handle is open; the places are ours; what is not asked for is null.
    let code =
        unsafe { GetSecurityInfo(handle, file, what, &raw mut owner, none, no_list, no_list, &raw mut descriptor) };
    coded(code)?;
    let _descriptor = Given(descriptor);
    // SAFETY: the owner points into the descriptor, which is freed only at the end of this function.
    let is_system = unsafe { IsWellKnownSid(owner, WinLocalSystemSid) } != 0;
    Ok(is_system || is_member(owner) || is_us(owner)?)
}

/// Whether `sid` is the user that this process runs as. It must point to a whole SID.
fn is_us(sid: PSID) -> io::Result<bool> {
    const WORDS: usize = (size_of::<TOKEN_USER>() + SECURITY_MAX_SID_SIZE as usize).div_ceil(8);
    let (mut token, mut place, mut len) = (null_mut(), [0u64; WORDS], 0);
    let room = (WORDS * 8) as u32;
    // SAFETY: the place has room for the longest answer, as is said, and is aligned for it; the token is
    // open while it is asked and closed once; the user's SID lies in the place.
    unsafe {
        checked(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token))?;
        let asked = GetTokenInformation(token, TokenUser, place.as_mut_ptr().cast(), room, &raw mut len);
        let asked = checked(asked);
        CloseHandle(token);
        asked?;
        Ok(EqualSid(place.as_ptr().cast::<TOKEN_USER>().read().User.Sid, sid) != 0)
    }
}

/// Whether this process has the rights of an administrator now (not merely could ask for them).
pub(super) fn is_administrator() -> bool {
    let (mut sid, mut len) = ([0u64; (SECURITY_MAX_SID_SIZE as usize).div_ceil(8)], SECURITY_MAX_SID_SIZE);
    let place = sid.as_mut_ptr().cast();
    // SAFETY: `place` has room for the longest SID there is, and `len` says so.
    let made = unsafe { CreateWellKnownSid(WinBuiltinAdministratorsSid, null_mut(), place, &raw mut len) };
    made != 0 && is_member(place)
}

/// `sid` must point to a whole SID.
fn is_member(sid: PSID) -> bool {
    let mut member = 0;
    // SAFETY: no token means our own; the caller vouches for the SID.
    let asked = unsafe { CheckTokenMembership(null_mut(), sid, &raw mut member) };
    asked != 0 && member != 0
}

pub(crate) fn checked(outcome: i32) -> io::Result<()> {
    if outcome == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn coded(code: u32) -> io::Result<()> {
    if code == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(code.cast_signed())) }
}
