//! When each machine is on, and how it is switched off.

use super::{JUDGED, LEARNED, calendar::Days};
use crate::random::Random;
use beforehand_shared::{ids::HostId, report::Goodbye, time::Timestamp};

#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    pub id: HostId,
    pub name: String,
    pub habit: Habit,
    /// In the minute after which second it reports.
    pub second: i64,
    /// Ascending, without overlaps.
    pub stretches: Vec<Stretch>,
}

/// A time in which a machine is on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    pub from: Timestamp,
    pub to: Timestamp,
    /// Said at its end.
    pub goodbye: Option<Goodbye>,
    /// Whether it reports from elsewhere.
    pub away: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Habit {
    /// Never rests, and starts by itself when power returns.
    Always,
    /// Its owner never switches it off.
    LeftOn,
    /// Minutes after midnight at which its owner usually comes and goes.
    Desk {
        comes: f64,
        goes: f64,
    },
    /// Morning in one week, evening in the next.
    Shift {
        first: i64,
    },
    Laptop {
        comes: f64,
        goes: f64,
    },
}

/// How its owner usually ends a day.
#[derive(Debug, Clone, Copy)]
enum Ending {
    ShutDown,
    Sleep,
    /// Power strip or button, or a fast startup that tells services nothing.
    Unsaid,
}

pub(super) fn machines(days: &Days, random: &mut Random) -> Vec<Machine> {
    let mut habits = vec![("FILESRV", Habit::Always), ("NAS", Habit::Always), ("STUDIO", Habit::LeftOn)];
    habits.extend([("WORKSHOP", Habit::Shift { first: 0 }), ("DESPATCH", Habit::Shift { first: 1 })]);
    let mut all: Vec<Machine> =
        habits.into_iter().map(|(name, habit)| machine(name.to_owned(), habit, random)).collect();
    for number in 1..=15 {
        let comes = 60.0 * random.between(7.0, 9.2);
        let goes = comes + 60.0 * random.between(7.5, 9.5);
        let (name, habit) = match number {
            1 | 2 => (format!("LAPTOP{number}"), Habit::Laptop { comes, goes }),
            _ => (format!("DESK{number:02}"), Habit::Desk { comes, goes }),
        };
        all.push(machine(name, habit, random));
    }
    for machine in &mut all {
        machine.stretches = stretches(machine.habit, days, random);
    }
    all
}

fn machine(name: String, habit: Habit, random: &mut Random) -> Machine {
    Machine { id: HostId(random.uuid()), name, habit, second: random.whole(0, 59) as i64, stretches: Vec::new() }
}

fn stretches(habit: Habit, days: &Days, random: &mut Random) -> Vec<Stretch> {
    match habit {
        Habit::Always => restarted(days, random, None),
        Habit::LeftOn => {
            let holidays = random.chance(0.5).then(|| random.whole(LEARNED as u64 + 3, LEARNED as u64 + 20) as i64);
            restarted(days, random, holidays)
        }
        Habit::Desk { .. } | Habit::Shift { .. } | Habit::Laptop { .. } => worked(habit, days, random),
    }
}

/// On for ever but for a restart on Sunday nights, and for nine days from the evening of `holidays` on.
fn restarted(days: &Days, random: &mut Random, holidays: Option<i64>) -> Vec<Stretch> {
    let mut all = Vec::new();
    let mut from = days.midnight(0);
    let mut end = |from: &mut Timestamp, to: Timestamp, goodbye, next: Timestamp| {
        all.push(Stretch { from: *from, to, goodbye, away: false });
        *from = next;
    };
    for day in 0..LEARNED + JUDGED {
        let back = holidays.filter(|first| (first + 1..first + 11).contains(&day));
        if Days::weekday(day) == 6 && back.is_none() {
            let at = days.instant(day, 4.0 * 60.0 + random.between(0.0, 20.0));
            let next = at.plus(minutes(random.between(2.0, 8.0)));
            end(&mut from, at, Some(Goodbye::Shutdown), next);
        }
        if holidays == Some(day) {
            let at = days.instant(day, 17.0 * 60.0 + random.between(0.0, 60.0));
            let goodbye = random.chance(0.6).then_some(Goodbye::Shutdown);
            end(&mut from, at, goodbye, days.instant(day + 10, 8.0 * 60.0 + random.between(0.0, 60.0)));
        }
    }
    let last = days.midnight(LEARNED + JUDGED);
    if from < last {
        end(&mut from, last, None, last);
    }
    all
}

