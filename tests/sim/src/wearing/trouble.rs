//! Times in which a printer jams more often, or prints more, without wearing.

use crate::random::Random;
use beforehand_shared::time::{Millis, Timestamp};

/// Sheets of a box of five reams.
const BOX: f64 = 2_500.0;

#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    pub what: &'static str,
    pub from: Timestamp,
    pub to: Timestamp,
    /// Jams a page that come on top.
    pub(super) rate: f64,
    /// Pages an hour that come on top.
    pub(super) pages: f64,
    /// Over when so many are printed.
    pub(super) rest: f64,
}

impl Episode {
    pub(super) fn is_on(&self, at: Timestamp) -> bool {
        (self.from..self.to).contains(&at) && self.rest > 0.0
    }
}

/// In so many days from `start`, a Monday at midnight.
pub(super) fn happen(start: Timestamp, days: i64, random: &mut Random) -> Vec<Episode> {
    let mut episodes = Vec::new();
    for (what, a_year) in [("somebody new", 0.7), ("damp paper", 0.8), ("labels and envelopes", 1.5)] {
        let mut day = random.exponential(365.0 / a_year) as i64;
        while day < days {
            let from = start.plus(Millis::days(day));
            // Summer is humid; the rest of the year half of what might be damp is not.
            let humid = (150..270).contains(&(day % 365)) || random.chance(0.5);
            if what != "damp paper" || humid {
                episodes.push(episode(what, from, random));
            }
            day += 1 + random.exponential(365.0 / a_year) as i64;
        }
    }
    episodes
}

fn episode(what: &'static str, from: Timestamp, random: &mut Random) -> Episode {
    let (hours, rate, pages, rest) = match what {
        "somebody new" => (7 * 24, random.between(0.003, 0.012), 0.0, f64::INFINITY),
        "damp paper" => (28 * 24, random.between(0.002, 0.010), 0.0, BOX),
        _ => (14, random.between(0.010, 0.025), random.between(30.0, 150.0), f64::INFINITY),
    };
    Episode { what, from, to: from.plus(Millis::hours(hours)), rate, pages, rest }
}
