//! Where this system keeps the state of a service.

use std::path::PathBuf;

#[cfg(not(windows))]
pub(super) fn state_dir() -> PathBuf {
    PathBuf::from("/var/lib/beforehand-collector")
}

#[cfg(windows)]
pub(super) fn state_dir() -> PathBuf {
    PathBuf::from(r"C:\ProgramData\Beforehand\collector")
}
