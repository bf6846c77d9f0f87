//! Reading and clearing a folder of another user without being led elsewhere. Names are looked up anew
//! by every call, so each file is judged once it is open: by where it lies and what it is.

use crate::platform::opened;
use std::{
    fs::{self, File, OpenOptions},
    io,
    os::windows::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use windows_sys::Win32::{
    Foundation::GENERIC_READ,
    Storage::FileSystem::{DELETE, FILE_FLAG_OPEN_REPARSE_POINT, FILE_READ_ATTRIBUTES},
};

/// A folder that another user may change at any moment.
#[derive(Debug)]
pub(in crate::update) struct Folder(PathBuf);

impl Folder {
    /// Opens `path`, which lies in a folder that somebody we trust owns.
    pub(in crate::update) fn open(path: &Path) -> io::Result<Self> {
        fs::symlink_metadata(path)?;
        let (Some(above), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(io::Error::other("it lies in no folder"));
        };
        Ok(Self(fs::canonicalize(above)?.join(name)))
    }

    /// The folder `name` in it.
    pub(in crate::update) fn sub(&self, name: &str) -> io::Result<Option<Self>> {
        let path = self.0.join(name);
        match fs::symlink_metadata(&path) {
            Ok(is) if is.is_dir() => Ok(Some(Self(path))),
            Ok(_) => Err(io::Error::other(format!("{name} is no folder"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The plain file `name` in it, to read.
    pub(in crate::update) fn file(&self, name: &str) -> io::Result<Option<File>> {
        self.opened(name, GENERIC_READ)
    }

    pub(in crate::update) fn remove(&self, name: &str) -> io::Result<()> {
        self.opened(name, DELETE | FILE_READ_ATTRIBUTES)?.map_or(Ok(()), |file| opened::remove(&file))
    }

    fn opened(&self, name: &str, access: u32) -> io::Result<Option<File>> {
        let path = self.0.join(name);
        let file = match OpenOptions::new().access_mode(access).custom_flags(FILE_FLAG_OPEN_REPARSE_POINT).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let is_here = opened::path(&file)?.as_os_str().eq_ignore_ascii_case(path.as_os_str());
        if is_here && opened::is_plain(&file)? {
            Ok(Some(file))
        } else {
            Err(io::Error::other(format!("{name} is no plain file, or leads elsewhere")))
        }
    }
}
