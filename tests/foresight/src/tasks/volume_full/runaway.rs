//! A writer that runs away: how long before the volume is full a ticket is opened.

use super::{
    generated::{self, Habit},
    opponents::{self, Opponent},
    ours,
    usage::Usage,
};
use crate::{
    report::{By, Column, Row, Table, TaskReport},
    score,
};
use beforehand_core::math::seeded::Seeded;
use beforehand_shared::time::{Millis, Timestamp};

const HABITS: [Habit; 5] =
    [Habit::Quiet, Habit::Office, Habit::NightlyBackup, Habit::LogRotation, Habit::WeeklyCleanup];
/// Minutes from the first byte until the volume is full.
const PACES: [usize; 9] = [5, 10, 20, 30, 35, 45, 60, 120, 240];
const OF_EACH: u64 = 4;

/// Days of the first weeks on which a writer begins.
const EARLY: [(usize, &str); 4] = [(4, "from day 4"), (8, "from day 8"), (15, "from day 15"), (21, "from day 21")];

/// What people need, and what is asked where less remains.
const NEEDED: Millis = Millis::minutes(30);
const AT_ONCE: Millis = Millis::minutes(2);

/// A volume with a writer.
pub struct Runaway {
    pub usage: Usage,
    pub began: Timestamp,
    pub full: Timestamp,
}

/// A ticket's times after the beginning and before the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub after: Millis,
    pub left: Millis,
}

impl Told {
    pub fn in_time(self) -> bool {
        self.left >= NEEDED || (self.after.0 + self.left.0 < NEEDED.0 + AT_ONCE.0 && self.after <= AT_ONCE)
    }
}

/// On the last of four weeks, at any hour but those of the nightly jobs.
pub fn runaway(habit: Habit, pace: usize, number: u64) -> Runaway {
    from_day(24, habit, pace, number)
}

fn from_day(day: usize, habit: Habit, pace: usize, number: u64) -> Runaway {
    let volume = generated::volume(habit, number);
    let mut random = Seeded::new(&format!("{habit:?} {pace} {number} begins"));
    let begins = day * 24 * 60 + 6 * 60 + (random.unit() * 16.0 * 60.0) as usize;
    let usage = generated::with_runaway(&volume, begins, pace);
    let began = generated::START.plus(Millis::minutes(begins as i64));
    Runaway { usage, began, full: began.plus(Millis::minutes(pace as i64)) }
}

fn from_each_day(day: usize) -> Vec<Runaway> {
    let each = |habit, pace| (0..OF_EACH).map(move |number| from_day(day, habit, pace, number));
    HABITS.into_iter().flat_map(|habit| PACES.into_iter().flat_map(move |pace| each(habit, pace))).collect()
}

impl Runaway {
    /// When `alarms` says so first, minute by minute.
    pub fn told(&self, alarms: impl Fn(&Usage, Timestamp) -> bool) -> Option<Told> {
        let minutes = self.full.since(self.began).0 / Millis::MINUTE.0;
        let instants = (1..minutes).map(|minute| self.began.plus(Millis::minutes(minute)));
        let first = instants.into_iter().find(|at| alarms(&self.usage, *at))?;
        Some(Told { after: first.since(self.began), left: self.full.since(first) })
    }
}

pub(super) fn answer(report: &mut TaskReport) {
    eprintln!("  writers that run away …");
    let cases = from_each_day(24);
    let columns = vec![
        Column::new("told 30 minutes before, or within 2", 3).at_least(1.0),
        Column::new("told at all", 3),
        Column::new("median minutes left", 0),
    ];
    let words = format!("{} writers on {} habits, full in 5 to 240 minutes", cases.len(), HABITS.len());
    let mut table = super::table("a writer runs away", words, columns);
    table.rows.push(row("day-block bootstrap", By::Ours, &cases, ours::calls));
    for opponent in opponents::all() {
        let alarms = |usage: &Usage, at| Opponent::alarms(opponent.as_ref(), usage, at);
        table.rows.push(row(&opponent.name(), By::Opponent, &cases, alarms));
    }
    report.tables.push(table);
    report.tables.push(early());
}

/// The same writers on a volume that is hardly known, by the day on which they begin.
fn early() -> Table {
    let days = EARLY.map(|(day, _)| from_each_day(day));
    let words = format!("{} writers on {} habits from each day", days[0].len(), HABITS.len());
    let columns = EARLY.map(|(_, words)| Column::new(words, 3)).to_vec();
    let mut table =
        super::table("a writer runs away in the first weeks: told 30 minutes before, or within 2", words, columns);
    let mut add = |method: &str, by, alarms: &dyn Fn(&Usage, Timestamp) -> bool| {
        let values = days.iter().map(|cases| row(method, by, cases, alarms).values[0]).collect();
        table.rows.push(Row { method: method.to_owned(), by, values });
    };
    add("day-block bootstrap", By::Ours, &ours::calls);
    for opponent in opponents::all() {
        add(&opponent.name(), By::Opponent, &|usage, at| opponent.alarms(usage, at));
    }
    table
}

fn row(method: &str, by: By, cases: &[Runaway], alarms: impl Fn(&Usage, Timestamp) -> bool) -> Row {
    // Who alarms just before has said nothing about the writer.
    let quiet = |case: &&Runaway| !alarms(&case.usage, case.began);
    let told: Vec<Option<Told>> = cases.iter().filter(quiet).map(|case| case.told(&alarms)).collect();
    let all = cases.len().max(1) as f64;
    let in_time = told.iter().flatten().filter(|told| told.in_time()).count() as f64;
    let left = told.iter().flatten().map(|told| told.left.0 as f64 / Millis::MINUTE.0 as f64).collect();
    let values = vec![Some(in_time / all), Some(told.iter().flatten().count() as f64 / all), score::median(left)];
    Row { method: method.to_owned(), by, values }
}
