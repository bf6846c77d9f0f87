//! One printer, hour by hour, and what an agent reads of it.

use super::{
    rollers::{Rollers, Wear},
    seen::{self, Spell, Style, What},
    trouble::{self, Episode},
};
use crate::{random::Random, supplies::office::Office};
use beforehand_shared::{
    printer,
    time::{Millis, Timestamp},
};

/// Rollers begin to wear between these days, if at all: then their end is seen.
const WEARS: (u64, u64) = (150, 420);
/// From one question to the next: usually, and while there is a reason to look.
const USUALLY: Millis = Millis::minutes(15);
const BUSY: Millis = Millis::minutes(2);
/// Local hours in which a printer is awake.
const AWAKE: std::ops::Range<i64> = 7..19;

#[derive(Debug, Clone)]
pub struct Printer {
    office: Office,
    rollers: Rollers,
    pub episodes: Vec<Episode>,
    spells: Vec<Spell>,
    pages: f64,
    /// Chance of a jam that is used up before the next.
    until_jam: f64,
    until_empty: f64,
    style: Style,
    /// Share of its jobs that wait in a queue of the agent.
    queued: f64,
    /// From that day on so many times as much is printed.
    staff: Option<(Timestamp, f64)>,
    asked: Timestamp,
    was_busy: bool,
    random: Random,
}

impl Printer {
    /// One of two wears.
    ///
    /// # Errors
    /// When the zone is no IANA name.
    pub fn new(seed: u64, start: Timestamp, days: i64) -> Result<Self, jiff::Error> {
        let mut random = Random::named(seed, "wearing");
        let office = Office::new("Europe/Berlin", Random::named(seed, "office of wearing"))?;
        let on = |day: u64| start.plus(Millis::days(day as i64));
        let from = random.chance(0.5).then(|| on(random.whole(WEARS.0, WEARS.1)));
        let rollers = Rollers::new(5.0 * office.usual, from, &mut random);
        let queued = if random.chance(0.35) { 1.0 } else { random.between(0.0, 0.3) };
        let staff = random.chance(0.1).then(|| (on(random.whole(100, 600)), random.between(1.5, 2.5)));
        let mut spells = Vec::new();
        if random.chance(1.0 / 12.0) {
            let length = Millis::days(random.whole(30, 200) as i64);
            spells.push(Spell::new(What::Reminder, on(random.whole(60, 600)), length));
        }
        Ok(Self {
            office,
            rollers,
            episodes: trouble::happen(start, days, &mut random),
            spells,
            pages: random.between(2_000.0, 90_000.0).floor(),
            until_jam: random.exponential(1.0),
            until_empty: random.exponential(500.0),
            style: Style::any(&mut random),
            queued,
            staff,
            asked: start,
            was_busy: false,
            random,
        })
    }

    pub const fn wear(&self) -> Option<&Wear> {
        self.rollers.wear()
    }

    /// One hour of printing; what an agent read in it, and when.
    pub fn hour(&mut self, at: Timestamp) -> Vec<(Timestamp, printer::Printer)> {
        let before = self.pages;
        self.print(at);
        if self.office.is_open(at) {
            self.people(at);
        }
        self.ask(at, before)
    }

    fn print(&mut self, at: Timestamp) {
        let mut pages = self.office.hour(at);
        let (mut extra, open) = (0.0, self.office.is_open(at));
        for episode in self.episodes.iter().filter(|episode| open && episode.is_on(at)) {
            pages += episode.pages;
            extra += episode.rate;
        }
        pages *= self.staff.filter(|(from, _)| at >= *from).map_or(1.0, |(_, times)| times);
        self.episodes.iter_mut().filter(|episode| episode.is_on(at)).for_each(|episode| episode.rest -= pages);
        self.rollers.feed(pages, at, &mut self.random);
        self.pages += pages;
        let chance = pages * (self.rollers.rate() * self.humid(at) + extra);
        let mut used = self.until_jam;
        while used < chance {
            self.jam(at.plus(part_of_an_hour(used / chance)));
            used += self.random.exponential(1.0);
        }
        self.until_jam = used - chance;
        self.until_empty -= pages;
        if self.until_empty <= 0.0 {
            self.until_empty = self.random.exponential(500.0);
            let length = Millis::minutes(self.random.whole(3, 25) as i64);
            self.spells.push(Spell::new(What::NoPaper, at.plus(part_of_an_hour(self.random.unit())), length));
        }
    }

    fn humid(&self, at: Timestamp) -> f64 {
        // Days since 1970-01-01, without leap days: about June to September.
        let of_year = self.office.calendar().local(at).day.rem_euclid(365);
        if (165..285).contains(&of_year) { 1.3 } else { 1.0 }
    }

    /// A scrap that stays behind makes the next.
    fn jam(&mut self, mut at: Timestamp) {
        for _ in 0..3 {
            let length = seen::clearing(&mut self.random);
            let queued = self.random.chance(self.queued);
            self.spells.push(Spell { queued, ..Spell::new(What::Jam, at, length) });
            at = at.plus(length).plus(Millis::minutes(self.random.whole(1, 12) as i64));
            if !self.random.chance(0.2) {
                break;
            }
        }
    }

    fn people(&mut self, at: Timestamp) {
        let when = at.plus(part_of_an_hour(self.random.unit()));
        if self.random.chance(0.03) {
            let length = Millis::minutes(self.random.whole(1, 8) as i64);
            self.spells.push(Spell::new(What::Cover, when, length));
        }
        if self.random.chance(0.5 / 2_500.0) {
            let length = Millis::minutes(self.random.whole(20, 180) as i64);
            self.spells.push(Spell::new(What::Fault, when, length));
        }
    }

    fn ask(&mut self, at: Timestamp, before: f64) -> Vec<(Timestamp, printer::Printer)> {
        let mut read = Vec::new();
        if !AWAKE.contains(&(self.office.calendar().local(at).minute / 60)) {
            return read;
        }
        for minute in 0..60 {
            let now = at.plus(Millis::minutes(minute));
            let waited = now.since(self.asked);
            let waits = || self.spells.iter().any(|spell| spell.queued && spell.is_on(now));
            if waited < USUALLY && (waited < BUSY || !(self.was_busy || waits())) {
                continue;
            }
            self.asked = now;
            // Some answers get lost.
            if self.random.chance(0.02) {
                continue;
            }
            let pages = before + (self.pages - before) * minute as f64 / 60.0;
            let seen = seen::report(&self.spells, now, self.style, pages);
            self.was_busy = !seen.reasons.is_empty() || !seen.alerts.is_empty();
            read.push((now, seen));
        }
        self.spells.retain(|spell| spell.to > at.plus(Millis::HOUR));
        read
    }
}

fn part_of_an_hour(share: f64) -> Millis {
    Millis((share * Millis::HOUR.0 as f64) as i64)
}
