//! A printer with its supplies, as it reports them, and what is really left in each.

use super::{
    cartridge::{Cartridge, Sort},
    office::Office,
    sensor::Sensor,
};
use crate::random::Random;
use beforehand_shared::{
    printer::{Printer, PrinterState, Supply, SupplyLevel},
    time::{Millis, Timestamp},
};

/// Per cent really left at which most printers say that it is low.
const LOW: f64 = 10.0;
/// Days after which a future ends, whatever is left then.
const FARTHEST: i64 = 200;

/// A cartridge from when it was put in until the next was.
#[derive(Debug, Clone, PartialEq)]
pub struct Life {
    pub supply: String,
    pub sensor: Sensor,
    pub from: Timestamp,
    /// When it was empty, or would have been, had it stayed.
    pub empty: Option<Timestamp>,
    pub changed: Option<Timestamp>,
}

#[derive(Debug, Clone)]
struct Place {
    sort: Sort,
    sensor: Sensor,
    cartridge: Cartridge,
    /// People replace it so long after it is empty; or, before that, with so much left.
    habit: Habit,
    coverage: f64,
    life: usize,
    /// Those that were taken out before they were empty, as they would have gone on.
    owed: Vec<(usize, Cartridge)>,
}

#[derive(Debug, Clone, Copy)]
enum Habit {
    /// With so many per cent left.
    Before(f64),
    /// So many working hours after it is empty.
    After(f64),
}

#[derive(Debug, Clone)]
pub struct Device {
    office: Office,
    places: Vec<Place>,
    pages: f64,
    /// Whether it is off at night.
    sleeps: bool,
    /// Days on which black and a colour are listed the other way round.
    crossed: Option<(Timestamp, Timestamp)>,
    /// Whether it names its low supplies itself.
    nags: bool,
    day: i64,
    pub lives: Vec<Life>,
    random: Random,
}

impl Device {
    /// # Errors
    /// When the zone is no IANA name.
    pub fn new(seed: u64, start: Timestamp) -> Result<Self, jiff::Error> {
        let mut random = Random::named(seed, "device");
        let office = Office::new("Europe/Berlin", Random::named(seed, "office"))?;
        let mut device = Self {
            office,
            places: Vec::new(),
            pages: random.between(2_000.0, 90_000.0).floor(),
            sleeps: random.chance(0.4),
            crossed: None,
            nags: random.chance(0.8),
            day: i64::MIN,
            lives: Vec::new(),
            random,
        };
        if device.random.chance(0.06) {
            let from = start.plus(Millis::days(device.random.whole(60, 600) as i64));
            device.crossed = Some((from, from.plus(Millis::days(device.random.whole(2, 20) as i64))));
        }
        device.furnish(start);
        Ok(device)
    }

    fn furnish(&mut self, start: Timestamp) {
        let random = &mut self.random;
        let black = (1_500.0_f64.ln() + random.unit() * 8.0_f64.ln()).exp();
        let mut sorts = vec![Sort::new("Black Toner", "toner", black, 1.0)];
        if random.chance(0.6) {
            let share = random.between(0.3, 0.7);
            for colour in ["Cyan", "Magenta", "Yellow"] {
                sorts.push(Sort::new(&format!("{colour} Toner"), "toner", 0.6 * black, share));
            }
        }
        if random.chance(0.5) {
            sorts.push(Sort::new("Waste Toner Box", "waste-toner", 4.0 * black, 1.0));
        }
        let sensor = Sensor::any(random);
        for sort in sorts {
            // One printer measures its cartridges alike; some count in their waste box what is in it.
            let sensor = match sort.kind {
                "waste-toner" if self.random.chance(0.3) => Sensor::UsedUp,
                _ => sensor,
            };
            let mut cartridge = sort.fresh(&mut self.random);
            cartridge.left = self.random.between(15.0, 100.0);
            let (supply, life) = (sort.name.clone(), self.lives.len());
            self.lives.push(Life { supply, sensor, from: start, empty: None, changed: None });
            let habit = habit(&mut self.random);
            self.places.push(Place { sort, sensor, cartridge, habit, coverage: 1.0, life, owed: Vec::new() });
        }
    }

