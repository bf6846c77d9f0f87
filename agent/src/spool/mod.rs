//! Reports that are not acknowledged yet, and for a while those that are.
//!
//! One file per report, written whole or not at all, so that no crash damages more than the report
//! being written. What is dropped, damaged or refused is told as a gap by a later report. A number is
//! never used for two different reports: files carry the numbers, and [`marks`] those that files
//! cannot.

pub mod file;
mod gaps;
mod marks;
mod open;
mod renumber;
mod ring;
mod shelf;

use self::{
    file::Stored,
    marks::{Marks, MarksFile},
    ring::Ring,
    shelf::Shelf,
};
use crate::report::Draft;
use beforehand_shared::{
    ids::{HostId, Incarnation},
    limits,
    report::{Gap, GapReason, Report},
    time::Timestamp,
    wire,
};
use std::{
    fs::File,
    path::{Path, PathBuf},
};

pub use self::ring::RING_BYTES;

/// How much the spool keeps. The age is counted in reports, of which one is made a minute, and not
/// by the wall clock: a clock that jumps must not wipe what was never sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all reports, acknowledged ones included.
    pub bytes: u64,
    /// Reports that wait to be sent.
    pub waiting: usize,
    /// Reports kept after they were acknowledged.
    pub acked: usize,
}

/// The one thing that stops an agent from starting.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    #[error(
        "another agent already runs with the state directory {0}. Stop it, or give this one a directory of its own"
    )]
    Locked(String),
}

/// A report ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub incarnation: Incarnation,
    pub seq: u64,
    pub body: Vec<u8>,
}

#[derive(Debug)]
pub struct Spool {
    dir: PathBuf,
    host: HostId,
    limits: Limits,
    queue: Shelf,
    acked: Shelf,
    ring: Ring,
    marks: Marks,
    marks_file: MarksFile,
    /// Gaps for the next report.
    untold: Vec<Gap>,
    /// The report that is being sent: never dropped, or it could be both delivered and told as lost.
    in_flight: Option<u64>,
    /// Why the disk takes no reports, while it does not.
    trouble: Option<String>,
    /// Held while the spool is open; absent where the directory allows no lock.
    _lock: Option<File>,
}

impl Spool {
    /// Keeps a report and returns its number. Cannot fail: what the disk does not take stays in
    /// memory, and what memory does not hold becomes a gap.
    pub fn push(&mut self, draft: Draft) -> u64 {
        self.make_room();
        let seq = self.last_seq() + 1;
        let made_at = draft.made.wall;
        let told: Vec<Gap> = self.untold.drain(..self.untold.len().min(limits::GAPS)).collect();
        let report = draft.numbered(self.host, self.marks.incarnation, seq, told.clone());
        let stored = match stored(&report) {
            Ok(stored) => stored,
            Err(error) => {
                tracing::error!(%error, "a report cannot be encoded");
                self.untold.extend(told);
                (self.marks.used, self.marks.made_at) = (seq, made_at);
                self.lose(gaps::of_report(seq, made_at, GapReason::Corrupt));
                return seq;
            }
        };
        match self.flush_ring().and_then(|()| self.queue.put(&self.tmp(), &stored)) {
            Ok(()) => self.written(&told),
            Err(error) => self.keep_in_memory(stored, told, &error),
        }
        seq
    }

    /// The oldest report that waits. Damaged ones on the way to it are set aside and told as gaps.
    pub fn next_waiting(&mut self) -> Option<Waiting> {
        let next = self.oldest();
        self.in_flight = next.as_ref().map(|waiting| waiting.seq);
        next
    }

    fn oldest(&mut self) -> Option<Waiting> {
        while let Some(seq) = self.queue.entries().keys().next().copied() {
            match self.queue.get(seq) {
                Ok(Stored { incarnation, seq, body, .. }) => return Some(Waiting { incarnation, seq, body }),
                Err(error) => self.set_aside(seq, &error.to_string()),
            }
        }
        self.ring.first().map(|stored| Waiting {
            incarnation: stored.incarnation,
            seq: stored.seq,
            body: stored.body.clone(),
        })
    }

    /// The collector has the report durably.
    pub fn acknowledge(&mut self, seq: u64) {
        self.queue.hand_over(seq, &mut self.acked);
        if self.ring.take(seq).is_some() {
            self.marks.acked = self.marks.acked.max(seq);
            self.save_marks();
        }
        while self.acked.entries().len() > self.limits.acked.max(1) {
            self.remove_oldest_acked();
        }
    }

    /// The collector will never take the report: it is told as a gap, and the next one is sent.
    pub fn refuse(&mut self, seq: u64) {
        self.drop_report(seq, GapReason::Refused);
    }

    /// The collector has reports only up to `high_water`, as after a restore from a backup: later
    /// ones that are still here are sent again. Returns how many.
    pub fn resend_after(&mut self, high_water: u64) -> usize {
        let missing: Vec<u64> =
            self.acked.entries().range(high_water.saturating_add(1)..).map(|(seq, _)| *seq).collect();
        missing.iter().for_each(|seq| self.acked.hand_over(*seq, &mut self.queue));
        missing.len()
    }

    /// Tells of a stretch without data in the next report.
    pub fn add_gap(&mut self, gap: Gap) {
        gaps::add(&mut self.untold, gap);
    }

    /// Reports that wait, on disk and in memory.
    pub fn waiting(&self) -> usize {
        self.queue.entries().len() + self.ring.len()
    }

    /// Bytes of reports in memory.
    pub const fn in_memory(&self) -> usize {
        self.ring.bytes()
    }

    /// Bytes of reports on disk.
    pub const fn on_disk(&self) -> u64 {
        self.queue.bytes() + self.acked.bytes()
    }

