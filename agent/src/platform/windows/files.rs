//! Files and folders that only the system, its administrators and the agent's service may read.

use super::{access, data_dir, log_dir, state_dir};
use crate::update::system;
use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// The service's own account, `NT SERVICE\BeforehandAgent`. Windows derives it from the name: S-1-5-80
/// and the SHA-1 of the upper-case name in UTF-16, as five numbers (`sc showsid BeforehandAgent`).
pub const SERVICE_SID: &str = "S-1-5-80-1243914613-3573464430-3645201412-1220727310-614649506";

/// Full control for the system and administrators, and for the service what `rights` says; nothing is
/// inherited from above, all of it by what lies below.
fn rules(rights: &str) -> String {
    format!("O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;{rights};;;{SERVICE_SID})")
}

/// Reading.
const READ: &str = "0x1200a9";
/// Reading, writing and deleting, but not changing who may.
const MODIFY: &str = "0x1301bf";

/// Makes the packaged folders with their access rules, or puts the rules right.
///
/// # Errors
/// Anyone may make a folder in `ProgramData`. One that is there already and belongs to somebody who is
/// no administrator is refused: what lies in it may be a trap.
pub fn prepare_data_dir() -> io::Result<()> {
    if !access::is_administrator() {
        let why = "this needs the rights of an administrator; open the console with \"Run as administrator\"";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    }
    protect_from_service(&data_dir())?;
    protect_from_service(&system::work_dir())?;
    access::protect(&state_dir(), &rules(MODIFY))?;
    access::protect(&log_dir(), &rules(MODIFY))
}

/// Makes `dir` a folder that the service may read and nobody but the system and administrators may change.
///
/// # Errors
/// As of [`prepare_data_dir`].
pub fn protect_from_service(dir: &Path) -> io::Result<()> {
    access::protect(dir, &rules(READ))
}

/// Makes `dir` for this agent alone. Outside the packaged folders it is what the folder above says.
pub fn create_private_dir(dir: &Path) -> io::Result<()> {
    if dir.starts_with(data_dir()) && !dir.exists() {
        prepare_data_dir()?;
    }
    fs::create_dir_all(dir)
}

/// Opens a new file; it inherits the rules of its folder.
pub fn create_private(path: &Path) -> io::Result<File> {
    File::create(path)
}

/// NTFS journals names itself.
pub fn sync_dir(_dir: &Path) -> io::Result<()> {
    Ok(())
}
