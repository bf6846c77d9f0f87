//! When a printer is asked again: seldom, so that it can sleep, and often while something is wrong. Pure.

use beforehand_shared::printer::{Printer, PrinterState, Queue};
use std::collections::BTreeMap;

/// When each printer was asked last and what came of it. Times are milliseconds since boot.
#[derive(Debug, Default)]
pub(super) struct Pace {
    asked: BTreeMap<String, Asked>,
}

#[derive(Debug, Clone, Copy)]
struct Asked {
    at: u64,
    busy: bool,
    wish: u64,
}

/// Why a printer may be due sooner than usual.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reason {
    /// Jobs wait for it.
    pub(super) has_work: bool,
    /// How often a person wished for an answer now: once more than when it was asked last makes it due.
    pub(super) wish: u64,
}

/// From one question to the next, in milliseconds: usually, and while there is a reason to look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Every {
    pub(super) usual: u64,
    pub(super) busy: u64,
}

impl Pace {
    /// Those of `targets` that are due at `now`, the longest unasked first.
    pub(super) fn due<'a>(
        &self,
        targets: &[&'a str],
        every: Every,
        now: u64,
        reason: impl Fn(&str) -> Reason,
    ) -> Vec<&'a str> {
        let last = |target: &str| self.asked.get(target);
        let is_due = |target: &&str| {
            last(target).is_none_or(|asked| {
                let Reason { has_work, wish } = reason(target);
                let wait = if asked.busy || has_work { every.busy.min(every.usual) } else { every.usual };
                wish > asked.wish || now.saturating_sub(asked.at) >= wait
            })
        };
        let mut due: Vec<&str> = targets.iter().copied().filter(is_due).collect();
        due.sort_by_key(|target| last(target).map(|asked| asked.at));
        due
    }

    /// `target` was asked at `now`, after so many wishes; `busy` is whether what it said is a reason to look
    /// again soon.
    pub(super) fn asked(&mut self, target: &str, (now, wish): (u64, u64), busy: bool) {
        self.asked.insert(target.to_owned(), Asked { at: now, busy, wish });
    }

    /// Forgets all but `targets`.
    pub(super) fn keep(&mut self, targets: &[&str]) {
        self.asked.retain(|target, _| targets.contains(&target.as_str()));
    }
}

/// Whether a printer has something to do or to complain of. A low cartridge is not a reason to wake it for days.
pub(super) fn is_busy(printer: &Printer) -> bool {
    let lasting = |reason: &String| reason.contains("-low") || reason.starts_with("cups-");
    let alarms = |severity: &Option<String>| severity.as_deref() == Some("critical");
    printer.state != PrinterState::Idle
        || printer.jobs.unwrap_or(0) > 0
        || printer.reasons.iter().any(|reason| !lasting(reason))
        || printer.alerts.iter().any(|alert| alarms(&alert.severity))
}

/// Whether jobs wait in a queue.
pub(super) fn has_work(queue: &Queue) -> bool {
    queue.jobs > 0 || queue.state == PrinterState::Processing
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: Every = Every { usual: 900_000, busy: 120_000 };

    #[test]
    fn a_quiet_printer_is_left_alone_and_a_faulty_one_is_not() {
        let mut pace = Pace::default();
        let due = |pace: &Pace, now| pace.due(&["quiet", "faulty", "new"], EVERY, now, |_| Reason::default()).join(" ");
        assert_eq!(due(&pace, 0), "quiet faulty new");
        pace.asked("quiet", (1_000, 0), false);
        pace.asked("faulty", (2_000, 0), true);
        assert_eq!(due(&pace, 60_000), "new");
        assert_eq!(due(&pace, 122_000), "new faulty");
        assert_eq!(due(&pace, 901_000), "new quiet faulty");
    }

    #[test]
    fn a_wish_makes_a_printer_due_once() {
        let mut pace = Pace::default();
        pace.asked("192.0.2.9", (0, 1), false);
        let due = |pace: &Pace, wish| {
            !pace.due(&["192.0.2.9"], EVERY, 1_000, |_| Reason { has_work: false, wish }).is_empty()
        };
        assert_eq!((due(&pace, 1), due(&pace, 2)), (false, true));
        pace.asked("192.0.2.9", (1_000, 2), false);
        assert!(!due(&pace, 2));
    }

    #[test]
    fn a_job_that_waits_is_a_reason_to_ask() {
        let mut pace = Pace::default();
        pace.asked("192.0.2.9", (0, 0), false);
        assert_eq!(pace.due(&["192.0.2.9"], EVERY, 130_000, |_| Reason { has_work: true, wish: 0 }), ["192.0.2.9"]);
        pace.keep(&[]);
        assert_eq!(pace.due(&["192.0.2.9"], EVERY, 0, |_| Reason::default()), ["192.0.2.9"]);
    }
}