    /// Why reports are only in memory, while they are.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// The incarnation that reports are made under.
    pub const fn incarnation(&self) -> Incarnation {
        self.marks.incarnation
    }

    /// The highest number given so far; 0 before the first.
    pub fn last_seq(&self) -> u64 {
        let last = |shelf: &Shelf| shelf.entries().last_key_value().map_or(0, |(seq, _)| *seq);
        let ring = self.ring.last().map_or(0, |stored| stored.seq);
        last(&self.queue).max(last(&self.acked)).max(ring).max(self.marks.used)
    }

    fn tmp(&self) -> PathBuf {
        self.dir.join("tmp").join("report")
    }

    fn written(&mut self, told: &[Gap]) {
        if self.trouble.take().is_some() {
            tracing::info!("the disk takes reports again");
            self.save_marks();
        } else if !told.is_empty() {
            self.save_marks();
        }
    }

    fn keep_in_memory(&mut self, stored: Stored, told: Vec<Gap>, error: &std::io::Error) {
        (self.marks.used, self.marks.made_at) = (stored.seq, stored.made_at);
        if self.trouble.replace(error.to_string()).is_none() {
            tracing::error!(%error, dir = %self.dir.display(), "the disk takes no reports; they are kept in memory");
            let at = stored.made_at;
            self.add_gap(Gap { from: at, to: at, reason: GapReason::DiskFull, lost: 0, seqs: None });
        }
        for (dropped, told) in self.ring.push(stored, told) {
            told.into_iter().for_each(|gap| self.add_gap(gap));
            self.add_gap(gaps::of_report(dropped.seq, dropped.made_at, GapReason::DiskFull));
        }
        self.save_marks();
    }

    /// Writes what waits in memory, oldest first.
    fn flush_ring(&mut self) -> std::io::Result<()> {
        while let Some(stored) = self.ring.first() {
            self.queue.put(&self.dir.join("tmp").join("report"), stored)?;
            self.ring.pop();
        }
        Ok(())
    }

    /// Acknowledged reports go first, then the oldest that wait.
    fn make_room(&mut self) {
        while self.on_disk() > self.limits.bytes && self.acked.entries().len() > 1 {
            self.remove_oldest_acked();
        }
        while self.queue.entries().len() >= self.limits.waiting.max(1)
            || (self.on_disk() > self.limits.bytes && self.queue.entries().len() > 1)
        {
            let oldest = self.queue.entries().keys().copied().find(|seq| Some(*seq) != self.in_flight);
            let Some(oldest) = oldest else { return };
            self.drop_report(oldest, GapReason::SpoolFull);
        }
    }

    fn remove_oldest_acked(&mut self) {
        if let Some(oldest) = self.acked.entries().keys().next().copied() {
            self.acked.remove(oldest);
        }
    }

    /// Gives a report up. The gap is durable before the file goes; the gaps that the report itself
    /// would have told are carried on.
    fn drop_report(&mut self, seq: u64, reason: GapReason) {
        if let Some((stored, told)) = self.ring.take(seq) {
            told.into_iter().for_each(|gap| self.add_gap(gap));
            return self.lose(gaps::of_report(seq, stored.made_at, reason));
        }
        let Some(entry) = self.queue.entries().get(&seq).copied() else { return };
        let told = self.queue.get(seq).ok().and_then(|stored| wire::decode(&stored.body).ok());
        told.into_iter().flat_map(|report| report.gaps).for_each(|gap| self.add_gap(gap));
        self.lose(gaps::of_report(seq, entry.made_at, reason));
        self.queue.remove(seq);
    }

    /// Moves a damaged file to `bad/`, where only the latest is kept.
    fn set_aside(&mut self, seq: u64, why: &str) {
        let Some((path, entry)) = self.queue.path(seq).zip(self.queue.entries().get(&seq).copied()) else { return };
        tracing::warn!(path = %path.display(), why, "a spooled report is damaged and set aside");
        self.lose(gaps::of_report(seq, entry.made_at, GapReason::Corrupt));
        set_aside_file(&self.dir, &path);
        self.queue.forget(seq);
    }

    fn lose(&mut self, gap: Gap) {
        self.add_gap(gap);
        self.save_marks();
    }

    /// Without a disk the marks live in memory; a number used twice after a crash is then noticed by
    /// the collector, which names a new incarnation.
    fn save_marks(&mut self) {
        self.marks.gaps.clear();
        self.untold.iter().chain(self.ring.gaps()).for_each(|gap| gaps::add(&mut self.marks.gaps, gap.clone()));
        if let Err(error) = self.marks_file.save(&self.marks) {
            tracing::warn!(%error, "the spool's marks cannot be written");
        }
    }

    fn newest(&self) -> Option<(u64, Timestamp)> {
        let last = |shelf: &Shelf| shelf.entries().last_key_value().map(|(seq, entry)| (*seq, entry.made_at));
        let marks = (self.marks.used > 0).then_some((self.marks.used, self.marks.made_at));
        [last(&self.queue), last(&self.acked), marks].into_iter().flatten().max_by_key(|(seq, _)| *seq)
    }
}

fn stored(report: &Report) -> Result<Stored, wire::WireError> {
    let body = wire::encode(report)?;
    Ok(Stored { incarnation: report.incarnation, seq: report.seq, made_at: report.made_at, body })
}

fn set_aside_file(dir: &Path, path: &Path) {
    let bad = dir.join("bad");
    let moved = std::fs::create_dir_all(&bad).and_then(|()| std::fs::rename(path, bad.join("latest.bad")));
    if moved.is_err() {
        drop(std::fs::remove_file(path));
    }
}
