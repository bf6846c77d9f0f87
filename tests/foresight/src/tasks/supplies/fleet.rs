//! Runs the worlds: what was really left, and what was said of it.

use super::{
    judged::{Dates, Kind, Life, Question},
    opponents::{LastWeek, Opponent},
    watch::Watch,
};
use anyhow::Result;
use beforehand_core::{detectors::supply_low::Foresight, math::quantile::quantile};
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_sim::supplies::{self, Device, Sensor};
use std::{collections::BTreeMap, ops::Range};

/// 2026-01-05, a Monday, 00:00 UTC.
const START: Timestamp = Timestamp(1_767_571_200_000);
const DAYS: i64 = 730;
/// Worlds go on for so long after the last question, so that it is known how much was left.
const AFTER: i64 = 120;
/// From this day on questions are asked and lives counted.
const FROM: i64 = 60;
/// Futures that are drawn for the answer of one who knows the present.
const FUTURES: u64 = 41;
/// Days left about which is asked.
const LEFT: Range<f64> = 3.0..90.0;

/// One world with what was said.
#[derive(Debug, Clone)]
pub(super) struct Printer {
    pub(super) questions: Vec<Question>,
    pub(super) lives: Vec<Life>,
}

pub(super) fn run(worlds: Range<u64>) -> Result<Vec<Printer>> {
    let halves: Vec<Vec<u64>> = [0, 1].map(|odd| worlds.clone().filter(|seed| seed % 2 == odd).collect()).to_vec();
    let run = |seeds: &Vec<u64>| seeds.iter().map(|seed| one(*seed)).collect::<Result<Vec<_>>>();
    std::thread::scope(|scope| {
        let threads: Vec<_> = halves.iter().map(|seeds| scope.spawn(move || run(seeds))).collect();
        let mut all = Vec::new();
        for thread in threads {
            all.extend(thread.join().map_err(|_| anyhow::anyhow!("a world broke"))??);
        }
        Ok(all)
    })
}

/// What was asked, before the truth is known.
struct Asked {
    life: usize,
    at: Timestamp,
    ours: Option<Dates>,
    last_week: Option<f64>,
    knows_cartridge: Option<f64>,
    oracle: Dates,
}

struct Run {
    device: Device,
    watch: Watch,
    asked: Vec<Asked>,
    /// Tickets by supply: ours, then those of each opponent.
    tickets: Vec<Vec<(String, Timestamp)>>,
    alarmed: BTreeMap<(usize, String), bool>,
    opponents: Vec<Box<dyn Opponent>>,
}

fn one(seed: u64) -> Result<Printer> {
    let opponents = super::opponents();
    let mut run = Run {
        device: Device::new(seed, START)?,
        watch: Watch::new(START),
        asked: Vec::new(),
        tickets: vec![Vec::new(); 1 + opponents.len()],
        alarmed: BTreeMap::new(),
        opponents,
    };
    for hour in 0..(DAYS + AFTER) * 24 {
        let at = START.plus(Millis::hours(hour));
        run.device.hour(at);
        if hour < DAYS * 24 {
            run.look(at.plus(Millis::hours(1)).minus(Millis(1)), hour);
        }
    }
    Ok(run.end())
}

impl Run {
    /// The hour is that of UTC, one or two before that of the office.
    fn look(&mut self, at: Timestamp, hour: i64) {
        if let Some(printer) = self.device.observe(at) {
            self.watch.hear(at, printer);
        }
        let of_day = hour % 24;
        if of_day == 8 {
            let opened = self.watch.judge(at);
            self.tickets[0].extend(opened.into_iter().map(|name| (name, at)));
            self.let_opponents_judge(at);
        }
        if of_day == 8 && hour / 24 >= FROM && (hour / 24) % 7 == 0 {
            self.ask(at);
        }
    }