    pub const fn office(&self) -> &Office {
        &self.office
    }

    /// One hour of printing, and what people do then.
    pub fn hour(&mut self, at: Timestamp) {
        let day = self.office.calendar().local(at).day;
        if day != self.day {
            self.day = day;
            for place in &mut self.places {
                place.coverage = place.sort.coverage_of_day(&mut self.random);
            }
        }
        let pages = self.office.hour(at);
        self.pages += pages;
        let end = at.plus(Millis::HOUR);
        for number in 0..self.places.len() {
            self.use_up(number, pages, end);
            if self.office.is_open(at) {
                self.tend(number, end);
            }
        }
    }

    fn use_up(&mut self, number: usize, pages: f64, end: Timestamp) {
        let place = &mut self.places[number];
        let (share, coverage) = (place.sort.share, place.coverage);
        place.cartridge.print(pages, share, coverage);
        place.owed.iter_mut().for_each(|(_, cartridge)| cartridge.print(pages, share, coverage));
        let here = [(place.life, place.cartridge.left)];
        let gone = place.owed.iter().map(|(life, cartridge)| (*life, cartridge.left)).chain(here);
        for (life, left) in gone.collect::<Vec<_>>() {
            if left <= 0.0 && self.lives[life].empty.is_none() {
                self.lives[life].empty = Some(end);
            }
        }
        self.places[number].owed.retain(|(_, cartridge)| cartridge.left > 0.0);
    }

    /// Replaces a cartridge when its people do so.
    fn tend(&mut self, number: usize, now: Timestamp) {
        let place = &mut self.places[number];
        let due = match place.habit {
            Habit::Before(left) => place.cartridge.left <= left,
            Habit::After(hours) if place.cartridge.left <= 0.0 => {
                place.habit = Habit::After(hours - 1.0);
                hours <= 0.0
            }
            Habit::After(_) => false,
        };
        if !due {
            return;
        }
        let (life, cartridge) = (place.life, place.cartridge.clone());
        if cartridge.left > 0.0 {
            place.owed.push((life, cartridge));
        }
        place.cartridge = match self.random.unit() {
            u if u < 0.86 => place.sort.fresh(&mut self.random),
            u if u < 0.96 => place.sort.refilled(&mut self.random),
            _ => place.sort.used(&mut self.random),
        };
        place.habit = habit(&mut self.random);
        place.life = self.lives.len();
        let (supply, sensor) = (place.sort.name.clone(), place.sensor);
        self.lives[life].changed = Some(now);
        self.lives.push(Life { supply, sensor, from: now, empty: None, changed: None });
    }

    /// Pages until what lies in each place is empty, if they go on to have on them what they have lately; by its place among
    /// the lives.
    pub fn pages_left(&self) -> Vec<(usize, f64)> {
        let left = |place: &Place| place.cartridge.pages_left(place.sort.share, place.sort.usual_coverage());
        self.places.iter().map(|place| (place.life, left(place))).collect()
    }

    /// How long each cartridge that lies in a place would last from `at` on if the future were drawn anew: the
    /// days left in each of so many futures, by its place among the lives. All of the present is known: what
    /// is really left, how much is printed and put on pages lately, the calendar.
    pub fn futures(&self, at: Timestamp, count: u64) -> Vec<(usize, Vec<f64>)> {
        let seed = self.random.clone().bits();
        let mut left: Vec<(usize, Vec<f64>)> = self.places.iter().map(|place| (place.life, Vec::new())).collect();
        for number in 0..count {
            let mut future = self.clone();
            future.random = Random::named(seed ^ number, "future");
            future.office.redraw(Random::named(seed ^ number, "future of the office"));
            let days = future.days_left(at);
            left.iter_mut().zip(days).for_each(|((_, all), days)| all.push(days));
        }
        left
    }

