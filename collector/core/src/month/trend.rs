//! Twelve months side by side.

use super::{
    Month, MonthInput, TrendMonth,
    tally::{repeats, tally},
};
use crate::{calendar::Calendar, ledger::Entry, outcome::Outcome, ticket::UserReport, worth::Prices};

/// Months shown, this one included.
const MONTHS: u32 = 12;

impl Month {
    /// The month before.
    #[must_use]
    pub const fn before(self) -> Self {
        match self.month {
            1 => Self { year: self.year - 1, month: 12 },
            month => Self { year: self.year, month: month - 1 },
        }
    }
}

/// The months up to and with the input's, oldest first.
pub(super) fn trend(input: &MonthInput, standing: &[&Entry], prices: &Prices<'_>) -> Vec<TrendMonth> {
    let calendar = Calendar::new(&input.client.time_zone);
    let mut month = input.month;
    let mut months = Vec::new();
    for _ in 0..MONTHS {
        months.push(one(input, standing, prices, (&calendar, month)));
        month = month.before();
    }
    months.reverse();
    months
}

fn one(input: &MonthInput, standing: &[&Entry], prices: &Prices<'_>, when: (&Calendar, Month)) -> TrendMonth {
    let (calendar, month) = when;
    let lines = lines_of(standing, calendar, month);
    let repeats = repeats(&lines);
    let tally = tally(&lines, &repeats, &reports_of(input, calendar, month));
    let watched = input.client.created_at < calendar.month_bounds(month).1;
    TrendMonth {
        month,
        proven: tally.proven,
        likely: tally.likely,
        user_visible: tally.user_visible,
        hours_lost: tally.hours_lost,
        false_alarms: tally.by_outcome.get(&Outcome::False).copied().unwrap_or(0),
        fee: if watched { input.client.contract.fee_per_month } else { 0 },
        worth_likely: prices.of_lines(lines.iter().filter(|line| !repeats.contains(&line.seq)).copied()).likely,
        watched,
    }
}

/// The lines that belong to a month, in the order of their time.
pub(super) fn lines_of<'a>(standing: &[&'a Entry], calendar: &Calendar, month: Month) -> Vec<&'a Entry> {
    let (from, to) = calendar.month_bounds(month);
    let mut lines: Vec<_> = standing.iter().filter(|entry| (from..to).contains(&entry.counted_at)).copied().collect();
    lines.sort_by_key(|entry| (entry.counted_at, entry.seq));
    lines
}

pub(super) fn reports_of<'a>(input: &'a MonthInput, calendar: &Calendar, month: Month) -> Vec<&'a UserReport> {
    let (from, to) = calendar.month_bounds(month);
    input.user_reports.iter().filter(|report| (from..to).contains(&report.noticed_at)).collect()
}
