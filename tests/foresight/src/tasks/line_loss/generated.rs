//! Lines whose losses are made up, ping by ping.

use super::{
    WAYS, Way,
    exact::{ASKED, USUAL, binomial},
    opponents::Rule,
};
use crate::report::{Column, Table};
use beforehand_core::math::{quantile::median, seeded::Seeded};
use beforehand_shared::time::{Millis, Timestamp};

const LINES: usize = 1000;
const QUIET_LINES: usize = 40;
const DAYS: i64 = 85;
const PINGS: u32 = 5;
const WARM_UP: i64 = 180;
/// Nobody waits longer for an alarm, minutes.
const PATIENCE: i64 = 600;

/// Pings lost of five, by one draw from their binomial distribution.
fn lost(random: &mut Seeded, chances: &[f64; PINGS as usize + 1]) -> u32 {
    let mut left = random.unit();
    let lost = chances.iter().position(|chance| {
        left -= chance;
        left < 0.0
    });
    lost.map_or(PINGS, |lost| lost as u32)
}

fn minute(n: i64) -> Timestamp {
    Timestamp(n * Millis::MINUTE.0)
}

/// Minutes until the median line is found, for each loss.
pub(super) fn found() -> Table {
    let columns = ASKED.map(|(loss, most)| Column::new(&format!("{:.0} %", 100.0 * loss), 0).at_most(most));
    let rows = WAYS.iter().map(|way| way.row(ASKED.map(|(loss, _)| delay(way, loss)).to_vec()));
    super::table(
        "minutes until loss is found, made up",
        format!("{LINES} lines for each loss"),
        columns.to_vec(),
        rows.collect(),
    )
}

/// Nothing where the median line was not found in ten hours.
fn delay(way: &Way, loss: f64) -> Option<f64> {
    let (usual, chances) = (binomial(USUAL), binomial(loss));
    let mut delays: Vec<f64> = (0..LINES)
        .map(|line| {
            let mut random = Seeded::new(&format!("{loss} {line}"));
            let mut rule = (way.make)();
            for n in 0..WARM_UP {
                rule.add(minute(n), PINGS, lost(&mut random, &usual));
            }
            let found = (0..PATIENCE).find(|n| rule.add(minute(WARM_UP + n), PINGS, lost(&mut random, &chances)));
            found.map_or(f64::INFINITY, |n| (n + 1) as f64)
        })
        .collect();
    median(&mut delays).filter(|minutes| minutes.is_finite())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Course {
    Single,
    Bursty,
    Blips,
}

/// False alarms on lines that have no fault.
pub(super) fn quiet() -> Table {
    let columns = vec![
        Column::new("single losses", 2).at_most(1.0),
        Column::new("bursty losses", 2),
        Column::new("short outages", 2),
    ];
    let courses = [Course::Single, Course::Bursty, Course::Blips];
    let rows = WAYS.iter().map(|way| {
        eprintln!("  {} …", way.name);
        way.row(courses.map(|course| Some(false_alarms(way, course))).to_vec())
    });
    super::table(
        "false alarms in 85 days on a line without a fault",
        format!("{QUIET_LINES} lines of {DAYS} days for each kind"),
        columns,
        rows.collect(),
    )
}

fn false_alarms(way: &Way, course: Course) -> f64 {
    let total: u32 = (0..QUIET_LINES)
        .map(|line| {
            let mut random = Seeded::new(&format!("quiet {line}"));
            raised(&mut *(way.make)(), course, &mut random)
        })
        .sum();
    f64::from(total) / QUIET_LINES as f64
}

fn raised(rule: &mut dyn Rule, course: Course, random: &mut Seeded) -> u32 {
    let (usual, bursting, all) = (binomial(USUAL), binomial(0.4), binomial(1.0));
    let (mut on, mut raised, mut burst, mut outage) = (false, 0, false, 0);
    for n in 0..DAYS * 1440 {
        let chances = match course {
            Course::Single => &usual,
            Course::Bursty => {
                burst = if burst { random.unit() < 0.5 } else { random.unit() < 1.0 / (2.0 * 1440.0) };
                if burst { &bursting } else { &usual }
            }
            Course::Blips => {
                outage = match outage {
                    0 if random.unit() < 1.0 / (7.0 * 1440.0) => 1 + u32::from(random.unit() < 0.5),
                    left => left.saturating_sub(1),
                };
                if outage > 0 { &all } else { &usual }
            }
        };
        let now = rule.add(minute(n), PINGS, lost(random, chances));
        raised += u32::from(now && !on);
        on = now;
    }
    raised
}