    fn let_opponents_judge(&mut self, at: Timestamp) {
        let names: Vec<String> = self.present().map(|(_, life)| life.supply.clone()).collect();
        for name in names {
            let Some(level) = self.watch.level(&name) else { continue };
            for (place, opponent) in self.opponents.iter().enumerate() {
                let alarms = opponent.alarms(level, at);
                let before = self.alarmed.insert((place, name.clone()), alarms).unwrap_or(false);
                if alarms && !before {
                    self.tickets[place + 1].push((name.clone(), at));
                }
            }
        }
    }

    /// The lives that go on.
    fn present(&self) -> impl Iterator<Item = (usize, &supplies::Life)> {
        self.device.lives.iter().enumerate().filter(|(_, life)| life.changed.is_none())
    }

    fn ask(&mut self, at: Timestamp) {
        let futures: BTreeMap<usize, Dates> = self.device.futures(at, FUTURES).into_iter().map(of_futures).collect();
        let foreseen = self.watch.foresee(at);
        let pages_left: BTreeMap<usize, f64> = self.device.pages_left().into_iter().collect();
        let asked = self.present().filter(|(_, life)| life.empty.is_none()).filter_map(|(number, life)| {
            let level = self.watch.level(&life.supply);
            Some(Asked {
                life: number,
                at,
                ours: foreseen.get(&life.supply).and_then(|foresight| dates(foresight, at)),
                last_week: level.and_then(|level| LastWeek::days(level, at)),
                knows_cartridge: foreseen.get(&life.supply).and_then(|foresight| {
                    let empty = foresight.dates.as_ref().ok()?.after(*pages_left.get(&number)?);
                    Some(empty.map_or(730.0, |empty| empty.since(at).as_days()))
                }),
                oracle: *futures.get(&number)?,
            })
        });
        let asked: Vec<Asked> = asked.collect();
        self.asked.extend(asked);
    }

    fn end(self) -> Printer {
        let lives = &self.device.lives;
        let questions = self.asked.iter().filter_map(|asked| {
            let life = &lives[asked.life];
            let left = life.empty?.since(asked.at).as_days();
            LEFT.contains(&left).then(|| Question {
                kind: Kind::of(life.sensor),
                carries: life.sensor.carries(),
                useless: matches!(life.sensor, Sensor::Stuck(_) | Sensor::Restless),
                left,
                ours: asked.ours,
                last_week: asked.last_week,
                knows_cartridge: asked.knows_cartridge,
                oracle: asked.oracle,
            })
        });
        let (from, to) = (START.plus(Millis::days(FROM)), START.plus(Millis::days(DAYS)));
        let counts = |life: &&supplies::Life| {
            life.from >= from
                && life.changed.is_some_and(|at| at <= to)
                && life.empty.is_some()
                && life.sensor.says_low()
        };
        let tickets = |life: &supplies::Life, of: &[(String, Timestamp)]| -> Vec<Timestamp> {
            let end = life.changed.unwrap_or(to);
            let own = of.iter().filter(|(name, at)| *name == life.supply && (life.from..end).contains(at));
            own.map(|(_, at)| *at).collect()
        };
        let lives = lives.iter().filter(counts).map(|life| Life {
            truth: life.clone(),
            ours: tickets(life, &self.tickets[0]),
            opponents: self.tickets[1..].iter().map(|of| tickets(life, of)).collect(),
        });
        Printer { questions: questions.collect(), lives: lives.collect() }
    }
}

fn of_futures((life, mut days): (usize, Vec<f64>)) -> (usize, Dates) {
    let mut at = |q: f64| quantile(&mut days, q).unwrap_or(f64::INFINITY);
    (life, Dates { from: at(0.1), middle: at(0.5), to: at(0.9) })
}

fn dates(foresight: &Foresight, at: Timestamp) -> Option<Dates> {
    let dates = foresight.dates.as_ref().ok()?;
    let days = |q: f64| dates.quantile(q).map_or(730.0, |date| date.since(at).as_days());
    Some(Dates { from: days(0.1), middle: days(0.5), to: days(0.9) })
}
