//! The month in words for an owner.

use super::{Month, MonthFigures, Tally};
use crate::outcome::Outcome;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Month {
    /// `November 2026`.
    pub fn name(self) -> String {
        let index = usize::try_from(self.month - 1).unwrap_or_default();
        format!("{} {}", MONTHS.get(index).copied().unwrap_or_default(), self.year)
    }
}

/// `7 proven + 3.4 likely (90 %: 8 to 12)`.
pub fn headline(figures: &MonthFigures) -> String {
    let Tally { proven, likely_cases, likely, low, high, .. } = figures.tally;
    match (proven, likely_cases) {
        (0, 0) => "none prevented".to_owned(),
        (proven, 0) => format!("{proven} proven, none likely"),
        (proven, _) => format!("{proven} proven + {likely:.1} likely (90 %: {low:.0} to {high:.0})"),
    }
}

/// One sentence, two at most. What went wrong is said first.
pub fn summary(figures: &MonthFigures) -> String {
    let tally = &figures.tally;
    let month = figures.month.name();
    match (tally.user_visible, tally.proven + tally.likely_cases) {
        (0, 0) if figures.lines.is_empty() => {
            format!("{month} was quiet: nothing needed a person, and users noticed nothing.")
        }
        (0, 0) => format!("In {month} users noticed nothing, and nothing happened that we can count as prevented."),
        (0, _) => format!("In {month} users noticed nothing, and {}.", prevented(tally)),
        (_, 0) => format!("In {month} {}. We prevented nothing that we can count.", noticed(tally)),
        (_, _) => format!("In {month} {}; {}.", noticed(tally), prevented(tally)),
    }
}

/// `users noticed 3 incidents, 2 of them before we did, and lost 4.5 hours`.
fn noticed(tally: &Tally) -> String {
    let of = |outcome| tally.by_outcome.get(&outcome).copied().unwrap_or(0);
    let first = of(Outcome::Late) + of(Outcome::Missed);
    let before_us = match (first, tally.user_visible) {
        (0, _) => ", each after our ticket was open,".to_owned(),
        (1, 1) => " before we did".to_owned(),
        (all, n) if all == n => ", all before we did,".to_owned(),
        (some, _) => format!(", {some} of them before we did,"),
    };
    let before_us =
        if tally.user_visible == 1 && first == 0 { " after our ticket was open".to_owned() } else { before_us };
    format!("users noticed {}{before_us} and {}", incidents(tally.user_visible), lost(tally.hours_lost))
}

fn lost(hours: f64) -> String {
    match hours {
        hours if hours <= 0.0 => "reported no time lost".to_owned(),
        hours if hours < 0.95 => format!("lost {:.0} minutes of work", hours * 60.0),
        hours if (0.95..1.05).contains(&hours) => "lost an hour of work".to_owned(),
        hours => format!("lost {hours:.1} hours of work"),
    }
}

/// `2 incidents were prevented with proof; we acted in time on 3 more warnings, …`.
fn prevented(tally: &Tally) -> String {
    let proven = match tally.proven {
        0 => None,
        1 => Some("1 incident was prevented with proof".to_owned()),
        n => Some(format!("{n} incidents were prevented with proof")),
    };
    let more = if proven.is_some() { " more" } else { "" };
    let likely = match tally.likely_cases {
        0 => None,
        1 => Some(format!(
            "we acted in time on 1{more} warning that had a {:.0} % chance to become an incident",
            100.0 * tally.likely
        )),
        n => Some(format!(
            "we acted in time on {n}{more} warnings, of which about {:.1} would have become incidents",
            tally.likely
        )),
    };
    [proven, likely].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn incidents(n: u32) -> String {
    if n == 1 { "1 incident".to_owned() } else { format!("{n} incidents") }
}
