//! Linux: reading what another user laid ready without being led elsewhere, replacing an executable,
//! and restarting the service.

use super::tool;
use rustix::{
    fs::{AtFlags, Mode, OFlags, openat, renameat, unlinkat},
    io::Errno,
};
use std::{
    fs::{self, File},
    io,
    os::{
        fd::{AsFd, OwnedFd},
        unix::fs::MetadataExt,
    },
    path::{Path, PathBuf},
    time::Duration,
};

pub const EXECUTABLE: &str = "/usr/bin/beforehand-agent";
const SYSTEMCTL: &str = "/usr/bin/systemctl";
const SERVICE: &str = "beforehand-agent.service";
const PATIENCE: Duration = Duration::from_secs(60);

pub fn work_dir() -> PathBuf {
    "/var/lib/beforehand-agent-update".into()
}

/// A folder that another user may change at any moment. Names are looked up inside this very folder,
/// and no link is followed.
#[derive(Debug)]
pub(super) struct Folder(OwnedFd);

impl Folder {
    /// Opens `path`, every part of which must belong to somebody we trust.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(File::open(path)?.into()))
    }

    /// The folder `name` in it.
    pub(super) fn sub(&self, name: &str) -> io::Result<Option<Self>> {
        Ok(self.opened(name, OFlags::DIRECTORY)?.map(Self))
    }

    /// The plain file `name` in it, to read.
    pub(super) fn file(&self, name: &str) -> io::Result<Option<File>> {
        // Without NONBLOCK the opening of a pipe would wait for its other end.
        let Some(fd) = self.opened(name, OFlags::NONBLOCK)? else { return Ok(None) };
        let file = File::from(fd);
        if file.metadata()?.is_file() {
            Ok(Some(file))
        } else {
            Err(io::Error::other(format!("{name} is no plain file")))
        }
    }

    /// Afterwards nothing has this name. A folder that is not empty is only moved aside: what the other
    /// user put into it is not followed.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        match self.unlink(name, AtFlags::empty()) {
            Err(Errno::ISDIR) => match self.unlink(name, AtFlags::REMOVEDIR) {
                Err(Errno::NOTEMPTY | Errno::EXIST) => {
                    let aside = format!("{name}.aside-{}", std::process::id());
                    Ok(renameat(&self.0, name, &self.0, aside)?)
                }
                other => Ok(other?),
            },
            other => Ok(other?),
        }
    }

    /// What is not there is removed already.
    fn unlink(&self, name: &str, flags: AtFlags) -> Result<(), Errno> {
        match unlinkat(self.0.as_fd(), name, flags) {
            Err(Errno::NOENT) => Ok(()),
            other => other,
        }
    }

    fn opened(&self, name: &str, flags: OFlags) -> io::Result<Option<OwnedFd>> {
        let flags = flags | OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match openat(self.0.as_fd(), name, flags, Mode::empty()) {
            Ok(fd) => Ok(Some(fd)),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Puts `new` in the place of `executable`; at every moment one of the two is there.
pub(super) fn replace(new: &Path, executable: &Path) -> io::Result<()> {
    fs::rename(new, executable)
}

/// Makes `work`, and makes sure that nobody else may change it.
pub(super) fn own_folder(work: &Path) -> io::Result<()> {
    fs::create_dir_all(work)?;
    let is = fs::symlink_metadata(work)?;
    let ours = is.is_dir() && is.uid() == rustix::process::geteuid().as_raw() && is.mode() & 0o022 == 0;
    if ours {
        return Ok(());
    }
    let who = "must be a folder that belongs to the user of this step and that nobody else may write";
    Err(io::Error::new(io::ErrorKind::PermissionDenied, who))
}

/// Systemd sees by itself what was laid ready, and what was cut short.
pub(super) fn wake() {}

/// Restarts the agent's service, also after it failed too often.
///
/// # Errors
/// What the service manager said.
pub fn restart_service() -> Result<(), String> {
    // It may not have failed; then there is nothing to forget.
    drop(tool::run(Path::new(SYSTEMCTL), &["reset-failed".into(), SERVICE.into()], PATIENCE));
    tool::run(Path::new(SYSTEMCTL), &["--no-block".into(), "restart".into(), SERVICE.into()], PATIENCE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn no_link_and_no_pipe_of_the_other_user_is_opened() {
        let dir = tempfile::tempdir().unwrap();
        let secret = dir.path().join("secret");
        fs::write(&secret, "root's own").unwrap();
        let state = dir.path().join("state");
        fs::create_dir(&state).unwrap();
        symlink(&secret, state.join("package")).unwrap();
        symlink(dir.path(), state.join("update")).unwrap();
        rustix::fs::mknodat(rustix::fs::CWD, state.join("pipe"), rustix::fs::FileType::Fifo, Mode::RUSR, 0).unwrap();
        let folder = Folder::open(&state).unwrap();
        assert!(folder.file("package").is_err(), "a link");
        assert!(folder.sub("update").is_err(), "a link to a folder");
        assert!(folder.file("pipe").is_err(), "a pipe");
        assert!(folder.file("nothing").unwrap().is_none() && folder.sub("nothing").unwrap().is_none());
        folder.remove("package").unwrap();
        assert_eq!(fs::read_to_string(&secret).unwrap(), "root's own");
    }

    #[test]
    fn a_work_folder_that_others_may_write_is_not_used() {
        let dir = tempfile::tempdir().unwrap();
        own_folder(&dir.path().join("new")).unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).unwrap();
        assert_eq!(own_folder(dir.path()).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
    }
}
