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
}

/// From one question to the next, in milliseconds: usually, and while there is a reason to look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Every {
    pub(super) usual: u64,
    pub(super) busy: u64,
}

impl Pace {
    /// Those of `targets` that are due at `now`, the longest unasked first. A printer is also due soon when
    /// `has_work` says that jobs wait for it.
    pub(super) fn due<'a>(
        &self,
        targets: &[&'a str],
        every: Every,
        now: u64,
        has_work: impl Fn(&str) -> bool,
    ) -> Vec<&'a str> {
        let last = |target: &str| self.asked.get(target);
        let is_due = |target: &&str| {
            last(target).is_none_or(|asked| {
                let wait = if asked.busy || has_work(target) { every.busy.min(every.usual) } else { every.usual };
                now.saturating_sub(asked.at) >= wait
            })
        };
        let mut due: Vec<&str> = targets.iter().copied().filter(is_due).collect();
        due.sort_by_key(|target| last(target).map(|asked| asked.at));
        due
    }

    /// `target` was asked at `now`; `busy` is whether what it said is a reason to look again soon.
    pub(super) fn asked(&mut self, target: &str, now: u64, busy: bool) {
        self.asked.insert(target.to_owned(), Asked { at: now, busy });
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
        let due = |pace: &Pace, now| pace.due(&["quiet", "faulty", "new"], EVERY, now, |_| false).join(" ");
        assert_eq!(due(&pace, 0), "quiet faulty new");
        pace.asked("quiet", 1_000, false);
        pace.asked("faulty", 2_000, true);
        assert_eq!(due(&pace, 60_000), "new");
        assert_eq!(due(&pace, 122_000), "new faulty");
        assert_eq!(due(&pace, 901_000), "new quiet faulty");
    }

    #[test]
    fn a_job_that_waits_is_a_reason_to_ask() {
        let mut pace = Pace::default();
        pace.asked("192.0.2.9", 0, false);
        assert_eq!(pace.due(&["192.0.2.9"], EVERY, 130_000, |_| true), ["192.0.2.9"]);
        pace.keep(&[]);
        assert_eq!(pace.due(&["192.0.2.9"], EVERY, 0, |_| false), ["192.0.2.9"]);
    }
}
