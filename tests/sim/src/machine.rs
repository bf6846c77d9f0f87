//! A host and its agent: when it runs, how it counts its reports, what waits in its spool.

use crate::{random::Random, things::Tick, world::Sent};
use beforehand_shared::{
    PROTOCOL_VERSION,
    host::Host,
    ids::{BootId, HostId, Incarnation},
    observation::Observation,
    report::{Gap, GapReason, Goodbye, Report},
    run::{Outcome, ProbeRun},
    time::{Millis, Timestamp},
};

/// What was seen in one run of one probe.
pub(crate) type Seen = (&'static str, Vec<Observation>);

#[derive(Debug, Clone)]
pub struct Machine {
    pub id: HostId,
    pub incarnation: Incarnation,
    pub name: String,
    pub os: String,
    /// A server; office computers go home with their people.
    pub always_on: bool,
    /// When the agent did not run, though the machine did.
    pub(crate) agent_away: Option<(Timestamp, Timestamp)>,
    /// When the spool lost three reports.
    pub(crate) loses_at: Option<Timestamp>,
    /// How far its wall clock is ahead.
    skew: Millis,
    seed: u64,
    seq: u64,
    boot: BootId,
    booted_at: Timestamp,
    up: bool,
    introduced: Option<i64>,
    spool: Vec<Report>,
    gaps: Vec<Gap>,
    random: Random,
}

impl Machine {
    pub(crate) fn new(name: String, os: &str, always_on: bool, start: Timestamp, mut random: Random) -> Self {
        Self {
            id: HostId(random.uuid()),
            incarnation: Incarnation(random.uuid()),
            name,
            os: os.to_owned(),
            always_on,
            agent_away: None,
            loses_at: None,
            skew: Millis((random.normal() * 900.0) as i64),
            seed: random.bits(),
            seq: 0,
            boot: BootId(random.uuid()),
            booted_at: start,
            up: false,
            introduced: None,
            spool: Vec::new(),
            gaps: Vec::new(),
            random,
        }
    }

    /// Whether somebody has switched it on, by a draw that depends on the day alone.
    pub(crate) fn is_wanted(&self, tick: &Tick, working_day: bool) -> bool {
        if self.always_on {
            return true;
        }
        let mut day = Random::new(self.seed ^ (tick.local.day as u64).wrapping_mul(0x2545_f491_4f6c_dd1d));
        let here = working_day && day.chance(0.94);
        let comes = 8.0f64.mul_add(60.0, day.normal() * 18.0);
        let goes = 17.3f64.mul_add(60.0, day.normal() * 35.0);
        here && (comes..goes).contains(&(tick.local.minute as f64))
    }

    /// One step: boots, reports what it saw, says goodbye or falls silent.
    pub(crate) fn step(&mut self, tick: &Tick, wanted: bool, has_power: bool, seen: Vec<Seen>) {
        let was_up = std::mem::replace(&mut self.up, wanted && has_power);
        if self.up && !was_up {
            self.boot = BootId(self.random.uuid());
            self.booted_at = tick.at;
            self.introduced = None;
        }
        if !self.up {
            if was_up && has_power {
                self.report(tick.at, Vec::new(), Some(Goodbye::Shutdown));
            }
            return;
        }
        if let Some((from, to)) = self.agent_away
            && tick.at >= from
        {
            if tick.at < to {
                return;
            }
            self.agent_away = None;
            self.gaps.push(Gap { from, to: tick.at, reason: GapReason::NotRunning, lost: 0, seqs: None });
        }
        self.lose(tick);
        self.report(tick.at, seen, None);
    }

    fn lose(&mut self, tick: &Tick) {
        if self.loses_at.is_some_and(|at| tick.at >= at) {
            self.loses_at = None;
            let (first, last) = (self.seq + 1, self.seq + 3);
            self.seq = last;
            let from = tick.at.minus(Millis(tick.step.0 * 3));
            let gap = Gap { from, to: tick.at, reason: GapReason::Corrupt, lost: 3, seqs: Some((first, last)) };
            self.gaps.push(gap);
        }
    }

    fn report(&mut self, at: Timestamp, seen: Vec<Seen>, goodbye: Option<Goodbye>) {
        let wall = at.plus(self.skew);
        let mono_ms = self.mono(at);
        self.seq += 1;
        let mut runs: Vec<ProbeRun> = Vec::new();
        let day = at.day_start().0;
        if goodbye.is_none() && self.introduced != Some(day) {
            self.introduced = Some(day);
            runs.push(run("host", wall, mono_ms, 2, vec![self.introduction()]));
        }
        for (probe, observations) in seen {
            let took_ms = self.random.whole(3, 40) as u32;
            runs.push(run(probe, wall, mono_ms, took_ms, observations));
        }
        self.spool.push(Report {
            protocol: PROTOCOL_VERSION,
            host: self.id,
            incarnation: self.incarnation,
            seq: self.seq,
            boot: self.boot,
            made_at: wall,
            mono_ms,
            goodbye,
            gaps: std::mem::take(&mut self.gaps),
            runs,
        });
    }

    fn introduction(&self) -> Observation {
        Observation::Host(Host {
            name: self.name.clone(),
            os: self.os.clone(),
            agent: "0.1.0".to_owned(),
            booted_at: self.booted_at.plus(self.skew),
            started_at: None,
            desktop: None,
            updates: None,
        })
    }

    fn mono(&self, at: Timestamp) -> u64 {
        at.since(self.booted_at).0.unsigned_abs() + 4_000
    }

    /// The machine is switched off in order.
    pub(crate) fn switch_off(&mut self, now: Timestamp) -> Vec<Sent> {
        if self.up {
            self.report(now, Vec::new(), Some(Goodbye::Shutdown));
        }
        self.send(now)
    }

    /// What reaches the collector now that the line is up.
    pub(crate) fn send(&mut self, now: Timestamp) -> Vec<Sent> {
        let reports = std::mem::take(&mut self.spool);
        let mut received_at = now;
        let mut sent = Vec::with_capacity(reports.len());
        for report in reports {
            received_at = received_at.plus(Millis(self.random.whole(20, 60) as i64));
            sent.push(Sent {
                received_at,
                sent_wall: received_at.plus(self.skew),
                sent_mono_ms: self.mono(received_at),
                sent_boot: self.boot,
                report,
            });
        }
        sent
    }
}

fn run(probe: &str, at: Timestamp, mono_ms: u64, took_ms: u32, observations: Vec<Observation>) -> ProbeRun {
    ProbeRun { probe: probe.to_owned(), at, mono_ms, took_ms, outcome: Outcome::Seen { observations } }
}
