//! Files that are there whole or not at all.

use crate::platform;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// The user that wrote it.
    Owner,
    All,
    /// Everybody, who may also run it.
    Program,
}

/// Writes `bytes` as `name` in `dir`: afterwards the old or the new content is there, also after a
/// loss of power.
pub(crate) fn write(dir: &Path, name: &str, bytes: &[u8], readers: Readers) -> io::Result<()> {
    fill(dir, name, readers, |file| file.write_all(bytes))
}

/// As [`write`], with content that `fill` gives.
pub(crate) fn fill(
    dir: &Path,
    name: &str,
    readers: Readers,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let new = dir.join(format!("{name}.part"));
    // Made anew, so that whatever lies there is neither followed nor written into.
    remove(&new)?;
    let mut file = create(&new, readers)?;
    let filled = fill(&mut file).and_then(|()| file.sync_all());
    drop(file);
    if filled.is_err() {
        // The error that counts is the first.
        drop(remove(&new));
    }
    filled?;
    fs::rename(&new, dir.join(name))?;
    platform::sync_dir(dir)
}

/// The content of `path` if it is at most `limit` bytes; nothing where there is no such file.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    match File::open(path) {
        Ok(file) => bounded(file, limit).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// All that `source` gives, if that is at most `limit` bytes.
pub(crate) fn bounded(source: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    copy(source, &mut bytes, limit)?;
    Ok(bytes)
}

/// Copies all that `source` gives, if that is at most `limit` bytes; how many it was.
pub(crate) fn copy(source: impl Read, to: &mut impl Write, limit: u64) -> io::Result<u64> {
    let copied = io::copy(&mut source.take(limit.saturating_add(1)), to)?;
    if copied > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is longer than {limit} bytes")));
    }
    Ok(copied)
}

/// Removes a file; one that is not there is removed already.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn create(path: &Path, readers: Readers) -> io::Result<File> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let mode = match readers {
        Readers::Owner => 0o600,
        Readers::All => 0o644,
        Readers::Program => 0o755,
    };
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    // Whatever the process's mask took away.
    file.set_permissions(fs::Permissions::from_mode(mode))?;
    Ok(file)
}

/// The access list of the folder holds here.
#[cfg(windows)]
fn create(path: &Path, _readers: Readers) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_than_its_limit_is_refused_and_not_cut() {
        assert_eq!(bounded(&b"12345"[..], 5).unwrap(), b"12345");
        assert_eq!(bounded(&b"123456"[..], 5).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_lies_in_the_way_is_replaced_and_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let victim = dir.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        for name in ["file", "file.part"] {
            std::os::unix::fs::symlink(&victim, dir.path().join(name)).unwrap();
        }
        write(dir.path(), "file", b"new", Readers::All).unwrap();
        assert_eq!(fs::read(dir.path().join("file")).unwrap(), b"new");
        assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
    }
}
