//! What must outlive the reports themselves: numbers used, and gaps not yet told. Kept in a file of
//! fixed size that is overwritten in place, because a full disk still allows that.

use crate::platform;
use beforehand_shared::{ids::Incarnation, report::Gap, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// Two slots are written in turn; a torn one leaves the other.
const SLOT_BYTES: usize = 16 * 1024;
/// checksum 4, length 4, generation 8.
const SLOT_HEADER: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Marks {
    /// The incarnation that enrolment gave; another one here means a new enrolment.
    pub enrolled: Incarnation,
    /// The incarnation that reports are sent under.
    pub incarnation: Incarnation,
    /// The highest number that may have been sent without ever being in a file.
    pub used: u64,
    /// The highest number that was acknowledged straight from memory.
    pub acked: u64,
    /// When the report `used` was made.
    pub made_at: Timestamp,
    /// Gaps that no durable report tells yet.
    pub gaps: Vec<Gap>,
}

impl Marks {
    pub(super) const fn new(enrolled: Incarnation) -> Self {
        Self { enrolled, incarnation: enrolled, used: 0, acked: 0, made_at: Timestamp(0), gaps: Vec::new() }
    }
}

/// The file that holds [`Marks`].
#[derive(Debug)]
pub(super) struct MarksFile {
    path: PathBuf,
    file: Option<File>,
    generation: u64,
}

impl MarksFile {
    /// The newest undamaged marks, if there are any. The file is made by the first save.
    pub(super) fn open(path: PathBuf) -> (Self, Option<Marks>) {
        let newest = std::fs::read(&path)
            .ok()
            .and_then(|bytes| bytes.chunks(SLOT_BYTES).filter_map(read_slot).max_by_key(|(generation, _)| *generation));
        let (generation, marks) = newest.map_or((0, None), |(generation, marks)| (generation, Some(marks)));
        let file = OpenOptions::new().read(true).write(true).open(&path).ok();
        (Self { path, file, generation }, marks)
    }

    /// Makes `marks` durable.
    pub(super) fn save(&mut self, marks: &Marks) -> io::Result<()> {
        let slot = slot(self.generation + 1, marks)?;
        if self.file.is_none() {
            self.file = Some(create(&self.path)?);
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        let at = SLOT_BYTES as u64 * ((self.generation + 1) % 2);
        file.seek(SeekFrom::Start(at))?;
        file.write_all(&slot)?;
        file.sync_data()?;
        self.generation += 1;
        Ok(())
    }
}

/// Makes the file with both slots allocated, whole or not at all.
fn create(path: &Path) -> io::Result<File> {
    let new = path.with_extension("new");
    let mut file = platform::create_private(&new)?;
    file.write_all(&[0; 2 * SLOT_BYTES])?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    if let Some(dir) = path.parent() {
        platform::sync_dir(dir)?;
    }
    OpenOptions::new().read(true).write(true).open(path)
}

fn slot(generation: u64, marks: &Marks) -> io::Result<Vec<u8>> {
    let json = serde_json::to_vec(marks).map_err(io::Error::other)?;
    if json.len() > SLOT_BYTES - SLOT_HEADER {
        return Err(io::Error::other("the marks have outgrown their slot"));
    }
    let mut slot = vec![0; 4];
    slot.extend(u32::try_from(json.len()).unwrap_or(u32::MAX).to_le_bytes());
    slot.extend(generation.to_le_bytes());
    slot.extend(json);
    slot.resize(SLOT_BYTES, 0);
    let checksum = crc32fast::hash(&slot[4..]);
    slot[..4].copy_from_slice(&checksum.to_le_bytes());
    Ok(slot)
}

fn read_slot(slot: &[u8]) -> Option<(u64, Marks)> {
    let mut reader = slot;
    let (mut checksum, mut len, mut generation) = ([0; 4], [0; 4], [0; 8]);
    reader.read_exact(&mut checksum).ok()?;
    if u32::from_le_bytes(checksum) != crc32fast::hash(reader) {
        return None;
    }
    reader.read_exact(&mut len).ok()?;
    reader.read_exact(&mut generation).ok()?;
    let json = reader.get(..usize::try_from(u32::from_le_bytes(len)).ok()?)?;
    Some((u64::from_le_bytes(generation), serde_json::from_slice(json).ok()?))
}
