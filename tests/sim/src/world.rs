//! The world, stepped through time: things go wrong, agents report, users notice, and whoever
//! drives the world may act in it.

use crate::{
    calendar::Calendar,
    disks,
    machine::{Machine, Seen},
    office,
    plan::Plan,
    random::Random,
    things::{Deed, Thing, Tick},
    truth::{Averted, Incident, Trouble, Truth},
};
use beforehand_core::{asset::AssetId, ticket::UserReport};
use beforehand_shared::{
    asset::AssetKind,
    ids::{BootId, HostId},
    observation::Observation,
    report::Report,
    time::{Millis, Timestamp},
};

/// How far a world is followed to see what an action averted.
const FORESEEN: Millis = Millis::days(60);
/// Share of interruptions that somebody reports.
const REPORTED: f64 = 0.85;

#[derive(Debug, Clone)]
pub struct World {
    pub plan: Plan,
    pub machines: Vec<Machine>,
    pub things: Vec<Thing>,
    calendar: Calendar,
    now: Timestamp,
    truth: Truth,
    /// For each thing: its open incident, and when a user will report it.
    open: Vec<Option<Ongoing>>,
    /// For each thing: its trouble, if it has any.
    troubled: Vec<Option<usize>>,
    random: Random,
}

#[derive(Debug, Clone, Copy)]
struct Ongoing {
    incident: usize,
    reports_at: Option<Timestamp>,
}

/// What the outside learns of the world.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Report(Box<Sent>),
    /// Somebody calls the provider; number and entry time are the collector's to fill in.
    Noticed(UserReport),
}

/// A report with the clocks that its request carried.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    pub received_at: Timestamp,
    pub sent_wall: Timestamp,
    pub sent_mono_ms: u64,
    pub sent_boot: BootId,
    pub report: Report,
}

impl Event {
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Report(sent) => sent.received_at,
            Self::Noticed(report) => report.entered_at,
        }
    }
}

impl World {
    /// A small office: one server, some computers, a printer, a queue, a line, web mail.
    ///
    /// # Errors
    /// When the plan's time zone is no IANA name.
    pub fn office(seed: u64, plan: &Plan) -> Result<Self, jiff::Error> {
        let machines = office::machines(seed, plan);
        let things = office::things(seed, plan, &machines);
        Self::of((machines, things), seed, plan)
    }

    /// An office of which only the disks are looked at, in which disks alone go wrong.
    ///
    /// # Errors
    /// When the plan's time zone is no IANA name.
    pub fn disks(seed: u64, plan: &Plan) -> Result<Self, jiff::Error> {
        let machines = office::machines(seed, plan);
        let things = disks::things(seed, plan, &machines);
        Self::of((machines, things), seed, plan)
    }

    fn of((machines, things): (Vec<Machine>, Vec<Thing>), seed: u64, plan: &Plan) -> Result<Self, jiff::Error> {
        Ok(Self {
            calendar: Calendar::new(&plan.time_zone)?,
            now: plan.start,
            truth: Truth::default(),
            open: vec![None; things.len()],
            troubled: vec![None; things.len()],
            random: Random::named(seed, "users"),
            plan: plan.clone(),
            machines,
            things,
        })
    }

    pub const fn now(&self) -> Timestamp {
        self.now
    }

    pub const fn truth(&self) -> &Truth {
        &self.truth
    }

    pub const fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The line goes down at `at`, beside what goes wrong by itself.
    pub fn cut_line(&mut self, at: Timestamp, length: Millis) {
        for thing in &mut self.things {
            if let Thing::Line(line) = thing {
                line.cut(at, length);
            }
        }
    }

    /// Goes on until `until` and tells what happened, in the order in which the collector learns it.
    pub fn step(&mut self, until: Timestamp) -> Vec<Event> {
        let mut events = Vec::new();
        while self.now < until {
            self.now = self.now.plus(self.plan.cadence);
            let tick = self.tick(self.now);
            for thing in &mut self.things {
                thing.advance(&tick);
            }
            disks::show_mirrors(&mut self.things);
            self.follow(&tick);
            self.watch(&tick, &mut events);
            self.report(&tick, &mut events);
        }
        events.sort_by_key(Event::at);
        events
    }

