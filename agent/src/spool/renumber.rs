//! Continuing under another incarnation: the collector found that a number was used twice (a machine
//! rolled back or cloned), so everything that waits gets new numbers.

use super::{Spool, file::Stored, shelf::Unreadable, stored};
use beforehand_shared::{ids::Incarnation, wire};

impl Spool {
    /// Gives all that waits new numbers from 1 under `incarnation`. Interrupted, the next opening
    /// goes on with it.
    pub fn continue_as(&mut self, incarnation: Incarnation) {
        tracing::warn!(%incarnation, "the collector knows other reports under these numbers; continuing as a new life");
        if incarnation != self.marks.incarnation {
            (self.marks.incarnation, self.marks.used, self.marks.acked) = (incarnation, 0, 0);
            // Numbers of the former life mean nothing in the new one.
            self.untold.iter_mut().for_each(|gap| gap.seqs = None);
            self.save_marks();
        }
        self.renumber_others();
        self.renumber_memory();
        self.save_marks();
    }

    /// Renumbers every waiting report of another incarnation, oldest first. New numbers never pass
    /// the old ones, so none is taken twice.
    pub(super) fn renumber_others(&mut self) {
        let ours = self.marks.incarnation;
        let others: Vec<u64> =
            self.queue.entries().iter().filter(|(_, entry)| entry.incarnation != ours).map(|(seq, _)| *seq).collect();
        for old in others {
            match self.renumber(old) {
                Ok(()) => {}
                Err(Unreadable::Io(error)) => {
                    tracing::warn!(%error, "reports cannot be renumbered now; the collector will ask again");
                    break;
                }
                Err(error) => self.set_aside(old, &error.to_string()),
            }
        }
        let former: Vec<u64> =
            self.acked.entries().iter().filter(|(_, entry)| entry.incarnation != ours).map(|(seq, _)| *seq).collect();
        former.into_iter().for_each(|seq| self.acked.remove(seq));
    }

    fn renumber(&mut self, old: u64) -> Result<(), Unreadable> {
        let ours = self.marks.incarnation;
        let report = self.queue.get_unnamed(old)?;
        if report.incarnation == ours {
            // The crash came after the content was replaced and before the file was renamed.
            return Ok(self.queue.rename(old, report.name())?);
        }
        let used = self.queue.entries().iter().filter(|(_, entry)| entry.incarnation == ours);
        let seq = used.map(|(seq, _)| *seq).max().unwrap_or(0) + 1;
        let new = renumbered(&report, ours, seq).ok_or(Unreadable::NotAReport)?;
        Ok(self.queue.replace(&self.tmp(), old, &new)?)
    }

    fn renumber_memory(&mut self) {
        let ours = self.marks.incarnation;
        let mut seq = self.queue.entries().last_key_value().map_or(0, |(seq, _)| *seq);
        let memory: Vec<_> = std::iter::from_fn(|| self.ring.pop()).collect();
        for (old, told) in memory {
            let Some(new) = renumbered(&old, ours, seq + 1) else { continue };
            seq += 1;
            (self.marks.used, self.marks.made_at) = (seq, old.made_at);
            self.ring.push(new, told);
        }
    }
}

/// The same report under another number; none if it cannot be read.
fn renumbered(old: &Stored, incarnation: Incarnation, seq: u64) -> Option<Stored> {
    let mut report = wire::decode(&old.body).ok()?;
    (report.incarnation, report.seq) = (incarnation, seq);
    report.gaps.iter_mut().for_each(|gap| gap.seqs = None);
    stored(&report).ok()
}