fn worked(habit: Habit, days: &Days, random: &mut Random) -> Vec<Stretch> {
    let usual = match random.unit() {
        u if u < 0.45 => Ending::ShutDown,
        u if u < 0.65 => Ending::Sleep,
        _ => Ending::Unsaid,
    };
    let lunches = random.chance(0.3);
    let mut all = Vec::new();
    // On since an evening on which it was left on.
    let mut since: Option<Timestamp> = None;
    for day in 0..LEARNED + JUDGED - 1 {
        let Some((comes, goes)) = hours(habit, day, days, random) else { continue };
        let away = matches!(habit, Habit::Laptop { .. }) && random.chance(0.3);
        let on = since.take().filter(|_| !away).unwrap_or_else(|| days.instant(day, comes));
        let off = days.instant(day, goes);
        let mut day_of = Stretch { from: on, to: off, goodbye: said(usual, random), away };
        if let Some((from, to, goodbye)) = pause(lunches, random) {
            let (from, to) = (days.instant(day, from), days.instant(day, to));
            if day_of.from < from && to < off {
                all.push(Stretch { to: from, goodbye, ..day_of });
                day_of.from = to;
            }
        }
        let over_night = !matches!(habit, Habit::Laptop { .. }) && random.chance(0.05);
        match over_night {
            true => since = Some(day_of.from),
            false => all.push(day_of),
        }
    }
    all
}

/// Minutes after midnight between which it is used on this day, if it is.
fn hours(habit: Habit, day: i64, days: &Days, random: &mut Random) -> Option<(f64, f64)> {
    let (comes, goes) = match habit {
        Habit::Desk { comes, goes } | Habit::Laptop { comes, goes } => (comes, goes),
        Habit::Shift { first } if (day / 7 + first) % 2 == 0 => (6.0 * 60.0, 14.0 * 60.0),
        _ => (14.0 * 60.0, 22.0 * 60.0),
    };
    let saturday = Days::weekday(day) == 5 && random.chance(0.04);
    let here = (days.is_worked(day) && random.chance(0.94)) || saturday;
    let (comes, goes) = (comes + 12.0 * random.normal(), goes + 22.0 * random.normal());
    let goes = match days.closes_early(day) {
        Some(early) => goes.min(early as f64 + 8.0 * random.exponential(1.0)),
        None => goes,
    };
    (here && goes > comes + 30.0).then_some((comes, goes))
}

fn said(usual: Ending, random: &mut Random) -> Option<Goodbye> {
    let ending = if random.chance(0.1) { Ending::Unsaid } else { usual };
    match ending {
        // The network goes down before the goodbye is out.
        _ if random.chance(0.04) => None,
        Ending::ShutDown => Some(Goodbye::Shutdown),
        Ending::Sleep => Some(Goodbye::Suspend),
        Ending::Unsaid => None,
    }
}

/// Lunch, or a restart in the day: minutes after midnight, and what is said.
fn pause(lunches: bool, random: &mut Random) -> Option<(f64, f64, Option<Goodbye>)> {
    if lunches && random.chance(0.8) {
        let from = 12.0 * 60.0 + 15.0 * random.normal();
        let goodbye = random.chance(0.85).then_some(Goodbye::Suspend);
        return Some((from, from + random.between(25.0, 70.0), goodbye));
    }
    if random.chance(0.04) {
        let from = random.between(9.0 * 60.0, 16.0 * 60.0);
        let goodbye = random.chance(0.7).then_some(Goodbye::Shutdown);
        return Some((from, from + random.between(2.0, 12.0), goodbye));
    }
    None
}

pub(super) fn minutes(minutes: f64) -> beforehand_shared::time::Millis {
    beforehand_shared::time::Millis((minutes * 60_000.0) as i64)
}
