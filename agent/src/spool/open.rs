//! Opening the spool: what a crash, a power cut or a new enrolment left is put in order, and what
//! is missing is told.

use super::{Limits, Spool, SpoolError, gaps, marks::Marks, marks::MarksFile, ring::Ring, shelf::Shelf};
use beforehand_shared::{
    ids::{HostId, Incarnation},
    report::{Gap, GapReason},
    time::Timestamp,
};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::Path,
};

impl Spool {
    /// Opens the spool in `state` for the host and incarnation that enrolment gave. A directory that
    /// cannot be written is no error: reports then stay in memory.
    ///
    /// # Errors
    /// [`SpoolError::Locked`] while another agent has it open.
    pub fn open(
        state: &Path,
        (host, enrolled): (HostId, Incarnation),
        limits: Limits,
        now: Timestamp,
    ) -> Result<Self, SpoolError> {
        let lock = lock(state)?;
        let dir = state.join("spool");
        let (marks_file, marks) = MarksFile::open(dir.join("marks"));
        let marks = match marks {
            Some(marks) if marks.enrolled == enrolled => marks,
            Some(_) => {
                forget_former_enrolment(&dir);
                Marks::new(enrolled)
            }
            None => Marks::new(enrolled),
        };
        prepare_tmp(&dir.join("tmp"));
        let queue = Shelf::open(dir.join("q"), marks.incarnation);
        let acked = Shelf::open(dir.join("acked"), marks.incarnation);
        let untold = marks.gaps.clone();
        let mut spool = Self {
            dir,
            host,
            limits,
            queue,
            acked,
            ring: Ring::default(),
            marks,
            marks_file,
            untold,
            in_flight: None,
            trouble: None,
            _lock: lock,
        };
        spool.finish_drops();
        spool.renumber_others();
        spool.tell_what_memory_lost();
        spool.tell_how_long_nothing_ran(now);
        spool.save_marks();
        Ok(spool)
    }

    /// Removes reports whose loss is already noted: the crash came between the note and the removal.
    fn finish_drops(&mut self) {
        let noted: Vec<u64> = self
            .queue
            .entries()
            .keys()
            .copied()
            .filter(|seq| self.marks.gaps.iter().any(|gap| gaps::covers(gap, *seq)))
            .collect();
        noted.into_iter().for_each(|seq| self.queue.remove(seq));
    }

    /// Numbers that were used, but are in no file and were not acknowledged, were only in memory.
    fn tell_what_memory_lost(&mut self) {
        let in_files =
            [&self.queue, &self.acked].map(|shelf| shelf.entries().last_key_value().map_or(0, |(seq, _)| *seq));
        let noted = self.marks.gaps.iter().filter_map(|gap| gap.seqs).map(|(_, last)| last).max().unwrap_or(0);
        let known = in_files[0].max(in_files[1]).max(self.marks.acked).max(noted);
        if self.marks.used <= known {
            return;
        }
        let from = self.queue.entries().last_key_value().map_or(self.marks.made_at, |(_, entry)| entry.made_at);
        let (lost, seqs) = (self.marks.used - known, Some((known + 1, self.marks.used)));
        let to = self.marks.made_at;
        self.add_gap(Gap { from: from.min(to), to, reason: GapReason::DiskFull, lost, seqs });
    }

    fn tell_how_long_nothing_ran(&mut self, now: Timestamp) {
        if let Some((_, last)) = self.newest() {
            let from = last.min(now);
            self.add_gap(Gap { from, to: now, reason: GapReason::NotRunning, lost: 0, seqs: None });
        }
    }
}

/// Takes the lock of the state directory; none where the directory allows no lock file.
fn lock(state: &Path) -> Result<Option<File>, SpoolError> {
    drop(fs::create_dir_all(state));
    let path = state.join("lock");
    let file = OpenOptions::new().create(true).append(true).open(&path).or_else(|_| File::open(&path));
    let file = match file {
        Ok(file) => file,
        Err(error) => {
            tracing::warn!(%error, path = %path.display(), "no lock: a second agent would not be noticed");
            return Ok(None);
        }
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(SpoolError::Locked(state.display().to_string())),
        Err(TryLockError::Error(error)) => {
            tracing::warn!(%error, "this file system has no locks: a second agent would not be noticed");
            Ok(None)
        }
    }
}

/// Reports of a former enrolment may belong to another client, so they are never sent.
fn forget_former_enrolment(dir: &Path) {
    tracing::warn!("this machine was enrolled again; reports of the former enrolment are removed");
    for folder in ["q", "acked"] {
        drop(fs::remove_dir_all(dir.join(folder)));
    }
}

/// What lies in `tmp` was being written when the agent ended; it never had a number.
fn prepare_tmp(tmp: &Path) {
    drop(fs::remove_dir_all(tmp));
    if let Err(error) = fs::create_dir_all(tmp) {
        tracing::warn!(%error, dir = %tmp.display(), "the spool's folder cannot be made");
    }
}
