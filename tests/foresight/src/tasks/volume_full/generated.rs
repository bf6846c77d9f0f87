//! Volumes made by rule, sampled once a minute as by an agent: cycles that never fill, and ordinary
//! days on which a writer runs away.

use super::usage::{Point, Usage};
use beforehand_core::math::seeded::Seeded;
use beforehand_shared::time::{Millis, Timestamp};

/// 2026-01-05, a Monday.
pub const START: Timestamp = Timestamp(1_767_571_200_000);
const DAYS: usize = 28;
const DAY: usize = 24 * 60;

/// A day's or a week's habit of a volume, as shares of its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    /// Hardly anything is written.
    Quiet,
    /// Written in office hours, a part deleted at night.
    Office,
    /// A backup takes most of what is free for an hour every night.
    NightlyBackup,
    /// Logs grow all day and are rotated at midnight.
    LogRotation,
    /// Grows all week, and is cleaned on Sunday.
    WeeklyCleanup,
    /// Upgrades on some days: five minutes of unpacking, five later it is deleted; some of it stays.
    Upgrades,
    /// A database's log that is recycled every few minutes.
    WriteAheadLog,
    /// A job writes a large file at three in the morning and deletes it within the hour.
    CronFile,
    /// Hardly anything is written but on one day of the week, when a job rewrites for 6 to 90 minutes
    /// what is there and takes 40 to 80 % of what is free, until the old can go.
    WeeklyRewrite,
}

pub const SAWTEETH: [Habit; 8] = [
    Habit::Office,
    Habit::NightlyBackup,
    Habit::LogRotation,
    Habit::WeeklyCleanup,
    Habit::Upgrades,
    Habit::WriteAheadLog,
    Habit::CronFile,
    Habit::WeeklyRewrite,
];

/// Volumes of every habit, of sizes from 2 GB to 2 TB.
pub fn sawteeth(of_each: u64) -> Vec<Usage> {
    let each = |habit: Habit| (0..of_each).map(move |number| volume(habit, number));
    SAWTEETH.into_iter().flat_map(each).collect()
}

/// Four weeks of a volume; the number decides its size and its luck.
pub fn volume(habit: Habit, number: u64) -> Usage {
    let mut random = Seeded::new(&format!("{habit:?} {number}"));
    let size = 2e9 * 10_f64.powf(3.0 * random.unit());
    let mut shape = Shape { habit, random, base: 0.0, today: 0.0, swing: 0.0, job: Job::default() };
    shape.base = 0.35 + 0.2 * shape.random.unit();
    if habit == Habit::WeeklyRewrite {
        shape.job = Job::drawn(&mut shape.random);
    }
    let shares = (0..DAYS * DAY).map(|minute| shape.at(minute));
    let point = |(minute, share): (usize, f64)| Point {
        at: START.plus(Millis::minutes(minute as i64)),
        used: (share * size).round(),
    };
    let points = shares.enumerate().map(point).collect();
    Usage::of(format!("{habit:?} {number}"), size, points)
}

struct Shape {
    habit: Habit,
    random: Seeded,
    /// What is there all the time.
    base: f64,
    /// How much today is of an ordinary day, 0.8 to 1.2; drawn anew at midnight.
    today: f64,
    /// A state of the habit.
    swing: f64,
    job: Job,
}

/// What runs once a week, in one run as in the next but for what today is.
#[derive(Default)]
struct Job {
    weekday: usize,
    /// Of the day, and how many.
    starts: f64,
    hours: f64,
    /// The share of what is free.
    takes: f64,
}

impl Job {
    fn drawn(random: &mut Seeded) -> Self {
        let mut between = |from: f64, to: f64| from + (to - from) * random.unit();
        Self {
            weekday: between(0.0, 7.0) as usize,
            starts: between(0.0, 22.0),
            hours: between(0.1, 1.5),
            takes: between(0.4, 0.8),
        }
    }
}

impl Shape {
    /// The used share at a minute; called for each in turn.
    fn at(&mut self, minute: usize) -> f64 {
        let (day, of_day) = (minute / DAY, minute % DAY);
        if of_day == 0 {
            self.today = 0.8 + 0.4 * self.random.unit();
        }
        let noise = 0.0005 * self.random.unit();
        self.base + noise + self.above(day, of_day)
    }

    fn above(&mut self, day: usize, of_day: usize) -> f64 {
        let hour = of_day as f64 / 60.0;
        let within = |from: f64, to: f64| ((hour - from) / (to - from)).clamp(0.0, 1.0);
        let on = |from: f64, to: f64| (from..to).contains(&hour);
        match self.habit {
            Habit::Quiet => 0.0,
            Habit::Office if day % 7 >= 5 => 0.0,
            Habit::Office => 0.05 * self.today * within(8.0, 17.0) * f64::from(u8::from(hour < 22.0)),
            Habit::NightlyBackup if on(1.0, 2.0) => {
                0.9 * (1.0 - self.base) * 0.8 * self.today.min(1.1) * within(1.0, 1.9)
            }
            Habit::CronFile if on(3.0, 4.0) => 0.3 * self.today * within(3.0, 3.5),
            Habit::LogRotation => 0.3 * self.today * hour / 24.0,
            Habit::WeeklyCleanup => 0.35 * ((day % 7) as f64 + hour / 24.0) / 7.0,
            Habit::Upgrades => self.upgrades(day, hour),
            Habit::WriteAheadLog => {
                let cycle = 7 + (day % 5);
                0.3 * (of_day % cycle) as f64 / cycle as f64
            }
            Habit::WeeklyRewrite if day % 7 == self.job.weekday => {
                let (starts, ends) = (self.job.starts, self.job.starts + self.job.hours);
                let takes = self.job.takes * self.today.min(1.1) * (1.0 - self.base);
                if on(starts, ends) { takes * within(starts, ends) } else { 0.0 }
            }
            Habit::NightlyBackup | Habit::CronFile | Habit::WeeklyRewrite => 0.0,
        }
    }

    fn upgrades(&mut self, day: usize, hour: f64) -> f64 {
        let upgrade = day % 3 == 1;
        if upgrade && (10.0..10.17).contains(&hour) {
            return self.swing + 0.06 * self.today * ((hour - 10.0) / 0.08).min(1.0);
        }
        if upgrade && (10.17..10.19).contains(&hour) {
            self.swing += 0.004;
        }
        if day % 28 == 27 {
            self.swing = 0.0;
        }
        self.swing
    }
}

/// The volume with a writer that begins at a minute and fills what is free in `minutes`, steadily.
#[must_use]
pub fn with_runaway(volume: &Usage, begins: usize, minutes: usize) -> Usage {
    let (began, before) = (volume.points[begins].at, volume.points[begins].used);
    let rate = (volume.size - before) / minutes as f64;
    let mut points: Vec<Point> = volume.points[..=begins].to_vec();
    points.extend(
        (1..=minutes).map(|minute| Point {
            at: began.plus(Millis::minutes(minute as i64)),
            used: before + rate * minute as f64,
        }),
    );
    Usage::of(format!("{} and a writer from {begins}", volume.name), volume.size, points)
}
