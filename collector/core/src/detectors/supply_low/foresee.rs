//! When a supply will have run out: what is left, by what a point does, by the pace of the office.

use super::{
    capacity::{Left, PerPoint},
    lives::{Life, is_low, lives, mark_exchanges},
    pace::{DRIFT, Pace},
    rounding::Rounding,
    runs::runs,
    sensor::{Moves, Sensor},
    work::{Unit, Work, day_done, hourly, time_of},
};
use crate::{
    calendar::Calendar,
    forecast::{Chance, FanPoint, Outlook},
    math::quantile::quantile_sorted,
    series::{Sample, Series},
};
use beforehand_shared::time::{Millis, Timestamp};

pub const METHOD: &str = "supply_low/3";
pub const HORIZONS: [Millis; 4] = [Millis::days(7), Millis::days(14), Millis::days(30), Millis::days(60)];
/// The middles of nine equal parts of the standard normal distribution.
const NORMAL: [f64; 9] = [-1.593, -0.967, -0.589, -0.282, 0.0, 0.282, 0.589, 0.967, 1.593];
const WEEKS_A_MONTH: f64 = 4.345;

/// Why no date is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// No level with a number.
    NoLevel,
    /// The level has not moved.
    Still,
    Noisy,
    /// It has not moved often enough to tell how it moves.
    TooFewMoves,
    /// Watched for less than two weeks, or nothing was printed.
    TooYoung,
    /// Shows full, low and empty only, does not say low, and earlier ones do not tell how long one lasts.
    NotLow,
    /// A value that is too new to be believed.
    TooNew,
}

/// What is known of a supply, and foreseen where its sensor can carry it.
#[derive(Debug, Clone, PartialEq)]
pub struct Foresight {
    pub sensor: Sensor,
    /// The lives of the cartridges in its place; the last is the present one.
    pub lives: Vec<Life>,
    /// The sensor counted what is used, and was turned round.
    pub turned: bool,
    /// The latest value is not believed yet.
    pub too_new: bool,
    pub dates: Result<Dates, Why>,
}

impl Foresight {
    /// Whether its level has fallen since it lies there.
    pub(super) fn is_low(&self) -> bool {
        is_low(&self.lives)
    }
}

/// When it runs out.
#[derive(Debug, Clone, PartialEq)]
pub struct Dates {
    pub left: Left,
    pub per_point: PerPoint,
    pub pace: Pace,
    pub unit: Unit,
    /// Units of work until it has run out, ascending, all equally likely.
    needs: Vec<f64>,
    now: Timestamp,
    day: Timestamp,
}

/// Looks at the whole past of a printer: the level of each of its supplies, where it has one, and its pages. They are
/// looked at together, for one printer measures its supplies alike.
pub fn foresee(
    levels: &[Option<&Series>],
    pages: Option<&Series>,
    calendar: &Calendar,
    now: Timestamp,
) -> Vec<Option<Foresight>> {
    let pages = pages.and_then(|pages| Work::of_pages(&hourly(pages, now), calendar, now));
    let past = |level: &Option<&Series>| Past::of((*level)?, pages.as_ref(), calendar, now);
    let mut pasts: Vec<Option<Past>> = levels.iter().map(past).collect();
    mark_exchanges(&mut pasts.iter_mut().flatten().map(|past| &mut past.lives).collect::<Vec<_>>());
    for past in pasts.iter_mut().flatten() {
        past.measure(now);
    }
    let foresight = |past: &Option<Past>| {
        let past = past.as_ref()?;
        let alike = pasts.iter().flatten().filter(|other| other.is_measured_like(past));
        let rounding = alike.map(|other| other.rounding).fold(Rounding::default(), Rounding::and);
        let work = pages.as_ref().or(past.by_days.as_ref())?;
        Some(past.foresight(rounding, work, calendar, now))
    };
    pasts.iter().map(foresight).collect()
}

/// A supply's level as it was read, before anything is made of it.
struct Past {
    sensor: Sensor,
    lives: Vec<Life>,
    turned: bool,
    too_new: bool,
    /// Where the printer counts no pages.
    by_days: Option<Work>,
    per_point: Option<PerPoint>,
    rounding: Rounding,
}

