//! One machine: whether it is there, and whether it usually is at this hour.

use super::role::{Role, role};
use crate::{
    asset::AssetId,
    calendar::Calendar,
    input::{HISTORY, HostView, Input},
    series::{Hour, Metric, Series},
    sight,
};
use beforehand_shared::{
    ids::HostId,
    time::{Millis, Timestamp},
};
use jiff::Span;

/// Silence of three intervals, at least this long, is silence.
const LEAST_SILENCE: Millis = Millis::minutes(5);
/// A report that should have come two intervals ago, at least this long, is missing.
const LEAST_MISSING: Millis = Millis::minutes(2);
/// What is known of shorter lives says nothing about being always on.
const LEARN: Millis = Millis::days(7);
const LEARN_FROM: Millis = Millis::days(28);
/// Share of hours in which a machine that is always on was there.
const ALWAYS: f64 = 0.97;
/// When people go home is known by so many weeks.
const HOME_WEEKS: i64 = 4;
/// A loss is judged by the hour of the week within this; later nobody knows what else happened.
pub(super) const NOTICED: Millis = Millis::minutes(90);

pub(super) struct Watched<'a> {
    pub(super) id: HostId,
    pub(super) view: &'a HostView,
    pub(super) last_report: Timestamp,
    pub(super) state: Presence,
    /// Since its last report, less what the collector could not hear.
    pub(super) quiet_for: Millis,
    /// Usual time between two reports.
    pub(super) interval: Millis,
    pub(super) always_on: bool,
    /// It comes back by itself with the power: nobody has to sit down at it.
    pub(super) returns: bool,
    present: &'a Series,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Reporting,
    /// It said goodbye.
    Off,
    /// Late, but not yet so late that it must be believed.
    Missing,
    Silent,
}

static NEVER: Series = Series { hours: Vec::new(), recent: Vec::new() };

impl<'a> Watched<'a> {
    pub(super) fn of(input: &'a Input, calendar: &Calendar, id: HostId, view: &'a HostView) -> Option<Self> {
        let last_report = view.last_report?;
        let asset = input.assets.get(&AssetId::of_host(id));
        let present = asset.and_then(|asset| asset.series.get(&Metric::Present)).unwrap_or(&NEVER);
        let interval = present.spacing();
        let quiet_for = sight::silence(last_report, input.now, &input.blind);
        let state = match view.goodbye {
            Some(_) => Presence::Off,
            None if quiet_for > LEAST_SILENCE.max(Millis(interval.0.saturating_mul(3))) => Presence::Silent,
            None if quiet_for > LEAST_MISSING.max(Millis(interval.0.saturating_mul(2))) => Presence::Missing,
            None => Presence::Reporting,
        };
        let always_on = is_always_on(present, view, calendar);
        let returns = always_on && (view.always_on.is_some() || role(input, id) != Role::Desktop);
        Some(Self { id, view, last_report, state, quiet_for, interval, always_on, returns, present })
    }

    pub(super) fn is_silent(&self) -> bool {
        self.state == Presence::Silent
    }

    pub(super) fn is_missing(&self) -> bool {
        matches!(self.state, Presence::Missing | Presence::Silent)
    }

    /// Chance that it is on from its last report to the hour after now: the lowest of the chances for these hours of
    /// the week, over the known weeks before the silence in which nothing was closed then, with half a week on either
    /// side as prior.
    pub(super) fn expected(&self, now: Timestamp, calendar: &Calendar) -> f64 {
        if self.always_on {
            return 0.99;
        }
        let last = self.last_report;
        let first = self.present.first_at().unwrap_or(last).hour_start();
        let weeks = (last.since(first).as_days() / 7.0).floor().clamp(0.0, 52.0) as i64;
        let hours = [last, last.plus(Millis::HOUR), now, now.plus(Millis::HOUR)];
        let there = |at: Timestamp| {
            let (open, seen) =
                (1..=weeks).map(|week| weeks_before(calendar, at, week)).fold((0, 0), |(open, seen), at| {
                    if calendar.is_closed(at) { (open, seen) } else { (open + 1, seen + u32::from(self.was_there(at))) }
                });
            ((f64::from(seen) + 0.5) / (f64::from(open) + 1.0)).min(0.99)
        };
        hours.into_iter().map(there).fold(1.0, f64::min)
    }

    /// Whether in most of the last weeks in which it was there at that hour, or the one before, it was gone two hours later.
    pub(super) fn goes_at(&self, at: Timestamp, calendar: &Calendar) -> bool {
        let weeks =
            (1..=HOME_WEEKS).map(|week| weeks_before(calendar, at, week)).filter(|then| !calendar.is_closed(*then));
        let there = weeks.filter(|then| self.was_there(*then) || self.was_there(then.minus(Millis::HOUR)));
        let gone: Vec<bool> = there.map(|then| !self.was_there(then.plus(Millis::hours(2)))).collect();
        !gone.is_empty() && 2 * gone.iter().filter(|gone| **gone).count() >= gone.len()
    }

    /// Whether it made a report between these instants, whenever that arrived.
    pub(super) fn reported_within(&self, from: Timestamp, to: Timestamp) -> bool {
        self.present.since(from).first().is_some_and(|report| report.at < to)
    }

    /// Whether it was on in the weeks before.
    pub(super) fn was_used(&self, before: Timestamp) -> bool {
        let hours = self.present.hours_since(before.minus(Millis::days(7 * HOME_WEEKS)));
        hours.first().is_some_and(|hour| hour.at < before)
    }

    pub(super) fn was_there(&self, at: Timestamp) -> bool {
        self.present.hours.binary_search_by_key(&at.hour_start(), |hour| hour.at).is_ok()
    }
}

fn weeks_before(calendar: &Calendar, at: Timestamp, weeks: i64) -> Timestamp {
    days_before(calendar, at, 7 * weeks)
}

/// The instant at which the clock showed the same, so many days before.
pub(super) fn days_before(calendar: &Calendar, at: Timestamp, days: i64) -> Timestamp {
    let shown = calendar.local(at).datetime();
    let before = Span::new().try_days(days).and_then(|span| shown.checked_sub(span));
    before.map_or(at.minus(Millis::days(days)), |before| calendar.instant(before))
}

/// Said by a person; learned where nobody has: there in 97 % of the hours of at least seven days, closed ones not counted.
pub(crate) fn is_always_on(present: &Series, view: &HostView, calendar: &Calendar) -> bool {
    let learned = || {
        let last = view.last_report?;
        let first = present.first_at().unwrap_or(last).max(view.enrolled_at);
        let closings = calendar.closings_before(last, HISTORY);
        let from = first.max(open_since(last, LEARN_FROM, &closings)).hour_start();
        let known = closings.iter().fold(last.since(from), |known, (start, end)| {
            Millis(known.0 - last.min(*end).since(from.max(*start)).0.max(0))
        });
        let is_open = |hour: &&Hour| !closings.iter().any(|(start, end)| (*start..*end).contains(&hour.at));
        let there = present.hours_since(from).iter().filter(is_open).count();
        Some(known >= LEARN && there as f64 >= ALWAYS * known.as_hours())
    };
    view.always_on.unwrap_or_else(|| learned().unwrap_or(false))
}

/// Since when there was so much time until `last` outside of the closings.
fn open_since(last: Timestamp, open: Millis, closings: &[(Timestamp, Timestamp)]) -> Timestamp {
    closings.iter().rev().fold(last.minus(open), |from, (start, end)| {
        if *end > from { from.minus(last.min(*end).since(*start)) } else { from }
    })
}
