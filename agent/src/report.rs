//! Gathers probe runs and gaps into drafts of reports that keep to the limits of the protocol.

use crate::time::Reading;
use beforehand_shared::{
    PROTOCOL_VERSION,
    ids::{BootId, HostId, Incarnation},
    limits,
    report::{Gap, Goodbye, Report},
    run::ProbeRun,
};
use std::collections::VecDeque;

/// A report without its number, which the spool gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub boot: BootId,
    pub made: Reading,
    pub goodbye: Option<Goodbye>,
    pub runs: Vec<ProbeRun>,
}

impl Draft {
    pub fn numbered(self, host: HostId, incarnation: Incarnation, seq: u64, gaps: Vec<Gap>) -> Report {
        Report {
            protocol: PROTOCOL_VERSION,
            host,
            incarnation,
            seq,
            boot: self.boot,
            made_at: self.made.wall,
            mono_ms: self.made.mono_ms,
            goodbye: self.goodbye,
            gaps,
            runs: self.runs,
        }
    }
}

/// Takes from `waiting` as many runs as one report may hold.
pub fn take_runs(waiting: &mut VecDeque<ProbeRun>) -> Vec<ProbeRun> {
    let (mut taken, mut observations) = (Vec::new(), 0);
    while let Some(run) = waiting.front() {
        observations += run.outcome.observations().len();
        if taken.len() == limits::RUNS || (observations > limits::OBSERVATIONS && !taken.is_empty()) {
            break;
        }
        taken.extend(waiting.pop_front());
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::{observation::Observation, run::Outcome, time::Timestamp};

    fn run(observations: usize) -> ProbeRun {
        let outcome = Outcome::Seen { observations: vec![Observation::Unknown; observations] };
        ProbeRun { probe: "p".into(), at: Timestamp(0), mono_ms: 0, took_ms: 0, outcome }
    }

    fn sizes(mut waiting: VecDeque<ProbeRun>) -> Vec<usize> {
        let mut sizes = Vec::new();
        while !waiting.is_empty() {
            sizes.push(take_runs(&mut waiting).len());
        }
        sizes
    }

    #[test]
    fn a_report_never_holds_more_than_the_collector_takes() {
        assert_eq!(sizes(vec![run(1); limits::RUNS + 3].into()), [limits::RUNS, 3]);
        assert_eq!(sizes(vec![run(1_500), run(400), run(200)].into()), [2, 1]);
        assert_eq!(sizes(vec![run(limits::OBSERVATIONS); 2].into()), [1, 1]);
    }
}
