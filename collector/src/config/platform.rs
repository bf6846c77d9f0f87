//! Where this system keeps the state of a service, and how a folder is kept from others.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

#[cfg(unix)]
const ROOT: u32 = 0;

/// What the package installs, read where no other file is given.
#[cfg(not(windows))]
pub(super) const CONFIG_FILE: &str = "/etc/beforehand/collector.toml";
#[cfg(windows)]
pub(super) const CONFIG_FILE: &str = r"C:\ProgramData\Beforehand\collector.toml";

#[cfg(not(windows))]
pub(super) fn state_dir() -> PathBuf {
    PathBuf::from("/var/lib/beforehand-collector")
}

#[cfg(windows)]
pub(super) fn state_dir() -> PathBuf {
    PathBuf::from(r"C:\ProgramData\Beforehand\collector")
}

#[cfg(not(windows))]
pub(super) fn packages_dir() -> PathBuf {
    PathBuf::from("/usr/share/beforehand-collector/agents")
}

#[cfg(windows)]
pub(super) fn packages_dir() -> PathBuf {
    PathBuf::from(r"C:\ProgramData\Beforehand\agents")
}

/// Makes `folder`, where it is missing, for the collector alone.
#[cfg(unix)]
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// On Windows the access list of the parent folder, made by the installer, keeps others out.
#[cfg(not(unix))]
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)
}

/// Opens a new file, in place of whatever has that name, for the collector alone. What root makes
/// belongs to the owner of the folder, so that the service can read what an administrator added. A
/// link of that name is replaced and never followed: the folder belongs to a user who may do less.
#[cfg(unix)]
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
    remove(path)?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    if let (true, Some(folder)) = (file.metadata()?.uid() == ROOT, path.parent()) {
        let folder = std::fs::metadata(folder)?;
        fchown(&file, Some(folder.uid()), Some(folder.gid()))?;
    }
    Ok(file)
}

/// On Windows the access list of the folder holds.
#[cfg(not(unix))]
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    remove(path)?;
    OpenOptions::new().write(true).create_new(true).open(path)
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// As [`make_private`]; what root made belongs to the owner of the folder above.
#[cfg(unix)]
pub(crate) fn make_private_as_above(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, lchown};
    make_private(folder)?;
    let made = std::fs::symlink_metadata(folder)?;
    if !made.is_dir() {
        let text = format!("{} is a link, and must be a folder", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotADirectory, text));
    }
    if let (ROOT, Some(above)) = (made.uid(), folder.parent()) {
        let above = std::fs::metadata(above)?;
        lchown(folder, Some(above.uid()), Some(above.gid()))?;
    }
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn make_private_as_above(folder: &Path) -> io::Result<()> {
    make_private(folder)
}
