//! The internet line: sound, slowly losing more and more, or down.

use super::{Deed, Tick, days};
use crate::random::Random;
use beforehand_core::asset::AssetId;
use beforehand_shared::{
    asset::AssetKind,
    ids::HostId,
    link::{Link, LinkRole},
    time::{Millis, Timestamp},
};

/// Users notice this share of lost packets.
const NOTICED_LOSS: f64 = 0.05;
/// Pings in one run.
const PINGS: u32 = 5;
/// Targets behind the line (RFC 5737 addresses) and their round trip in microseconds.
const ANCHORS: [(&str, f64); 3] = [("198.51.100.1", 9_000.0), ("203.0.113.1", 14_000.0), ("203.0.113.129", 21_000.0)];
const GATEWAY: (&str, f64) = ("192.0.2.1", 450.0);

#[derive(Debug, Clone, Copy)]
enum State {
    Sound,
    /// Loss grows by this share of packets per day.
    Degrading {
        per_day: f64,
    },
    Down {
        until: Timestamp,
    },
}

#[derive(Debug, Clone)]
pub struct Line {
    host: HostId,
    loss: f64,
    state: State,
    next_outage: Timestamp,
    next_decay: Timestamp,
    /// Outages that the world's maker wants: when, and how long.
    cuts: Vec<(Timestamp, Millis)>,
    bad_for: Millis,
    trouble: f64,
    random: Random,
}

impl Line {
    pub(crate) fn new(host: HostId, trouble: f64, start: Timestamp, mut random: Random) -> Self {
        let trouble = trouble.max(0.01);
        let next_outage = start.plus(days(3.0 + random.exponential(110.0 / trouble)));
        let next_decay = start.plus(days(20.0 + random.exponential(200.0 / trouble)));
        Self {
            host,
            loss: 0.0,
            state: State::Sound,
            next_outage,
            next_decay,
            cuts: Vec::new(),
            bad_for: Millis(0),
            trouble,
            random,
        }
    }

    /// The link that the site's own server sees first: what the whole line is judged by.
    pub(crate) fn asset(&self) -> AssetId {
        AssetId::new(AssetKind::Link, self.host, ANCHORS[0].0)
    }

    /// Goes down at `at`, whatever else goes wrong.
    pub(crate) fn cut(&mut self, at: Timestamp, length: Millis) {
        self.cuts.push((at, length));
    }

    pub(crate) const fn is_down(&self) -> bool {
        matches!(self.state, State::Down { .. })
    }

    pub(crate) fn advance(&mut self, tick: &Tick) {
        if let Some(due) = self.cuts.iter().position(|(at, _)| *at <= tick.at) {
            let (at, length) = self.cuts.swap_remove(due);
            self.state = State::Down { until: at.plus(length) };
        }
        match self.state {
            State::Sound if tick.at >= self.next_outage => {
                let minutes = self.random.between(25.0, 300.0) as i64;
                self.state = State::Down { until: tick.at.plus(Millis::minutes(minutes)) };
                self.next_outage = tick.at.plus(days(3.0 + self.random.exponential(110.0 / self.trouble)));
            }
            State::Sound if tick.at >= self.next_decay => {
                self.state = State::Degrading { per_day: self.random.between(0.006, 0.012) };
                self.next_decay = tick.at.plus(days(60.0 + self.random.exponential(200.0 / self.trouble)));
            }
            State::Down { until } if tick.at >= until => self.repair(),
            State::Degrading { per_day } => {
                self.loss = (self.loss + per_day * tick.step.as_days()).min(0.35);
                self.bad_for = Millis(self.bad_for.0 + if self.loss > NOTICED_LOSS { tick.step.0 } else { 0 });
                if self.bad_for > Millis::days(6) {
                    self.repair();
                }
            }
            State::Sound | State::Down { .. } => {}
        }
    }

    const fn repair(&mut self) {
        self.state = State::Sound;
        self.loss = 0.0;
        self.bad_for = Millis(0);
    }

    pub(crate) fn is_broken(&self, tick: &Tick) -> bool {
        tick.busy && (self.is_down() || self.loss > NOTICED_LOSS)
    }

    pub(crate) const fn is_foreseeable(&self) -> bool {
        matches!(self.state, State::Degrading { .. })
    }

    pub(crate) const fn needs_help(&self) -> bool {
        !matches!(self.state, State::Sound)
    }

    pub(crate) fn act(&mut self) -> Deed {
        if self.is_down() {
            return Deed {
                text: "Called the line's operator: they know and work on it.".to_owned(),
                minutes: 20,
                acted: false,
            };
        }
        self.repair();
        Deed::did("The operator changed the modem and the corroded socket.", 60)
    }

    /// One minute of pings from one host.
    pub(crate) fn observe(&mut self) -> Vec<Link> {
        let beyond = if self.is_down() { 1.0 } else { self.loss + 0.000_2 };
        let mut links = vec![ping(&mut self.random, GATEWAY, LinkRole::Gateway, 0.000_02)];
        links.extend(ANCHORS.map(|anchor| ping(&mut self.random, anchor, LinkRole::Anchor, beyond)));
        links
    }
}

fn ping(random: &mut Random, (target, typical_us): (&str, f64), role: LinkRole, loss: f64) -> Link {
    let lost = random.of(PINGS, loss);
    let answers = PINGS - lost;
    let median = typical_us * (1.0 + 0.08 * random.normal().abs());
    Link {
        target: target.to_owned(),
        role,
        sent: PINGS,
        lost,
        median_us: (answers > 0).then_some(median as u32),
        jitter_us: (answers > 1).then_some((median * random.between(0.02, 0.06)) as u32),
    }
}
