//! Windows: the same as on Linux with what there is here. Restarting the service is still missing;
//! see the README of this folder.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

pub const WORK_DIR: &str = r"C:\ProgramData\Beforehand\update";
pub const EXECUTABLE: &str = r"C:\Program Files\Beforehand\beforehand-agent.exe";

/// A folder that another user may change at any moment.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|_| Self(path.to_owned()))
    }

    pub(super) fn sub(&self, name: &str) -> io::Result<Option<Self>> {
        let path = self.0.join(name);
        Ok(self.plain(name, fs::FileType::is_dir)?.then_some(Self(path)))
    }

    pub(super) fn file(&self, name: &str) -> io::Result<Option<File>> {
        if self.plain(name, fs::FileType::is_file)? { File::open(self.0.join(name)).map(Some) } else { Ok(None) }
    }

    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        let path = self.0.join(name);
        if !self.plain(name, fs::FileType::is_dir).unwrap_or_default() {
            return super::files::remove(&path);
        }
        fs::remove_dir(&path)
            .or_else(|_| fs::rename(&path, self.0.join(format!("{name}.aside-{}", std::process::id()))))
    }

    /// Whether it is there, and neither a link nor a junction.
    fn plain(&self, name: &str, wanted: fn(&fs::FileType) -> bool) -> io::Result<bool> {
        match fs::symlink_metadata(self.0.join(name)) {
            Ok(is) if wanted(&is.file_type()) => Ok(true),
            Ok(_) => Err(io::Error::other(format!("{name} is not what it should be"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// A program that runs cannot be replaced, but it can be renamed. Between the two renames nothing is
/// in its place; the journal knows, and the step is repeated.
pub(super) fn replace(new: &Path, executable: &Path) -> io::Result<()> {
    let aside = executable.with_extension("old");
    // It may still run from an earlier update: then this name stays taken and the next one is tried.
    let aside = match super::files::remove(&aside) {
        Ok(()) => aside,
        Err(_) => executable.with_extension("older"),
    };
    match fs::rename(executable, aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::rename(new, executable),
    }
}

/// The access list that the installer gives to the folder keeps others out.
pub(super) fn own_folder(work: &Path) -> io::Result<()> {
    fs::create_dir_all(work)
}

/// Not there yet.
///
/// # Errors
/// Always.
pub fn restart_service() -> Result<(), String> {
    Err("this build cannot restart its service; start it by hand".to_owned())
}
