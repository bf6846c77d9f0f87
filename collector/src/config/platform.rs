//! Where this system keeps the state of a service, and how a folder is kept from others.

use std::{
    fs::DirBuilder,
    io,
    path::{Path, PathBuf},
};

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
