//! How far the privileged step has come. Pure: what to do next follows from the last state that was
//! written down and from what is found. Every step may be repeated, so a crash between any two ends
//! either with the new version healthy or with the old one running.

use beforehand_shared::update::Version;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What is done and written down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing is under way.
    #[default]
    Idle,
    /// Copies of what was laid ready are in our own folder.
    Taken,
    /// They are signed for us, newer, and unpacked.
    Verified { trial: Trial },
    /// The old program has a copy to come back from.
    Kept { trial: Trial },
    /// The new program is in place.
    Swapped { trial: Trial },
    /// It was started. `windows` counts how often its time to become healthy began.
    Started { trial: Trial, windows: u32 },
    /// It is remembered as one that failed.
    GivenUp { trial: Trial },
    /// The old program is in place again.
    PutBack { trial: Trial },
    /// All is as it shall stay; what is left over must go.
    Settled,
}

/// From which version to which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    pub from: Version,
    pub to: Version,
}

/// What is found at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Something is laid ready.
    pub staged: bool,
    /// What starts this step lies there, and nothing is to be done with it.
    pub litter: bool,
    /// The version that last said that it reports.
    pub healthy: Option<Version>,
    /// How long the new version has been watched in this window, and how long it may be.
    pub watched: Duration,
    pub limit: Duration,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing: all is done.
    Rest,
    Take,
    Verify,
    Keep,
    Swap,
    StartNew,
    /// Look again in a moment.
    Watch,
    Accept,
    GiveUp(Unfit),
    PutBack,
    StartOld,
    Clean,
}

/// Why a new version is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("it sent no report within {} seconds", .0.as_secs())]
    NotHealthy(Duration),
    #[error("the update was interrupted {0} times before it sent a report")]
    Interrupted(u32),
}

/// A program that brings the machine down would never use up one window.
pub const WINDOWS: u32 = 3;

/// The next step after `state`.
pub fn next(state: &State, facts: &Facts) -> Step {
    match state {
        State::Idle if facts.staged => Step::Take,
        State::Idle if facts.litter => Step::Clean,
        State::Idle => Step::Rest,
        State::Taken => Step::Verify,
        State::Verified { .. } => Step::Keep,
        State::Kept { .. } => Step::Swap,
        State::Swapped { .. } => Step::StartNew,
        State::Started { trial, windows } => {
            if facts.healthy == Some(trial.to) {
                Step::Accept
            } else if *windows > WINDOWS {
                Step::GiveUp(Unfit::Interrupted(WINDOWS))
            } else if facts.watched >= facts.limit {
                Step::GiveUp(Unfit::NotHealthy(facts.limit))
            } else {
                Step::Watch
            }
        }
        State::GivenUp { .. } => Step::PutBack,
        State::PutBack { .. } => Step::StartOld,
        State::Settled => Step::Clean,
    }
}

impl State {
    /// The state in which an interrupted run goes on: the new version gets a whole window again, but
    /// not for ever.
    #[must_use]
    pub fn resumed(self) -> Self {
        match self {
            Self::Started { trial, windows } => Self::Started { trial, windows: windows.saturating_add(1) },
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: Version = Version { major: 1, minor: 0, patch: 0 };
    const NEW: Version = Version { major: 1, minor: 1, patch: 0 };
    const TRIAL: Trial = Trial { from: OLD, to: NEW };
    const LIMIT: Duration = Duration::from_secs(120);

    fn facts(healthy: Option<Version>, watched_s: u64) -> Facts {
        Facts { staged: true, litter: false, healthy, watched: Duration::from_secs(watched_s), limit: LIMIT }
    }

    fn started(windows: u32, facts: &Facts) -> Step {
        next(&State::Started { trial: TRIAL, windows }, facts)
    }

    #[test]
    fn nothing_laid_ready_is_nothing_to_do() {
        assert_eq!(next(&State::Idle, &Facts { staged: false, ..facts(None, 0) }), Step::Rest);
    }

    #[test]
    fn what_would_start_the_step_again_and_again_is_cleared_away_but_not_what_a_trial_needs() {
        let found = Facts { staged: false, litter: true, ..facts(None, 0) };
        assert_eq!(next(&State::Idle, &found), Step::Clean);
        assert_eq!(next(&State::Started { trial: TRIAL, windows: 1 }, &found), Step::Watch);
    }

    #[test]
    fn the_new_version_has_two_minutes_to_report() {
        assert_eq!(started(1, &facts(None, 119)), Step::Watch);
        assert_eq!(started(1, &facts(Some(NEW), 119)), Step::Accept);
        assert_eq!(started(1, &facts(None, 120)), Step::GiveUp(Unfit::NotHealthy(LIMIT)));
    }

    #[test]
    fn that_the_old_version_was_healthy_says_nothing_of_the_new_one() {
        assert_eq!(started(1, &facts(Some(OLD), 5)), Step::Watch);
        assert_eq!(started(1, &facts(Some(OLD), 120)), Step::GiveUp(Unfit::NotHealthy(LIMIT)));
    }

    #[test]
    fn a_version_that_brings_the_machine_down_is_given_up_in_the_end() {
        let mut state = State::Started { trial: TRIAL, windows: 1 };
        for _ in 0..WINDOWS - 1 {
            state = state.resumed();
            assert_eq!(next(&state, &facts(None, 0)), Step::Watch);
        }
        assert_eq!(next(&state.resumed(), &facts(None, 0)), Step::GiveUp(Unfit::Interrupted(3)));
    }

    #[test]
    fn what_was_given_up_is_never_accepted_however_healthy_it_says_it_is() {
        for state in [State::GivenUp { trial: TRIAL }, State::PutBack { trial: TRIAL }] {
            assert!(matches!(next(&state, &facts(Some(NEW), 0)), Step::PutBack | Step::StartOld));
        }
    }
}