    /// Every machine that runs is switched off and says so: the last thing the collector hears, a second after all else.
    pub fn switch_off(&mut self) -> Vec<Event> {
        let now = self.now.plus(Millis::SECOND);
        let last = self.machines.iter_mut().flat_map(|machine| machine.switch_off(now));
        last.map(|sent| Event::Report(Box::new(sent))).collect()
    }

    fn tick(&self, at: Timestamp) -> Tick {
        let step = self.plan.cadence;
        Tick { at, step, busy: self.calendar.is_busy(at), local: self.calendar.local(at) }
    }

    /// Does to the asset's thing what a technician would do who is called about it. When that
    /// changed anything, the truth learns what it averted.
    pub fn act(&mut self, asset: &AssetId) -> Deed {
        let at = self.now;
        let Some(n) = self.thing_of(asset) else { return Deed::looked() };
        if !self.things[n].needs_help() {
            return Deed::looked();
        }
        let without = if self.open[n].is_some() { None } else { self.onset_without_action(n) };
        let others = disks::of_mirror(&self.things, n);
        let deed = self.things[n].act(at);
        for other in others {
            self.things[other].act(at);
        }
        if let Some(trouble) = self.troubled[n].filter(|_| deed.acted) {
            let trouble = &mut self.truth.troubles[trouble];
            trouble.onset = trouble.onset.or(without);
        }
        if let Some(would_have_begun) = without.filter(|_| deed.acted) {
            let (asset, kind) = (self.things[n].asset(), self.things[n].kind());
            self.truth.averted.push(Averted { asset, kind, acted_at: at, would_have_begun });
        }
        deed
    }

    /// Whether users are held up by this asset now.
    pub fn is_broken(&self, asset: &AssetId) -> bool {
        self.thing_of(asset).is_some_and(|n| self.open[n].is_some())
    }

    /// Whether there is something to do about this asset now.
    pub fn needs_help(&self, asset: &AssetId) -> bool {
        self.thing_of(asset).is_some_and(|n| self.things[n].needs_help())
    }

    fn thing_of(&self, asset: &AssetId) -> Option<usize> {
        let beyond = matches!(asset.kind(), Some(AssetKind::Link | AssetKind::Resolver));
        self.things.iter().position(|thing| match thing {
            Thing::Line(_) => beyond,
            // Whoever is called about a cartridge looks at its printer.
            Thing::Printer(it) => it.printer() == *asset.printer().as_ref().unwrap_or(asset),
            other => other.asset() == *asset,
        })
    }

    fn onset_without_action(&self, n: usize) -> Option<Timestamp> {
        let mut without = self.things[n].clone();
        let mut at = self.now;
        while at < self.now.plus(FORESEEN) && without.needs_help() {
            at = at.plus(self.plan.cadence);
            let tick = self.tick(at);
            without.advance(&tick);
            if without.is_broken(&tick) {
                return Some(at);
            }
        }
        None
    }

    /// Notes where trouble begins, what it comes to and when it is over.
    fn follow(&mut self, tick: &Tick) {
        for n in 0..self.things.len() {
            let thing = &self.things[n];
            let helps = thing.needs_help();
            let known = self.troubled[n].filter(|known| self.truth.troubles[*known].asset == thing.asset());
            if let Some(over) = self.troubled[n].filter(|_| known.is_none() || !helps) {
                self.truth.troubles[over].ended = Some(tick.at);
                self.troubled[n] = None;
            }
            if !helps {
                continue;
            }
            let known = known.unwrap_or_else(|| {
                let (asset, kind) = (thing.asset(), thing.kind());
                self.truth.troubles.push(Trouble { asset, kind, began: tick.at, onset: None, ended: None });
                self.truth.troubles.len() - 1
            });
            self.troubled[n] = Some(known);
            let trouble = &mut self.truth.troubles[known];
            if thing.has_come(tick) && trouble.onset.is_none() {
                trouble.onset = Some(tick.at);
            }
        }
    }

