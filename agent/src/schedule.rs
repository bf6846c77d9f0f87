//! When each probe is due. Pure: the present time is a parameter.

/// One probe's place in the plan. All times are milliseconds since boot, sleep included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub every_ms: u64,
    /// When the last run started; never yet, if absent.
    pub last: Option<u64>,
    /// Whether that run has not ended.
    pub running: bool,
}

impl Slot {
    pub const fn new(every_ms: u64) -> Self {
        Self { every_ms, last: None, running: false }
    }

    /// Milliseconds from `now` until the slot is due; 0 when it is. A run that has not ended is
    /// never joined by a second one.
    pub const fn due_in(&self, now: u64) -> Option<u64> {
        match (self.running, self.last) {
            (true, _) => None,
            (false, None) => Some(0),
            (false, Some(last)) => Some((last.saturating_add(self.every_ms)).saturating_sub(now)),
        }
    }

    /// The slot once a run has started at `now`. Starts keep to the grid of the first one, so that a
    /// late start does not shift all later ones; time that was missed altogether (sleep) is skipped,
    /// not caught up.
    #[must_use]
    pub const fn started(self, now: u64) -> Self {
        let last = match self.last {
            Some(last) if self.every_ms > 0 && now >= last => now - (now - last) % self.every_ms,
            _ => now,
        };
        Self { last: Some(last), running: true, ..self }
    }

    /// The slot once its run has ended.
    #[must_use]
    pub const fn ended(self) -> Self {
        Self { running: false, ..self }
    }
}

/// Milliseconds from `now` until the first of `slots` is due; nothing while all run.
pub fn next_in(slots: &[Slot], now: u64) -> Option<u64> {
    slots.iter().filter_map(|slot| slot.due_in(now)).min()
}

/// Positions of the slots that are due at `now`.
pub fn due(slots: &[Slot], now: u64) -> Vec<usize> {
    (0..slots.len()).filter(|at| slots[*at].due_in(now) == Some(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000;

    #[test]
    fn everything_is_due_at_the_start() {
        assert_eq!(due(&[Slot::new(MINUTE), Slot::new(5)], 1_000), [0, 1]);
    }

    #[test]
    fn a_late_start_does_not_shift_the_next_one() {
        let slot = Slot::new(MINUTE).started(1_000).ended().started(61_300).ended();
        assert_eq!(slot.due_in(61_300), Some(59_700));
    }

    #[test]
    fn a_run_that_has_not_ended_is_not_joined_by_another() {
        let slot = Slot::new(MINUTE).started(0);
        assert_eq!(due(&[slot], 10 * MINUTE), [] as [usize; 0]);
        assert_eq!(next_in(&[slot], 10 * MINUTE), None);
    }

    /// R11.
    #[test]
    fn a_night_of_sleep_makes_one_run_due_not_hundreds() {
        let slot = Slot::new(MINUTE).started(0).ended();
        let morning = 8 * 60 * MINUTE + 17;
        assert_eq!(due(&[slot], morning), [0]);
        assert_eq!(slot.started(morning).ended().due_in(morning), Some(MINUTE - 17));
    }

    #[test]
    fn the_next_wake_is_the_earliest_of_all() {
        let slots = [Slot::new(MINUTE).started(0).ended(), Slot::new(20_000).started(0).ended()];
        assert_eq!(next_in(&slots, 5_000), Some(15_000));
    }
}