impl Past {
    fn of(level: &Series, pages: Option<&Work>, calendar: &Calendar, now: Timestamp) -> Option<Self> {
        let hours = hourly(level, now);
        let by_days = if pages.is_none() { Work::of_calendar(&hours, calendar, now) } else { None };
        let (mut read, mut new) = runs(&hours, pages.or(by_days.as_ref())?, steady(level, now));
        let mut moves = Moves::of(&read);
        let turned = moves.is_upside_down();
        if turned {
            read.iter_mut().chain(&mut new).for_each(|run| run.level = 100.0 - run.level);
            moves = Moves::of(&read);
        }
        let sensor = moves.sensor();
        let too_new = new.is_some_and(|new| !read.last().is_some_and(|last| sensor.is_step(last.level - new.level)));
        read.extend(new.filter(|_| !too_new));
        let lives = lives(&read, &moves, sensor);
        Some(Self { sensor, lives, turned, too_new, by_days, per_point: None, rounding: Rounding::default() })
    }

    /// What a point does, and how it is rounded.
    fn measure(&mut self, now: Timestamp) {
        self.per_point = PerPoint::of(&self.lives, self.sensor, now);
        if self.sensor == Sensor::ThreeSteps && !is_low(&self.lives) {
            self.per_point = PerPoint::of_whole(&self.lives);
        }
        if let Some((per_point, step)) = self.per_point.zip(self.sensor.step()) {
            self.rounding = Rounding::of(&self.lives, step, &per_point);
        }
    }

    fn is_measured_like(&self, other: &Self) -> bool {
        let step = |past: &Self| past.sensor.step();
        let alike = step(self).zip(step(other)).is_some_and(|(one, other)| (one - other).abs() < 0.1 * other);
        self.turned == other.turned && alike
    }

    fn foresight(&self, rounding: Rounding, work: &Work, calendar: &Calendar, now: Timestamp) -> Foresight {
        Foresight {
            sensor: self.sensor,
            lives: self.lives.clone(),
            turned: self.turned,
            too_new: self.too_new,
            dates: self.dates(rounding, work, calendar, now),
        }
    }

    fn dates(&self, rounding: Rounding, work: &Work, calendar: &Calendar, now: Timestamp) -> Result<Dates, Why> {
        match self.sensor {
            Sensor::Still => return Err(Why::Still),
            Sensor::Noisy => return Err(Why::Noisy),
            Sensor::Unknown => return Err(Why::TooFewMoves),
            _ if self.too_new => return Err(Why::TooNew),
            _ => {}
        }
        let pace = Pace::of(&work.days, calendar).ok_or(Why::TooYoung)?;
        let unknown = if self.sensor == Sensor::ThreeSteps { Why::NotLow } else { Why::TooFewMoves };
        let per_point = self.per_point.ok_or(unknown)?;
        let left = Left::now(&self.lives, self.sensor, &per_point, rounding, work.sum()).ok_or(Why::TooFewMoves)?;
        let needs = needs(&left, &per_point, &pace);
        let (unit, day) = (work.unit, calendar.day_start(now));
        Ok(Dates { left, per_point, pace, unit, needs, now, day })
    }
}

/// For how long the latest value has been read without another between.
fn steady(level: &Series, now: Timestamp) -> Millis {
    let known = level.recent.iter().rev().skip_while(|sample| sample.at > now);
    let mut same: Option<(Timestamp, Sample)> = None;
    for sample in known {
        same = match same {
            None => Some((sample.at, *sample)),
            Some((last, since)) if (since.value - sample.value).abs() < 0.01 => Some((last, *sample)),
            Some(_) => break,
        };
    }
    same.map_or(Millis::DAY, |(last, since)| last.since(since.at))
}