    /// Opens and ends incidents, and lets users report them.
    fn watch(&mut self, tick: &Tick, events: &mut Vec<Event>) {
        for n in 0..self.things.len() {
            let broken = self.things[n].is_broken(tick);
            match self.open[n] {
                None if broken => self.open[n] = Some(self.begin(n, tick.at)),
                Some(ongoing) if !broken && (tick.busy || !self.things[n].needs_help()) => {
                    self.truth.incidents[ongoing.incident].ended = Some(tick.at);
                    self.open[n] = None;
                }
                Some(ongoing) if tick.busy && ongoing.reports_at.is_some_and(|at| at <= tick.at) => {
                    self.open[n] = Some(Ongoing { reports_at: None, ..ongoing });
                    self.truth.incidents[ongoing.incident].reported = Some(tick.at);
                    events.push(Event::Noticed(self.complaint(n, tick.at)));
                }
                None | Some(_) => {}
            }
        }
    }

    fn begin(&mut self, n: usize, onset: Timestamp) -> Ongoing {
        let thing = &self.things[n];
        let foreseeable = thing.is_foreseeable();
        let (asset, kind) = (thing.asset(), thing.kind());
        self.truth.incidents.push(Incident { asset, kind, onset, ended: None, reported: None, foreseeable });
        // Patience: a quarter of an hour, or with coarse time two steps of it.
        let patience = self.random.exponential(0.25).max(self.plan.cadence.as_hours() * self.random.between(0.5, 2.5));
        let after = Millis((patience * Millis::HOUR.0 as f64) as i64);
        let reports_at = self.random.chance(REPORTED).then(|| onset.plus(after));
        Ongoing { incident: self.truth.incidents.len() - 1, reports_at }
    }

    fn complaint(&mut self, n: usize, at: Timestamp) -> UserReport {
        let (what, typical) = self.things[n].complaint();
        let minutes_lost = (f64::from(typical) * self.random.between(0.5, 1.8)) as u32;
        UserReport {
            client: self.plan.client,
            number: 0,
            site: self.plan.site,
            asset: Some(self.things[n].asset()),
            who: "Front desk".to_owned(),
            what: what.to_owned(),
            noticed_at: at,
            entered_at: at.plus(Millis::minutes(4)),
            minutes_lost,
            people: self.random.whole(1, 4) as u32,
            in_scope: true,
        }
    }

    fn report(&mut self, tick: &Tick, events: &mut Vec<Event>) {
        let working_day = self.calendar.is_working_day(tick.local.day);
        let has_power = !self.things.iter().any(|thing| matches!(thing, Thing::Power(power) if power.is_off()));
        let line_up = !self.things.iter().any(|thing| matches!(thing, Thing::Line(line) if line.is_down()));
        for machine in &mut self.machines {
            let wanted = machine.is_wanted(tick, working_day);
            let powered = has_power || !machine.always_on;
            let seen = if wanted && powered { look(machine, &mut self.things, tick, line_up) } else { Vec::new() };
            machine.step(tick, wanted, powered, seen);
            if line_up {
                events.extend(machine.send(tick.at).into_iter().map(|sent| Event::Report(Box::new(sent))));
            }
        }
    }
}

/// One run of each probe on one machine. The server looks at what the whole office shares.
fn look(machine: &Machine, things: &mut [Thing], tick: &Tick, line_up: bool) -> Vec<Seen> {
    let (mut volumes, mut net, mut print) = (Vec::new(), Vec::new(), Vec::new());
    for thing in things.iter_mut() {
        match thing {
            Thing::Volume(disk) if is_on(disk.host(), machine) => volumes.push(Observation::Volume(disk.observe())),
            Thing::Archive(it) if is_on(it.host(), machine) => volumes.push(Observation::Volume(it.observe())),
            Thing::Line(line) => net.extend(line.observe().into_iter().map(Observation::Link)),
            Thing::Endpoint(it) if machine.always_on => net.push(Observation::Endpoint(it.observe(line_up))),
            Thing::Printer(it) if machine.always_on => print.push(Observation::Printer(it.observe(tick.at))),
            Thing::Queue(it) if machine.always_on => print.push(Observation::Queue(it.observe())),
            _ => {}
        }
    }
    let mut seen = vec![("disk_space", volumes), ("connectivity", net)];
    seen.extend(disks::look(machine, things, tick));
    if !print.is_empty() {
        seen.push(("printer", print));
    }
    seen
}

fn is_on(host: HostId, machine: &Machine) -> bool {
    host == machine.id
}