    /// By whole days, each printed evenly over its office hours.
    fn days_left(&mut self, at: Timestamp) -> Vec<f64> {
        let mut left = vec![None; self.places.len()];
        for ahead in 0..FARTHEST {
            let hours = self.office.hours_left(at, ahead);
            let pages = self.office.pages_ahead(at, ahead) * (hours.end - hours.start) / Office::OPEN_FOR;
            for (place, left) in self.places.iter_mut().zip(&mut left) {
                place.coverage = place.sort.coverage_of_day(&mut self.random);
                let before = place.cartridge.left;
                place.cartridge.print(pages, place.sort.share, place.coverage);
                if left.is_none() && place.cartridge.left <= 0.0 {
                    let part = before.max(0.0) / (before - place.cartridge.left).max(1e-9);
                    *left = Some((hours.start + part * (hours.end - hours.start)) / 24.0);
                }
            }
            if left.iter().all(Option::is_some) {
                break;
            }
        }
        left.into_iter().map(|days| days.unwrap_or(FARTHEST as f64)).collect()
    }

    /// What an agent reads at `at`; nothing while the printer is off, and for one hour in fifty.
    pub fn observe(&mut self, at: Timestamp) -> Option<Printer> {
        let off = self.sleeps && !self.office.is_open(at);
        if off || self.random.chance(0.02) {
            return None;
        }
        let mut levels: Vec<f64> = Vec::with_capacity(self.places.len());
        for place in &self.places {
            let left = if self.random.chance(0.0005) {
                [0.0, 100.0][self.random.whole(0, 1) as usize]
            } else {
                place.cartridge.left
            };
            levels.push(place.sensor.read(left, &mut self.random));
        }
        let crossed = self.crossed.is_some_and(|(from, to)| (from..to).contains(&at));
        if crossed && self.places.len() >= 4 {
            levels.swap(0, 1);
        }
        Some(self.report(&levels))
    }

    fn report(&self, levels: &[f64]) -> Printer {
        let least = |waste: bool| {
            let of = self
                .places
                .iter()
                .filter(|place| (place.sort.kind == "waste-toner") == waste && place.sensor.says_low());
            of.map(|place| place.cartridge.left).fold(100.0, f64::min)
        };
        let mut reasons = Vec::new();
        for (waste, low, empty) in [
            (false, "toner-low-warning", "toner-empty-error"),
            (true, "marker-waste-almost-full-warning", "marker-waste-full-error"),
        ] {
            match least(waste) {
                left if left <= 0.0 => reasons.push(empty.to_owned()),
                left if left <= LOW && self.nags => reasons.push(low.to_owned()),
                _ => {}
            }
        }
        let stopped = reasons.iter().any(|reason| reason.ends_with("-error"));
        let supply = |(place, level): (&Place, &f64)| Supply {
            name: place.sort.name.clone(),
            kind: place.sort.kind.to_owned(),
            colour: None,
            level: SupplyLevel::Left(*level as f32),
        };
        Printer {
            key: "printer".to_owned(),
            uri: "ipp://192.0.2.40/ipp/print".to_owned(),
            name: "Printer".to_owned(),
            model: None,
            state: if stopped { PrinterState::Stopped } else { PrinterState::Idle },
            reasons,
            message: None,
            alerts: Vec::new(),
            supplies: self.places.iter().zip(levels).map(supply).collect(),
            jobs: Some(0),
            details: None,
            pages: Some(self.pages as u64),
        }
    }
}

/// Most wait until it is empty and then put in the next; some at the first word; some must order first.
fn habit(random: &mut Random) -> Habit {
    match random.unit() {
        u if u < 0.25 => Habit::Before(random.between(1.0, 9.0)),
        u if u < 0.80 => Habit::After(random.between(0.0, 2.0)),
        _ => Habit::After(random.between(10.0, 30.0)),
    }
}