/// Every mix of what may be left and of how fast it may go. All that is uncertain relatively is taken
/// together as one logarithm.
fn needs(left: &Left, per_point: &PerPoint, pace: &Pace) -> Vec<f64> {
    let mut needs = Vec::with_capacity(NORMAL.len() * NORMAL.len());
    for z in NORMAL {
        let points = (left.points + left.doubt * z).max(0.0);
        let units = points * per_point.units;
        let weeks = units / pace.week();
        let relative = [
            per_point.doubt.powi(2),
            per_point.spread.powi(2) * 10.0 / points.max(1.0),
            pace.doubt.powi(2),
            pace.spread.powi(2) / weeks.max(0.5),
            DRIFT * DRIFT * weeks / WEEKS_A_MONTH,
        ];
        let deviation = relative.iter().sum::<f64>().sqrt();
        needs.extend(NORMAL.iter().map(|z| units * (deviation * z + 0.5 * relative[3]).exp()));
    }
    needs.sort_unstable_by(f64::total_cmp);
    needs
}

impl Dates {
    /// The date before which it runs out with chance `q`; nothing beyond two years.
    pub fn quantile(&self, q: f64) -> Option<Timestamp> {
        self.after(quantile_sorted(&self.needs, q)?)
    }

    /// When so many units will have been done.
    pub fn after(&self, units: f64) -> Option<Timestamp> {
        let mut rest = units;
        for (days, expected, done) in self.ahead() {
            let today = expected * (1.0 - done);
            if rest <= today && expected > 0.0 {
                let at = self.day.plus(Millis::days(days)).plus(time_of(done + rest / expected));
                return Some(at.max(self.now));
            }
            rest -= today;
        }
        None
    }

    /// Days from today on: units expected, and the share that is done.
    fn ahead(&self) -> impl Iterator<Item = (i64, f64, f64)> {
        let done = day_done(self.now.since(self.day));
        let days = self.pace.ahead.iter().zip(0..);
        days.map(move |(expected, days)| (days, *expected, if days == 0 { done } else { 0.0 }))
    }

    /// Units expected until `within` from now.
    fn units(&self, within: Millis) -> f64 {
        let days = within.as_days();
        self.ahead().take(days.ceil() as usize).map(|(_, expected, done)| expected * (1.0 - done)).sum()
    }

    /// With the fan of the level as its sensor shows it.
    pub fn outlook(&self, sensor: Sensor) -> Outlook {
        let chance = |within: Millis| {
            let units = self.units(within);
            let gone = self.needs.partition_point(|need| *need <= units);
            Chance { within, p: gone as f64 / self.needs.len().max(1) as f64 }
        };
        Outlook {
            method: METHOD.to_owned(),
            chances: HORIZONS.into_iter().map(chance).collect(),
            q10: self.quantile(0.1),
            q50: self.quantile(0.5),
            q90: self.quantile(0.9),
            fan: self.fan(sensor),
            need: None,
        }
    }

    /// Straight from what is left to nothing, as fast as the quantiles say. A sensor of steps shows up to
    /// a step more or less than the truth.
    fn fan(&self, sensor: Sensor) -> Vec<FanPoint> {
        // Between its points a fan is straight, while printing keeps office hours.
        let a_day = self.left.points.min(self.pace.week() / 5.0 / self.per_point.units);
        let slack = match sensor {
            Sensor::Fine => 1.0 + 0.4 * a_day,
            Sensor::Steps(step) => step,
            _ => return Vec::new(),
        };
        let need = |q: f64| quantile_sorted(&self.needs, q).unwrap_or(0.0).max(1e-9);
        let [n10, n25, n50, n75, n90] = [0.1, 0.25, 0.5, 0.75, 0.9].map(need);
        let point = |days: i64| {
            let units = self.units(Millis::days(days));
            let level = |need: f64, slack: f64| (self.left.points * (1.0 - units / need) + slack).clamp(0.0, 100.0);
            FanPoint {
                at: self.now.plus(Millis::days(days)),
                p10: level(n10, -slack),
                p25: level(n25, -0.5 * slack),
                p50: level(n50, 0.0),
                p75: level(n75, 0.5 * slack),
                p90: level(n90, slack),
            }
        };
        (0..21).chain((21..=56).step_by(7)).map(point).collect()
    }
}
