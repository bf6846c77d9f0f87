//! One folder of spooled reports, and the only code that writes, moves and removes them.

use super::file::{Damage, Name, Stored};
use crate::platform;
use beforehand_shared::{ids::Incarnation, time::Timestamp};
use std::{
    collections::BTreeMap,
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

/// What is known of a report without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub made_at: Timestamp,
    pub incarnation: Incarnation,
    pub bytes: u64,
}

impl Entry {
    const fn name(&self, seq: u64) -> Name {
        Name { seq, made_at: self.made_at, incarnation: self.incarnation }
    }
}

/// A folder and its index, kept in step.
#[derive(Debug)]
pub(super) struct Shelf {
    dir: PathBuf,
    entries: BTreeMap<u64, Entry>,
    bytes: u64,
}

/// Why a spooled report cannot be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("{0}")]
    Damaged(#[from] Damage),
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("its name and its content are of different reports")]
    Misnamed,
    #[error("what is in it is not a report")]
    NotAReport,
}

impl Shelf {
    /// Reads the names in `dir`, which is made if it can be. Files that are not reports are left
    /// alone; of two with one number, the one of `incarnation` counts.
    pub(super) fn open(dir: PathBuf, incarnation: Incarnation) -> Self {
        if let Err(error) = fs::create_dir_all(&dir) {
            tracing::warn!(dir = %dir.display(), %error, "the spool's folder cannot be made");
        }
        let mut shelf = Self { dir, entries: BTreeMap::new(), bytes: 0 };
        for file in fs::read_dir(&shelf.dir).into_iter().flatten().flatten() {
            let Some(name) = file.file_name().to_str().and_then(Name::parse) else { continue };
            if name.incarnation != incarnation && shelf.entries.contains_key(&name.seq) {
                continue;
            }
            let bytes = file.metadata().map_or(0, |metadata| metadata.len());
            shelf.index(name, bytes);
        }
        shelf
    }

    pub(super) const fn entries(&self) -> &BTreeMap<u64, Entry> {
        &self.entries
    }

    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn path(&self, seq: u64) -> Option<PathBuf> {
        self.entries.get(&seq).map(|entry| self.dir.join(entry.name(seq).to_string()))
    }

    /// Writes `stored` durably: whole or not at all, whatever happens meanwhile.
    pub(super) fn put(&mut self, tmp: &Path, stored: &Stored) -> io::Result<()> {
        let bytes = stored.encode();
        write_new(tmp, &bytes).inspect_err(|_| drop(fs::remove_file(tmp)))?;
        let name = stored.name();
        fs::rename(tmp, self.dir.join(name.to_string()))?;
        platform::sync_dir(&self.dir)?;
        self.index(name, bytes.len() as u64);
        Ok(())
    }

    /// Replaces the report `seq` by `stored` in one step; a crash leaves the one or the other.
    pub(super) fn replace(&mut self, tmp: &Path, seq: u64, stored: &Stored) -> io::Result<()> {
        let Some(old) = self.path(seq) else { return Ok(()) };
        let bytes = stored.encode();
        write_new(tmp, &bytes)?;
        fs::rename(tmp, &old)?;
        fs::rename(&old, self.dir.join(stored.name().to_string()))?;
        platform::sync_dir(&self.dir)?;
        self.forget(seq);
        self.index(stored.name(), bytes.len() as u64);
        Ok(())
    }

    /// Reads the report `seq`, which must be what its name says.
    ///
    /// # Errors
    /// [`Unreadable::Misnamed`] also where [`Shelf::replace`] was cut between its two renames.
    pub(super) fn get(&self, seq: u64) -> Result<Stored, Unreadable> {
        let stored = self.get_unnamed(seq)?;
        let named = self.entries.get(&seq).map(|entry| entry.name(seq));
        if named == Some(stored.name()) { Ok(stored) } else { Err(Unreadable::Misnamed) }
    }

    /// Reads the file of `seq`, whichever report is in it.
    pub(super) fn get_unnamed(&self, seq: u64) -> Result<Stored, Unreadable> {
        let path = self.path(seq).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Stored::decode(&fs::read(path)?)?)
    }

    /// Gives the file of `seq` the name of the report in it.
    pub(super) fn rename(&mut self, seq: u64, name: Name) -> io::Result<()> {
        let (Some(path), Some(entry)) = (self.path(seq), self.entries.get(&seq).copied()) else { return Ok(()) };
        fs::rename(path, self.dir.join(name.to_string()))?;
        self.forget(seq);
        self.index(name, entry.bytes);
        Ok(())
    }

    /// Removes the report `seq`. Failing to is logged only: the index forgets it all the same, so
    /// that one stubborn file cannot stop the spool.
    pub(super) fn remove(&mut self, seq: u64) {
        if let Some(path) = self.path(seq)
            && let Err(error) = fs::remove_file(&path)
        {
            tracing::warn!(path = %path.display(), %error, "a spooled report cannot be removed");
        }
        self.forget(seq);
    }

    /// Moves the report `seq` to `target`. The move need not be durable: undone by a power cut, the
    /// report is sent a second time, which changes nothing.
    pub(super) fn hand_over(&mut self, seq: u64, target: &mut Self) {
        let (Some(path), Some(entry)) = (self.path(seq), self.entries.get(&seq).copied()) else { return };
        let name = entry.name(seq);
        match fs::rename(&path, target.dir.join(name.to_string())) {
            Ok(()) => {
                target.index(name, entry.bytes);
                self.forget(seq);
            }
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "a report cannot be moved and is removed");
                self.remove(seq);
            }
        }
    }

    /// Takes `seq` out of the index only.
    pub(super) fn forget(&mut self, seq: u64) {
        if let Some(entry) = self.entries.remove(&seq) {
            self.bytes -= entry.bytes;
        }
    }

    fn index(&mut self, name: Name, bytes: u64) {
        self.forget(name.seq);
        let entry = Entry { made_at: name.made_at, incarnation: name.incarnation, bytes };
        self.entries.insert(name.seq, entry);
        self.bytes += bytes;
    }
}

/// A failed write or fsync leaves nothing that is used again: what the kernel then holds of the file
/// is not known.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = platform::create_private(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
