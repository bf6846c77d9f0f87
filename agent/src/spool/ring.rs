//! Reports that could not be written to disk, in memory up to a limit.

use super::file::Stored;
use beforehand_shared::report::Gap;
use std::collections::VecDeque;

/// Bytes of reports kept while the disk takes none: two days of typical reports.
pub const RING_BYTES: usize = 4 * 1024 * 1024;

#[derive(Debug, Default)]
pub(super) struct Ring {
    reports: VecDeque<(Stored, Vec<Gap>)>,
    bytes: usize,
}

impl Ring {
    /// Adds a report with the gaps it tells, and returns those that had to go for it.
    pub(super) fn push(&mut self, stored: Stored, gaps: Vec<Gap>) -> Vec<(Stored, Vec<Gap>)> {
        self.bytes += stored.body.len();
        self.reports.push_back((stored, gaps));
        let mut dropped = Vec::new();
        while self.bytes > RING_BYTES && self.reports.len() > 1 {
            dropped.extend(self.pop());
        }
        dropped
    }

    pub(super) fn first(&self) -> Option<&Stored> {
        self.reports.front().map(|(stored, _)| stored)
    }

    pub(super) fn last(&self) -> Option<&Stored> {
        self.reports.back().map(|(stored, _)| stored)
    }

    pub(super) fn pop(&mut self) -> Option<(Stored, Vec<Gap>)> {
        let first = self.reports.pop_front()?;
        self.bytes -= first.0.body.len();
        Some(first)
    }

    /// Takes the report `seq` out.
    pub(super) fn take(&mut self, seq: u64) -> Option<(Stored, Vec<Gap>)> {
        let at = self.reports.iter().position(|(stored, _)| stored.seq == seq)?;
        let taken = self.reports.remove(at)?;
        self.bytes -= taken.0.body.len();
        Some(taken)
    }

    pub(super) fn len(&self) -> usize {
        self.reports.len()
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Gaps told only by reports in here.
    pub(super) fn gaps(&self) -> impl Iterator<Item = &Gap> {
        self.reports.iter().flat_map(|(_, gaps)| gaps)
    }
}
