//! What reaches the collector, and when.

use super::{Machine, Office, habit::Habit};
use beforehand_shared::{
    PROTOCOL_VERSION,
    host::Host,
    ids::{BootId, Incarnation},
    observation::Observation,
    report::{Goodbye, Report},
    run::{Outcome, ProbeRun},
    time::{Millis, Timestamp},
};

/// The machines' agents and what waits in their spools.
#[derive(Debug)]
pub struct Wire<'a> {
    office: &'a Office,
    agents: Vec<Agent<'a>>,
}

#[derive(Debug)]
struct Agent<'a> {
    machine: &'a Machine,
    /// Place of its present or next stretch.
    place: usize,
    seq: u64,
    spool: Vec<Report>,
}

impl<'a> Wire<'a> {
    pub fn new(office: &'a Office) -> Self {
        let agent = |machine| Agent { machine, place: 0, seq: 0, spool: Vec::new() };
        Self { office, agents: office.machines.iter().map(agent).collect() }
    }

    /// What arrives in the minute that begins at `minute`, the oldest of each machine first. Machines that are on
    /// report once for each call.
    pub fn arrive(&mut self, minute: Timestamp) -> Vec<Report> {
        let mut arrived = Vec::new();
        for agent in &mut self.agents {
            let at = minute.plus(Millis::seconds(agent.machine.second));
            agent.step(at);
            // What was told before it went went at once, if it could.
            let away = agent.machine.stretches.get(agent.place).is_some_and(|stretch| stretch.away);
            let can = agent.is_on(at) || agent.spool.last().is_some_and(|last| at.since(last.made_at) < Millis::MINUTE);
            if can && (away || !self.office.is_cut_off(at)) {
                arrived.append(&mut agent.spool);
            }
        }
        arrived
    }
}

impl Agent<'_> {
    fn is_on(&self, at: Timestamp) -> bool {
        self.machine.stretches.get(self.place).is_some_and(|stretch| stretch.from <= at)
    }

    fn step(&mut self, at: Timestamp) {
        while let Some(stretch) = self.machine.stretches.get(self.place).filter(|stretch| stretch.to <= at) {
            if let Some(goodbye) = stretch.goodbye {
                self.report(stretch.to, Some(goodbye));
            }
            self.place += 1;
        }
        if self.is_on(at) {
            self.report(at, None);
        }
    }

    fn report(&mut self, at: Timestamp, goodbye: Option<Goodbye>) {
        self.seq += 1;
        let runs = if self.seq == 1 { vec![self.introduction(at)] } else { Vec::new() };
        self.spool.push(Report {
            protocol: PROTOCOL_VERSION,
            host: self.machine.id,
            incarnation: Incarnation(self.machine.id.0),
            seq: self.seq,
            boot: BootId(self.machine.id.0),
            made_at: at,
            mono_ms: at.0.unsigned_abs(),
            goodbye,
            gaps: Vec::new(),
            runs,
        });
    }

    fn introduction(&self, at: Timestamp) -> ProbeRun {
        let host = Host {
            name: self.machine.name.clone(),
            os: "Linux".to_owned(),
            agent: "0.1.0".to_owned(),
            booted_at: at,
            started_at: None,
            desktop: Some(self.machine.habit != Habit::Always),
            updates: None,
        };
        let outcome = Outcome::Seen { observations: vec![Observation::Host(host)] };
        ProbeRun { probe: "host".to_owned(), at, mono_ms: at.0.unsigned_abs(), took_ms: 2, outcome }
    }
}
