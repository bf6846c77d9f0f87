//! A small file system of its own on a loop device: writing to it is real, and filling it harms
//! nobody.

use super::place::Place;
use crate::tool::{output, tool};
use anyhow::Result;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

#[derive(Debug)]
pub struct Loop {
    pub mount: PathBuf,
}

impl Loop {
    /// Needs root, as mounting does.
    ///
    /// # Errors
    /// When the file system cannot be made or mounted.
    pub fn mount(place: &Place, name: &str, mebibytes: u64) -> Result<Self> {
        Self::made_by(tool("mkfs.ext4").args(["-q", "-m", "0"]), place, name, mebibytes)
    }

    /// One of btrfs, whose kernel counts quotas; it takes at least 110 MiB.
    ///
    /// # Errors
    /// As for [`Self::mount`].
    pub fn mount_btrfs(place: &Place, name: &str, mebibytes: u64) -> Result<Self> {
        Self::made_by(tool("mkfs.btrfs").arg("-q"), place, name, mebibytes)
    }

    fn made_by(mkfs: &mut Command, place: &Place, name: &str, mebibytes: u64) -> Result<Self> {
        let (image, mount) = (place.path(&format!("{name}.img")), place.path(name));
        File::create(&image)?.set_len(mebibytes << 20)?;
        fs::create_dir_all(&mount)?;
        output(mkfs.arg(&image))?;
        output(tool("mount").args(["-o", "loop"]).arg(&image).arg(&mount))?;
        Ok(Self { mount })
    }

    /// Takes this much space with a file.
    ///
    /// # Errors
    /// When the volume is full.
    pub fn take(&self, name: &str, bytes: u64) -> Result<()> {
        let file = File::create(self.mount.join(name))?;
        // Allocated, not written: the volume is as full, and the machine's own disk is spared.
        rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, bytes)?;
        file.sync_all()?;
        Ok(())
    }

    /// Removes a file.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn remove(&self, name: &str) -> Result<()> {
        fs::remove_file(self.mount.join(name))?;
        Ok(())
    }

    pub fn key(&self) -> String {
        self.mount.display().to_string()
    }

    /// Total and free bytes as files can use them.
    ///
    /// # Errors
    /// When the file system does not answer.
    pub fn space(&self) -> Result<(u64, u64)> {
        space(&self.mount)
    }
}

fn space(mount: &Path) -> Result<(u64, u64)> {
    let stat = rustix::fs::statvfs(mount)?;
    let used = stat.f_blocks - stat.f_bfree;
    Ok(((used + stat.f_bavail) * stat.f_frsize, stat.f_bavail * stat.f_frsize))
}

impl Drop for Loop {
    fn drop(&mut self) {
        // Lazily: an agent may be looking at it just now.
        if let Err(error) = output(tool("umount").arg("--lazy").arg(&self.mount)) {
            eprintln!("{error}");
        }
    }
}
