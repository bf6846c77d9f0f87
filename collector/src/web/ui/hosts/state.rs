//! What can be said of a host and its probes at a glance: *silent*, *unsupported*, *blind* and
//! *broken* are four things.

use crate::web::ui::show::Mark;
use beforehand_core::{finding::Severity, input::ProbeHealth};
use beforehand_shared::{
    report::Goodbye,
    time::{Millis, Timestamp},
};
use beforehand_store::HostRow;

/// Agents report once a minute; after this long without a report a host cannot be seen.
const SILENT_AFTER: Millis = Millis::minutes(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostState {
    Reporting,
    /// It said goodbye: stopped, shut down or asleep.
    Away(Goodbye),
    Silent,
    /// Enrolled, but no report has come.
    Waiting,
    Retired,
}

impl HostState {
    pub(crate) fn of(host: &HostRow, now: Timestamp) -> Self {
        match (host.retired_at, host.last_report, host.goodbye) {
            (Some(_), ..) => Self::Retired,
            (None, None, _) => Self::Waiting,
            (None, Some(_), Some(goodbye)) => Self::Away(goodbye),
            (None, Some(last), None) if now.since(last) > SILENT_AFTER => Self::Silent,
            (None, Some(_), None) => Self::Reporting,
        }
    }

    /// Whether nothing is known of it that should be known.
    pub(crate) const fn is_unseen(self) -> bool {
        matches!(self, Self::Silent | Self::Waiting | Self::Away(Goodbye::Stop))
    }

    /// For addresses.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Reporting => "reporting",
            Self::Away(_) => "away",
            Self::Silent => "silent",
            Self::Waiting => "waiting",
            Self::Retired => "retired",
        }
    }

    pub(crate) const fn mark(self) -> Mark {
        match self {
            Self::Reporting => Mark::named(Severity::Quiet, "reporting"),
            Self::Away(Goodbye::Shutdown) => Mark::named(Severity::Quiet, "switched off"),
            Self::Away(Goodbye::Suspend) => Mark::named(Severity::Quiet, "asleep"),
            Self::Away(Goodbye::Stop) => Mark::named(Severity::Blind, "agent stopped"),
            Self::Silent => Mark::named(Severity::Blind, "silent"),
            Self::Waiting => Mark::named(Severity::Blind, "no report yet"),
            Self::Retired => Mark::named(Severity::Blind, "out of service"),
        }
    }
}

/// How many hosts are in which state.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) quiet: u32,
    pub(crate) away: u32,
    pub(crate) unseen: u32,
}

impl Tally {
    pub(crate) fn add(&mut self, state: HostState) {
        match state {
            HostState::Retired => {}
            HostState::Reporting => self.quiet += 1,
            unseen if unseen.is_unseen() => self.unseen += 1,
            _ => self.away += 1,
        }
    }

    pub(crate) const fn all(&self) -> u32 {
        self.quiet + self.away + self.unseen
    }
}

/// What the latest run of a probe says about what can be seen.
pub(crate) fn probe_mark(health: &ProbeHealth, host: HostState) -> Mark {
    if host == HostState::Silent {
        return Mark::named(Severity::Blind, "silent");
    }
    match health.result.as_str() {
        "seen" => Mark::named(Severity::Quiet, "sees"),
        "unsupported" => Mark::named(Severity::Quiet, "unsupported here"),
        "no_data" => Mark::named(Severity::Quiet, "nothing to see"),
        "denied" => Mark::named(Severity::Blind, "blind"),
        _ => Mark::named(Severity::Soon, "broken"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health(result: &str) -> ProbeHealth {
        ProbeHealth { at: Timestamp(0), took_ms: 1, result: result.to_owned(), why: None }
    }

    #[test]
    fn silent_unsupported_blind_and_broken_are_told_apart() {
        let words = |result, host| probe_mark(&health(result), host).word;
        assert_eq!(words("seen", HostState::Silent), "silent");
        assert_eq!(words("unsupported", HostState::Reporting), "unsupported here");
        assert_eq!(words("denied", HostState::Reporting), "blind");
        assert_eq!(words("timed_out", HostState::Reporting), "broken");
        assert_eq!(words("failed", HostState::Reporting), "broken");
    }

    #[test]
    fn a_machine_that_said_goodbye_is_away_and_not_unseen() {
        let mut tally = Tally::default();
        for state in [HostState::Away(Goodbye::Shutdown), HostState::Silent, HostState::Reporting, HostState::Retired] {
            tally.add(state);
        }
        assert_eq!(tally, Tally { quiet: 1, away: 1, unseen: 1 });
    }
}
