//! What goes wrong in the judged days, each on a day of its own.

use super::{
    calendar::Days,
    habit::{Habit, Machine, Stretch, minutes},
};
use crate::random::Random;
use beforehand_shared::time::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    Power,
    Internet,
}

/// A time in which nothing of the office reaches the collector.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    pub cause: Cause,
    pub from: Timestamp,
    pub to: Timestamp,
    /// In words: `power, about 03:00`.
    pub what: &'static str,
}

/// A machine that should be on, and is not.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Its place among the machines.
    pub machine: usize,
    pub from: Timestamp,
    pub to: Timestamp,
}

pub(super) struct Trouble {
    pub(super) cuts: Vec<Cut>,
    pub(super) faults: Vec<Fault>,
}

const SERVER: usize = 0;
const NAS: usize = 1;
const CLEANED: f64 = 21.5 * 60.0;

pub(super) fn happen(days: &Days, machines: &mut [Machine], random: &mut Random) -> Trouble {
    let mut taken = Vec::new();
    let mut day = |random: &mut Random| {
        let day = days.working_day(random, &taken);
        // What happens in a night reaches into the next day.
        taken.extend([day - 1, day, day + 1]);
        day
    };
    let cuts = [
        (Cause::Power, "power, about 03:00", 180.0, 210.0),
        (Cause::Power, "power, about 10:00", 600.0, 630.0),
        (Cause::Internet, "internet, 9 to 16 o'clock", 540.0, 960.0),
    ];
    let cuts = cuts.map(|(cause, what, from, to)| {
        let from = days.instant(day(random), random.between(from, to));
        let lasts = random.between(20.0_f64.ln(), 300.0_f64.ln()).exp();
        Cut { cause, from, to: from.plus(minutes(lasts)), what }
    });
    for cut in cuts.iter().filter(|cut| cut.cause == Cause::Power) {
        machines.iter_mut().for_each(|machine| lose_power(machine, cut, days, random));
    }
    let (dies, cleaned) = (day(random), day(random));
    let from = days.instant(dies, random.between(0.0, 14.0 * 60.0));
    let to = from.plus(minutes(60.0 * random.between(1.0, 14.0)));
    let dead = Fault { machine: SERVER, from, to };
    let from = days.instant(cleaned, CLEANED + random.between(0.0, 15.0));
    let unplugged = Fault { machine: NAS, from, to: days.instant(cleaned + 1, 60.0 * random.between(7.5, 12.0)) };
    for fault in [&dead, &unplugged] {
        stop(&mut machines[fault.machine], fault.from, fault.to);
    }
    unplug_a_desk(days, machines, random);
    Trouble { cuts: cuts.to_vec(), faults: vec![dead, unplugged] }
}

/// One that was left on in an evening, if there is any.
fn unplug_a_desk(days: &Days, machines: &mut [Machine], random: &mut Random) {
    let evening = days.working_day(random, &[]);
    let at = days.instant(evening, CLEANED + random.between(0.0, 15.0));
    let on = |machine: &&mut Machine| {
        matches!(machine.habit, Habit::Desk { .. })
            && machine.stretches.iter().any(|stretch| (stretch.from..stretch.to).contains(&at))
    };
    if let Some(machine) = machines.iter_mut().find(on) {
        stop(machine, at, days.instant(evening + 1, 60.0 * random.between(7.5, 9.0)));
    }
}

/// It is off from one instant to the other, without a word.
fn stop(machine: &mut Machine, from: Timestamp, to: Timestamp) {
    let mut all = Vec::with_capacity(machine.stretches.len() + 1);
    for stretch in machine.stretches.drain(..) {
        if stretch.to <= from || stretch.from >= to {
            all.push(stretch);
            continue;
        }
        if stretch.from < from {
            all.push(Stretch { to: from, goodbye: None, ..stretch });
        }
        if stretch.to > to {
            all.push(Stretch { from: to, ..stretch });
        }
    }
    machine.stretches = all;
}

fn lose_power(machine: &mut Machine, cut: &Cut, days: &Days, random: &mut Random) {
    let again = match machine.habit {
        Habit::Laptop { .. } => return,
        Habit::Always => cut.to.plus(minutes(random.between(1.0, 4.0))),
        // Set to return to what it was, or to wait for its owner.
        Habit::LeftOn if random.chance(0.5) => cut.to.plus(minutes(random.between(1.0, 3.0))),
        Habit::LeftOn => cut.to.max(next_morning(cut, days)).plus(minutes(random.between(2.0, 25.0))),
        Habit::Desk { .. } | Habit::Shift { .. } => cut.to.plus(minutes(random.between(2.0, 25.0))),
    };
    stop(machine, cut.from, again);
}

/// Half past eight of the day of the cut, or of the next.
fn next_morning(cut: &Cut, days: &Days) -> Timestamp {
    let mornings = (super::LEARNED..).map(|day| days.instant(day, 8.5 * 60.0));
    mornings.take(40).find(|at| *at > cut.from).unwrap_or(cut.to)
}
